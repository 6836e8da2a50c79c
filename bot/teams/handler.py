"""One turn: what an activity means, the front desk's answer to it, and the form Teams wants that answer in."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot import observability
from bot.teams import activities, adapter
from casework import ports
from dialogs import turns

MESSAGE_ANSWER = "application/vnd.microsoft.activity.message"
# Teams tells of one installation twice within seconds: installationUpdate and conversationUpdate
SAME_INSTALLATION_SECONDS = 60.0
REMEMBERED_INSTALLATIONS = 10_000
# the card can't be put back in its place, but the answer can still be shown
_SHOW_ANEW = frozenset({"activity_not_found", "rejected", "conflict", "bad_address"})

_log = observability.get_logger(__name__)


class TurnHandler:
    """Dispatches on activity type and name. Nothing that goes wrong behind it reaches Teams as a failure."""

    def __init__(self, front: turns.Front, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._front = front
        self._monotonic = monotonic
        self._installed: OrderedDict[str, float] = OrderedDict()

    async def on_turn(self, context: TurnContext, correlation: str) -> adapter.InvokeReply | None:
        """Answer one activity: in the response to an invoke, in the chat to everything else."""
        activity = context.activity
        event = event_of(activity)
        if event is None or self._is_second_word_of_installation(activity, event):
            observability.TURNS.labels("other", "ignored").inc()
            # an empty 200: for an invoke nobody here knows, a 501 would show "Something went wrong"
            return adapter.InvokeReply(200, {}) if activity.type == "invoke" else None
        kind = _kind(event)
        reply, outcome = await self._receive(activities.visit_of(activity), event, kind, correlation)
        if isinstance(event, turns.Clicked) and event.way == "execute":
            observability.TURNS.labels(kind, outcome).inc()
            return adapter.InvokeReply(200, card_answer(reply))
        if reply is not None and not isinstance(event, turns.Removed):
            outcome = await _show(context, event, reply.message) or outcome
        observability.TURNS.labels(kind, outcome).inc()
        return None

    async def _receive(
        self, visit: turns.Visit, event: turns.Event, kind: str, correlation: str
    ) -> tuple[turns.Reply | None, str]:
        started = self._monotonic()
        try:
            reply = await self._front.receive(visit, event)
        # the last resort: whatever it was, the person gets a sentence with a reference, and Teams no 5xx
        except Exception:
            _log.exception("turn_failed", kind=kind, outcome="failed")
            return self._apology(event, correlation), "failed"
        finally:
            observability.TURN_SECONDS.labels(kind).observe(self._monotonic() - started)
        return reply, "ok"

    def _apology(self, event: turns.Event, correlation: str) -> turns.Reply | None:
        if not isinstance(event, turns.Said | turns.Clicked):
            return None
        if isinstance(event, turns.Clicked) and event.automatic:
            # a refresh nobody asked for leaves the card as it is
            return None
        try:
            return self._front.apology(correlation)
        except Exception:
            _log.exception("apology_failed")
            sentence = f"Something went wrong and nothing was saved. Reference: {correlation}"
            return turns.Reply(message=ports.Message(summary=sentence, text=sentence))

    def _is_second_word_of_installation(self, activity: Activity, event: turns.Event) -> bool:
        chat_id = activity.conversation.id
        if isinstance(event, turns.Removed):
            self._installed.pop(chat_id, None)
        if not isinstance(event, turns.Installed):
            return False
        now = self._monotonic()
        said_at = self._installed.get(chat_id)
        if said_at is not None and now - said_at < SAME_INSTALLATION_SECONDS:
            return True
        self._installed[chat_id] = now
        self._installed.move_to_end(chat_id)
        if len(self._installed) > REMEMBERED_INSTALLATIONS:
            self._installed.popitem(last=False)
        return False


def event_of(activity: Activity) -> turns.Event | None:
    """What happened, or None for what Usher has no use for."""
    read = EVENTS.get(activity.type or "")
    return read(activity) if read else None


def card_answer(reply: turns.Reply | None) -> dict[str, object]:
    """The body that answers an Action.Execute: a card for the clicked one's place, or a sentence, or nothing.

    The status within the body is Teams' own; HTTP says 200 in any case.
    """
    message = reply.message if reply else None
    if message is not None and message.card is not None:
        return {"statusCode": 200, "type": activities.ADAPTIVE_CARD, "value": message.card}
    sentence = (message.text or message.summary) if message else ""
    return {"statusCode": 200, "type": MESSAGE_ANSWER, "value": sentence}


async def _show(context: TurnContext, event: turns.Event, message: ports.Message) -> str | None:
    """Put the answer into the chat; the word for the figures when Teams did not take it, else None."""
    try:
        if isinstance(event, turns.Clicked) and event.card_id:
            try:
                changed = adapter.outgoing(message)
                changed.id = event.card_id
                await context.update_activity(changed)
            except adapter.SendFailed as failure:
                if not isinstance(failure.outcome, ports.Refused) or failure.outcome.code not in _SHOW_ANEW:
                    raise
                await context.send_activity(adapter.outgoing(message))
        else:
            await context.send_activity(adapter.outgoing(message))
    except adapter.SendFailed as failure:
        outcome = failure.outcome
        _log.warning("answer_not_shown", code=outcome.code if isinstance(outcome, ports.Refused) else "unknown")
        return "not_shown"
    return None


def _message(activity: Activity) -> turns.Event:
    typed = activities.words_of(activities.body_of(activity))
    if isinstance(activity.value, dict) and not typed:
        return activities.submitted(activity)
    return turns.Said(typed)


def _invoke(activity: Activity) -> turns.Event | None:
    return activities.executed(activity) if activity.name == "adaptiveCard/action" else None


def _installation(activity: Activity) -> turns.Event | None:
    # "remove-upgrade" is half of an upgrade, and may come after its "add-upgrade": it closes nothing
    if activity.action in {"add", "add-upgrade"}:
        return turns.Installed()
    return turns.Removed() if activity.action == "remove" else None


def _members(activity: Activity) -> turns.Event | None:
    body, bot_id = activities.body_of(activity), activity.recipient.id
    if bot_id in _member_ids(body, "membersAdded"):
        return turns.Installed()
    return turns.Removed() if bot_id in _member_ids(body, "membersRemoved") else None


def _member_ids(body: Mapping[str, object], name: str) -> set[str]:
    members = body.get(name)
    ids = (activities.text(member, "id") for member in members) if isinstance(members, list) else ()
    return set(filter(None, ids))


def _kind(event: turns.Event) -> str:
    if isinstance(event, turns.Clicked):
        return "refreshed" if event.automatic else "clicked"
    return type(event).__name__.lower()


EVENTS: Mapping[str, Callable[[Activity], turns.Event | None]] = {
    "conversationUpdate": _members,
    "installationUpdate": _installation,
    "invoke": _invoke,
    "message": _message,
}
