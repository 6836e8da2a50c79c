"""Asking a manager before raising: what was typed so far for the manager, their answer for the social worker."""

from __future__ import annotations

from cards import elements, fields, ntk_form, ntk_verbs, wording
from cards.fields import Mistakes
from casework import ports
from casework.domain.ntk_rulebook import Field
from casework.ntk_views import ConsultAnswer, ConsultCard

COMMENT = Field(
    code="comment",
    label="Comment (needed unless you choose “Raise it”)",
    kind="long_text",
    missing="Enter why, so that they know what to do",
    max_length=1000,
)
# what it is about and which child stand first among the answers
HEAD = 2
ANSWERS = {"RAISE": "Raise it", "TALK": "Talk to me first", "NOTNOW": "Not needed now"}


def question(
    view: ConsultCard, *, values: dict[str, str] | None = None, wrong: Mistakes = fields.NONE
) -> ports.Message:
    """A social worker isn't sure and asks: what they typed so far, the coach's words, three answers."""
    phone = f", {elements.plain(view.asker_phone)}" if view.asker_phone else ""
    passed_on = ", and nobody has answered since " + wording.moment(view.asked_at) if view.is_passed_on else ""
    body: list[elements.Element] = [
        elements.text(
            f"{elements.plain(view.asker)}{phone} asks whether to raise this{passed_on}. "
            f"Please answer by **{wording.moment(view.due_at)}**; then the next manager is asked."
        ),
        *ntk_form.short(view.answers[:HEAD]),
        *ntk_form.story(view.answers),
        *ntk_form.short(view.answers[HEAD:]),
        *ntk_form.coach_box(view.coach),
    ]
    buttons: list[elements.Element] = []
    if view.is_open:
        body += fields.draw([COMMENT], values or {}, wrong)
        buttons = [
            elements.button(
                title, ntk_verbs.CONSULT_ANSWER, {"consult": view.consult_id, "answer": answer}, takes_inputs=True
            )
            for answer, title in ANSWERS.items()
        ]
    else:
        body.append(elements.text("**This is answered or raised already.** You need do nothing."))
    return elements.message("Is this a need-to-know?", body, buttons, summary=wording.SUMMARY_NTK)


def asked(count: int, minutes_words: str) -> ports.Message:
    """To the social worker: who is asked, and that it can be raised meanwhile."""
    words = (
        f"Your manager has your question and {minutes_words} to answer. Your form is kept: type “raise” to go on. "
        "If it can't wait, raise it now or phone."
        if count
        else "Nobody is on Usher's list as your manager today. Phone, or type “raise” and send it now."
    )
    return elements.message(
        "Your manager is asked" if count else "Nobody could be asked",
        [elements.text(words)],
        summary=wording.SUMMARY_DONE,
    )


def answer(view: ConsultAnswer) -> ports.Message:
    """The manager's answer, or that none came in time. It never forbids raising."""
    phone = f", {elements.plain(view.manager_phone)}" if view.manager_phone else ""
    said = {
        "RAISE": f"**{elements.plain(view.manager)}** says: raise it.",
        "TALK": f"**{elements.plain(view.manager)}** asks you to talk first{phone}.",
        "NOTNOW": f"**{elements.plain(view.manager)}** says it is not needed now. You can still raise it.",
        "NONE": "Nobody has answered in time. Raise it now, or phone.",
    }[view.answer]
    child = f"{elements.plain(view.initials)} (ID {elements.plain(view.case_id)})" if view.case_id else ""
    body: list[elements.Element] = [*([elements.text(child)] if child else []), elements.text(said)]
    if view.comment:
        body.append(elements.text(elements.plain(view.comment)))
    buttons = [elements.button("Carry on with it", ntk_verbs.EDIT, {"draft": view.draft_id})]
    title = "No answer yet" if view.answer == "NONE" else "Your manager has answered"
    return elements.message(title, body, buttons, summary=wording.SUMMARY_REMINDER_NTK)
