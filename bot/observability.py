"""What Usher tells its keepers: JSON log lines that can hold no personal data, and the figures behind /metrics."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Own registry: the library's default one publishes interpreter versions and process details (ASVS 13.4.6).
REGISTRY = CollectorRegistry()

TURNS = Counter("usher_turns", "Inbound activities by kind and outcome", ["kind", "outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram(
    "usher_turn_seconds",
    "From the verified activity to the answer",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
    registry=REGISTRY,
)
REFUSED_REQUESTS = Counter(
    "usher_refused_requests", "Requests turned away at the door, by reason", ["reason"], registry=REGISTRY
)
SENDS = Counter(
    "usher_sends", "Requests to the Bot Connector by kind and outcome", ["kind", "outcome"], registry=REGISTRY
)
SEND_SECONDS = Histogram(
    "usher_send_seconds",
    "How long the Bot Connector took",
    ["kind"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
    registry=REGISTRY,
)
TOKEN_FETCHES = Counter("usher_token_fetches", "Outbound tokens asked for, by outcome", ["outcome"], registry=REGISTRY)
KEY_FETCHES = Counter("usher_key_fetches", "Signing key sets asked for, by outcome", ["outcome"], registry=REGISTRY)
WRONG_RECIPIENTS = Counter(
    "usher_wrong_recipients", "Sends stopped because the address was not this council's", registry=REGISTRY
)
OLDEST_DUE_SECONDS = Gauge("usher_oldest_due_seconds", "Age of the oldest delivery due and not sent", registry=REGISTRY)
NTKS_UNPROVED = Gauge(
    "usher_ntks_unproved", "Live need-to-knows the auditor last found with a step missing", registry=REGISTRY
)
LOOP_LAG_SECONDS = Gauge("usher_loop_lag_seconds", "How late the event loop last woke", registry=REGISTRY)
LOG_KEYS_DROPPED = Counter("usher_log_keys_dropped", "Log fields left out: not on the list", registry=REGISTRY)

# Every field a log line may carry. Names, initials, narratives, card bodies and chat ids have no field.
ALLOWED_KEYS = frozenset(
    {
        *("action", "attempt", "at", "caused_by", "code", "correlation", "count", "error", "event", "job", "kind"),
        *("level", "logger", "ms", "name", "outcome", "panel", "person_id", "port", "reason", "ref", "retry_after"),
        *("setting", "sitting_id", "state", "status", "timestamp", "version"),
    }
)
VALUE_LENGTH = 200
OUR_PACKAGES = ("bot", "dialogs", "cards", "scheduler", "casework", "documents", "demo", "migrations", "tests")

_EventDict = MutableMapping[str, object]
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log line of the process, ours and the libraries', to `stream` (stderr if None) as one JSON object."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            use_get_message=False,
            pass_foreign_args=True,
            foreign_pre_chain=[*shared, _foreign_record],
            processors=[
                _describe_error,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                keep_allowed,
                structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=True),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # one line a request would name feed paths, which are secrets; the turn's own line says what is needed
    logging.getLogger("aiohttp.access").setLevel(logging.ERROR)
    # a line for every tick and every migration step would drown the rest
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module. Events are constant words; fields come from ALLOWED_KEYS, others are dropped."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(name))


def new_correlation_id() -> str:
    """A reference a person can read out over the phone: "7F3A-91C2"."""
    text = secrets.token_hex(4).upper()
    return f"{text[:4]}-{text[4:]}"


@contextmanager
def correlated(correlation: str) -> Iterator[None]:
    """All log lines inside carry this correlation id."""
    with structlog.contextvars.bound_contextvars(correlation=correlation):
        yield


def keep_allowed(_: object, __: str, event: _EventDict) -> _EventDict:
    """Keep the fields on the list and scalars only, cut to 200 characters; count what is left out."""
    kept: dict[str, object] = {}
    for key, value in event.items():
        if key not in ALLOWED_KEYS:
            LOG_KEYS_DROPPED.inc()
        elif value is None or isinstance(value, bool | int | float):
            kept[key] = value
        elif isinstance(value, str):
            kept[key] = value[:VALUE_LENGTH]
        else:
            kept[key] = type(value).__name__
    return kept


def describe(error: BaseException) -> dict[str, str]:
    """What may be said of an exception: its type, where it was raised, and what caused it. Never its message."""
    causes: list[str] = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    while cause is not None and len(causes) < 5:
        causes.append(f"{type(cause).__name__} at {_place(cause.__traceback__)}")
        cause = cause.__cause__ or cause.__context__
    described = {"error": type(error).__name__, "at": _place(error.__traceback__)}
    return described | ({"caused_by": "; ".join(causes)} if causes else {})


def _place(traceback: TracebackType | None) -> str:
    innermost = ours = None
    while traceback is not None:
        frame = traceback.tb_frame
        module = str(frame.f_globals.get("__name__", "?"))
        innermost = f"{module}.{frame.f_code.co_name}:{traceback.tb_lineno}"
        if module.split(".")[0] in OUR_PACKAGES:
            ours = innermost
        traceback = traceback.tb_next
    if innermost is None or ours is None or ours == innermost:
        return innermost or "?"
    return f"{ours} > {innermost}"


def _describe_error(_: object, __: str, event: _EventDict) -> _EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given if isinstance(given, BaseException) else cast(_ExcInfo, given)[1] if given else None
    if error is not None:
        event.update(describe(error))
    for key in ("stack_info", "exception"):
        event.pop(key, None)
    return event


def _foreign_record(_: object, __: str, event: _EventDict) -> _EventDict:
    """A line from the standard library's logging: ours keeps its `extra`; a library's keeps only its template.

    A library's finished sentence may hold what a person typed. Its template, and the place it came from, can't.
    """
    arguments = event.pop("positional_args", None)
    record = event["_record"]
    if not isinstance(record, logging.LogRecord):
        return event
    if record.name.split(".")[0] in OUR_PACKAGES or record.name == "__main__":
        event["event"] = str(record.msg)
        event.update({key: value for key, value in vars(record).items() if key in _OUR_EXTRAS})
    else:
        event["event"] = str(record.msg) if arguments else "a library's message"
        event["at"] = f"{record.module}.{record.funcName}:{record.lineno}"
    return event


# what a LogRecord itself calls by the same name is not what somebody passed in `extra`
_OUR_EXTRAS = ALLOWED_KEYS - {"name", "level", "event", "timestamp", "logger", "correlation"}
