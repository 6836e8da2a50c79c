"""Log lines: one JSON object each, listed fields only, and never the words of an exception or of a library."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import observability


class Lines(io.StringIO):
    """What was logged, parsed."""

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def one(self) -> dict[str, Any]:
        (line,) = self.all()
        return {name: value for name, value in line.items() if name not in {"timestamp", "logger", "level"}}


@pytest.fixture
def lines() -> Iterator[Lines]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = Lines()
    observability.configure("INFO", stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    logging.getLogger("aiohttp.access").setLevel(logging.NOTSET)
    structlog.reset_defaults()


def dropped() -> float:
    return observability.REGISTRY.get_sample_value("usher_log_keys_dropped_total") or 0


def test_a_line_keeps_listed_fields_and_counts_the_others(lines: Lines) -> None:
    before = dropped()

    observability.get_logger("bot.x").info("sent", code="ok", ref="N-7", child="AB", narrative="fell")

    assert lines.one() == {"event": "sent", "code": "ok", "ref": "N-7"}
    assert dropped() - before == 2


def test_a_line_says_when_in_utc_and_from_where(lines: Lines) -> None:
    observability.get_logger("bot.x").warning("sent")

    (line,) = lines.all()
    assert (line["level"], line["logger"], line["timestamp"][-1]) == ("warning", "bot.x", "Z")


def test_a_line_stays_one_line_whatever_it_holds(lines: Lines) -> None:
    observability.get_logger("bot.x").info("sent", code='a\r\nb\x1b[31m\u2028"}\n{"event": "forged"')

    assert lines.getvalue().count("\n") == 1
    assert lines.getvalue().isascii()
    assert lines.one()["code"] == 'a\r\nb\x1b[31m\u2028"}\n{"event": "forged"'


def test_a_line_cuts_long_values_and_names_the_type_of_others(lines: Lines) -> None:
    observability.get_logger("bot.x").info("sent", code="x" * 5000, state={"child": "AB"}, count=3, ms=1.5, ref=None)

    assert lines.one() == {"event": "sent", "code": "x" * 200, "state": "dict", "count": 3, "ms": 1.5, "ref": None}


def test_an_exception_is_told_by_type_and_place_never_by_its_words(lines: Lines) -> None:
    try:
        try:
            raise KeyError("Alice Example")
        except KeyError as error:
            raise ValueError("Alice Example fell") from error
    except ValueError:
        observability.get_logger("bot.x").exception("failed")

    line = lines.one()
    assert "Alice" not in lines.getvalue()
    assert (line["event"], line["error"], line["caused_by"].split(":")[0]) == (
        "failed",
        "ValueError",
        f"KeyError at {__name__}.test_an_exception_is_told_by_type_and_place_never_by_its_words",
    )
    assert line["at"].startswith(f"{__name__}.test_an_exception_is_told")


def test_an_exception_within_a_library_is_told_by_our_place_and_theirs(lines: Lines) -> None:
    try:
        json.loads("Alice Example")
    except ValueError:
        observability.get_logger("bot.x").exception("failed")

    ours, theirs = lines.one()["at"].split(" > ")
    assert ours.startswith(f"{__name__}.")
    assert theirs.startswith("json.decoder.raw_decode:")


def test_our_lines_by_the_standard_library_keep_listed_extras(lines: Lines) -> None:
    logging.getLogger("casework.services.ntk").info("raised", extra={"action": "ntk.raise", "child": "AB"})

    assert lines.one() == {"event": "raised", "action": "ntk.raise"}


def test_a_librarys_sentence_is_left_out_and_its_template_kept(lines: Lines) -> None:
    logging.getLogger("library").warning("can't read %s", "Alice Example")
    logging.getLogger("library").warning("can't read Alice Example")

    first, second = lines.all()
    assert "Alice" not in lines.getvalue()
    assert (first["event"], second["event"]) == ("can't read %s", "a library's message")
    assert first["at"].startswith("test_observability.test_a_librarys_sentence")


def test_a_librarys_exception_is_told_without_its_words(lines: Lines) -> None:
    try:
        raise RuntimeError("Alice Example")
    except RuntimeError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved: Alice")

    assert "Alice" not in lines.getvalue()
    assert lines.one()["error"] == "RuntimeError"


def test_a_warning_of_python_is_a_line_without_its_words(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("Alice Example", stacklevel=1)

    assert [line["logger"] for line in lines.all()] == ["py.warnings"]
    assert "Alice" not in lines.getvalue()


def test_the_correlation_id_is_on_every_line_of_its_own_turn_only(lines: Lines) -> None:
    async def turn(correlation: str) -> None:
        with observability.correlated(correlation):
            await asyncio.sleep(0)
            logging.getLogger("library").warning("x %s", 1)
            observability.get_logger("bot.x").info("y")

    async def both() -> None:
        await asyncio.gather(turn("A"), turn("B"))

    asyncio.run(both())
    observability.get_logger("bot.x").info("z")

    assert sorted((line.get("correlation", "-"), line["event"]) for line in lines.all()) == [
        ("-", "z"),
        ("A", "x %s"),
        ("A", "y"),
        ("B", "x %s"),
        ("B", "y"),
    ]


def test_a_level_below_the_configured_one_is_silent(lines: Lines) -> None:
    observability.get_logger("bot.x").debug("quiet")

    assert lines.getvalue() == ""


def test_correlation_ids_are_short_and_differ() -> None:
    ids = {observability.new_correlation_id() for _ in range(100)}

    assert len(ids) == 100
    assert {(len(one), one[4]) for one in ids} == {(9, "-")}
