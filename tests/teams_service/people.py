"""A person at a Teams client: types, clicks, installs, and sees what stands in the chat."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.teams_service.chats import Shown, actions, parts

if TYPE_CHECKING:
    from tests.teams_service.service import Answer, FakeTeams

Way = Literal["execute", "submit"]


@dataclass(kw_only=True, eq=False)
class Person:
    """One person and the one-to-one chat with the bot.

    `answers` are the bodies answered to this person's clicks, `sentences` those that were short messages.
    """

    teams: FakeTeams
    entra_object_id: str | None
    name: str
    tenant_id: str
    member_id: str
    conversation_id: str
    answers: list[dict[str, Any]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    last_activity: dict[str, Any] = field(default_factory=dict)

    @property
    def inbox(self) -> list[Shown]:
        """What stands in the chat now, oldest first, updates in their place."""
        return self.teams.chats.shown(self.conversation_id)

    @property
    def cards(self) -> list[Shown]:
        """Of these, the cards."""
        return [shown for shown in self.inbox if shown.card is not None]

    @property
    def latest(self) -> Shown:
        """The newest message in the chat."""
        assert self.inbox, f"nothing stands in the chat of {self.name}"
        return self.inbox[-1]

    def card(self, words: str) -> Shown:
        """The newest card on which `words` can be read."""
        for shown in reversed(self.cards):
            if words in shown.words:
                return shown
        raise AssertionError(f"no card of {self.name} says {words!r}; there are: {[c.words for c in self.cards]}")

    async def says(self, text: str, *, in_group: str | None = None, **changed: Any) -> Answer:
        """Type `text` and send it; in a group chat (its id) with a mention of the bot, as Teams demands."""
        parts_of_message: dict[str, Any] = {"text": text, "textFormat": "plain"}
        if in_group is not None:
            mention = {"type": "mention", "text": "<at>Usher</at>", "mentioned": {"id": self.teams.bot_id}}
            parts_of_message |= {"text": f"<at>Usher</at> {text}", "entities": [mention]}
        return await self._send("message", in_group=in_group, **(parts_of_message | changed))

    async def installs(self) -> Answer:
        """Add the app: Teams tells of it twice."""
        added = [{"id": self.member_id}, {"id": self.teams.bot_id}]
        await self._send("conversationUpdate", membersAdded=added)
        return await self._send("installationUpdate", action="add")

    async def upgrades(self) -> Answer:
        """A new version of the app."""
        await self._send("installationUpdate", action="remove-upgrade")
        return await self._send("installationUpdate", action="add-upgrade")

    async def removes(self) -> Answer:
        """Take the app out."""
        return await self._send("installationUpdate", action="remove")

    async def clicks(
        self,
        shown: Shown,
        button: str,
        inputs: dict[str, str] | None = None,
        *,
        way: Way = "execute",
        by: Person | None = None,
        **changed: Any,
    ) -> Shown:
        """Press the button of this title (or verb), with `inputs` typed over what the card holds.

        Answers the message as it stands then. "submit" is an old client, which uses the Action.Submit fallback.
        `by` is somebody else, into whose chat the card was carried: the answer goes to them and the card stays.
        """
        action = _button(shown, button)
        typed = _inputs(shown.card) | (inputs or {})
        actor = by or self
        if way == "submit":
            action = action["fallback"] if action["type"] == "Action.Execute" else action
        if action["type"] == "Action.Submit":
            value = copy.deepcopy(action.get("data") or {}) | typed
            await actor._send("message", value=value, replyToId=shown.activity_id, **changed)
            return shown
        data = copy.deepcopy(action.get("data") or {}) | typed
        invoked = {"action": {"type": "Action.Execute", "verb": action.get("verb"), "data": data}, "trigger": "manual"}
        await actor._invoke(shown, invoked, **changed)
        return shown

    async def presses(self, shown: Shown, verb: str, data: dict[str, object]) -> Shown:
        """The client of this person sends a verb from where a card stands, whatever its buttons are."""
        action = {"type": "Action.Execute", "verb": verb, "data": data}
        await self._invoke(shown, {"action": action, "trigger": "manual"})
        return shown

    async def refreshes(self, shown: Shown) -> Shown:
        """The client asks for the card's newest state of itself."""
        assert shown.card is not None
        action = shown.card["refresh"]["action"]
        invoked = {
            "action": {
                "type": "Action.Execute",
                "verb": action["verb"],
                "data": copy.deepcopy(action.get("data") or {}),
            },
            "trigger": "automatic",
        }
        await self._invoke(shown, invoked)
        return shown

    async def repeats(self) -> Answer:
        """Teams sends the last activity once more, same id and all, as it does when a turn takes too long."""
        return await self.teams.post(self.last_activity)

    async def _invoke(self, shown: Shown, value: dict[str, Any], **changed: Any) -> None:
        answer = await self._send(
            "invoke", name="adaptiveCard/action", value=value, replyToId=shown.activity_id, **changed
        )
        assert answer.status == 200, f"Teams would show a failure: {answer}"
        body = answer.body
        if not isinstance(body, dict) or body.get("statusCode") != 200:
            raise AssertionError(f"Teams would show a failure: {answer}")
        self.answers.append(body)
        if shown.conversation_id == self.conversation_id and body["type"] == "application/vnd.microsoft.card.adaptive":
            attachment = {"contentType": body["type"], "content": body["value"]}
            self.teams.chats.show(
                shown.conversation_id, shown.activity | {"attachments": [attachment]}, shown.activity_id
            )
        elif isinstance(body["value"], str) and body["value"]:
            self.sentences.append(body["value"])

    async def _send(self, kind: str, *, in_group: str | None = None, **changed: Any) -> Answer:
        self.last_activity = self.teams.activity(self, kind, in_group=in_group) | changed
        return await self.teams.post(self.last_activity)


def _button(shown: Shown, button: str) -> dict[str, Any]:
    for action in actions(shown.card):
        if button in {action.get("title"), action.get("verb")}:
            return action
    raise AssertionError(f"there is no button {button!r}; there are {shown.buttons}")


def _inputs(card: dict[str, Any] | None) -> dict[str, str]:
    """What a client sends of every input on the card when nothing is typed."""
    found = {}
    for element in parts(card):
        if str(element.get("type", "")).startswith("Input.") and "id" in element:
            blank = element.get("valueOff", "false") if element["type"] == "Input.Toggle" else ""
            found[element["id"]] = str(element.get("value", blank))
    return found
