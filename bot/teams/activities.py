"""Activities at the border: what Teams sent becomes a visit and an event, what we show becomes JSON for the wire."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from botbuilder.schema import Activity, ChannelAccount, ConversationAccount

from casework import ports
from dialogs import turns

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"
LONGEST_VERB = 100

_SPACES = re.compile(r"\s+")


def to_activity(body: Mapping[str, object], conversation_id: str, sender_id: str) -> Activity:
    """The SDK's Activity for its turn context and middleware, holding the parts they read and the raw rest.

    Built by hand: the SDK's own deserialiser takes two thirds of a bare turn's time, loses the tenant of the
    conversation and fails on values it does not expect.
    """
    conversation = part(body, "conversation")
    activity = Activity(
        type=text(body, "type"),
        id=text(body, "id"),
        name=text(body, "name"),
        action=text(body, "action"),
        text=text(body, "text"),
        value=body.get("value"),
        channel_id=text(body, "channelId"),
        service_url=text(body, "serviceUrl"),
        reply_to_id=text(body, "replyToId"),
        locale=text(body, "locale"),
        channel_data=body.get("channelData"),
        conversation=ConversationAccount(
            id=conversation_id, conversation_type=text(conversation, "conversationType"), tenant_id=tenant_of(body)
        ),
        from_property=ChannelAccount(id=sender_id, aad_object_id=_lower(text(part(body, "from"), "aadObjectId"))),
        recipient=ChannelAccount(id=text(part(body, "recipient"), "id")),
    )
    activity.additional_properties = {"body": body}
    return activity


def body_of(activity: Activity) -> Mapping[str, object]:
    """What Teams sent, as it came."""
    body: Mapping[str, object] = activity.additional_properties["body"]
    return body


def visit_of(activity: Activity) -> turns.Visit:
    """Who came and from where. The address is there only in a one-to-one chat all of whose parts are known."""
    body = body_of(activity)
    tenant_id = tenant_of(body)
    person_id = activity.from_property.aad_object_id
    is_personal = activity.conversation.conversation_type == "personal"
    bot_id, service_url = activity.recipient.id, activity.service_url
    address = None
    if is_personal and tenant_id and person_id and bot_id and service_url:
        address = ports.Address(
            tenant_id=tenant_id,
            entra_object_id=person_id,
            conversation_id=activity.conversation.id,
            service_url=service_url,
            bot_id=bot_id,
            member_id=activity.from_property.id,
            channel_id=activity.channel_id or "msteams",
        )
    return turns.Visit(
        tenant_id=tenant_id,
        entra_object_id=person_id,
        chat="personal" if is_personal else "other",
        conversation_id=activity.conversation.id,
        activity_id=activity.id,
        address=address,
    )


def tenant_of(body: Mapping[str, object]) -> str | None:
    """The tenant Teams names in channelData, in lower case: the one the channel vouches for."""
    return _lower(text(part(part(body, "channelData"), "tenant"), "id"))


def contradicts_itself(body: Mapping[str, object]) -> bool:
    """Whether the conversation names another tenant than channelData does."""
    other = _lower(text(part(body, "conversation"), "tenantId"))
    return other is not None and tenant_of(body) not in {None, other}


def words_of(body: Mapping[str, object]) -> str:
    """What the person typed: without the bot's own mention, entities decoded, spaces made plain.

    The mention's exact text is taken from the entity whose `mentioned.id` is the bot's, so that the bot's name
    inside other words, and other people's mentions, stay.
    """
    typed = text(body, "text") or ""
    bot_id = text(part(body, "recipient"), "id")
    entities = body.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        mention = text(entity, "text") if isinstance(entity, dict) else None
        if mention and bot_id and text(part(entity, "mentioned"), "id") == bot_id:
            typed = typed.replace(mention, " ")
    lines = (_SPACES.sub(" ", line).strip() for line in html.unescape(typed).splitlines())
    return "\n".join(lines).strip()


def executed(activity: Activity) -> turns.Clicked:
    """The click of an Action.Execute: verb and data lie in `value.action`."""
    value = activity.value if isinstance(activity.value, dict) else {}
    action = part(value, "action")
    return turns.Clicked(
        verb=_verb(action.get("verb")),
        data=part(action, "data"),
        card_id=activity.reply_to_id,
        way="execute",
        automatic=value.get("trigger") == "automatic",
    )


def submitted(activity: Activity) -> turns.Clicked:
    """The click of an Action.Submit, the fallback of old clients: a message with a value and no text.

    The verb lies in the button's data as `{"verb": ...}` beside its other data and the inputs; the older form
    `{"action": {"verb": ..., "data": {...}}}` is read as well. `msteams`, a hint to the client, is left out.
    """
    value: Mapping[str, object] = activity.value if isinstance(activity.value, dict) else {}
    action = part(value, "action")
    is_nested = isinstance(action.get("verb"), str)
    verb = action.get("verb") if is_nested else value.get("verb")
    hidden = {"msteams", "action" if is_nested else "verb"}
    data = {key: held for key, held in value.items() if key not in hidden}
    return turns.Clicked(
        verb=_verb(verb),
        data={**part(action, "data"), **data} if is_nested else data,
        card_id=activity.reply_to_id,
        way="submit",
    )


def to_wire(message: ports.Message, *, alert: bool = False) -> dict[str, object]:
    """The JSON of a message: a card alone with its summary, or plain text alone.

    Never both: Teams splits text and card into two and answers no id. Plain text is not read as
    Markdown. `alert` asks for a notification on the person's device.
    """
    wire: dict[str, object] = {"type": "message", "summary": message.summary}
    if message.card is not None:
        wire["attachments"] = [{"contentType": ADAPTIVE_CARD, "content": message.card}]
    else:
        wire["text"] = message.text or message.summary
        wire["textFormat"] = "plain"
    if alert:
        wire["channelData"] = {"notification": {"alert": True}}
    return wire


def addressed(wire: dict[str, object], *, bot_id: str, conversation_id: str, member_id: str) -> dict[str, object]:
    """The same JSON with its sender, chat and reader, as the Connector's API describes a complete activity."""
    return wire | {"from": {"id": bot_id}, "conversation": {"id": conversation_id}, "recipient": {"id": member_id}}


def part(holder: Any, name: str) -> dict[str, Any]:
    """The object under `name`, or an empty one when there is none or it is something else."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}


def text(holder: Any, name: str) -> str | None:
    """The string under `name`, or None when there is none, it is empty, or it is something else."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, str) and found else None


def _lower(identifier: str | None) -> str | None:
    return identifier.lower() if identifier else None


def _verb(verb: object) -> str:
    return verb if isinstance(verb, str) and len(verb) <= LONGEST_VERB else ""
