"""Leave, cover, deputies and the on-call rota: the page, the two forms, and the card that tells those concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, fields, ntk_words, wording
from cards.fields import NONE, Mistakes
from casework import ports
from casework.cover_views import CoverLine, CoverPage, OnCallLine
from casework.domain.ntk_rulebook import Choice, Field

PAGE = "cover.page"
START = "cover.start"
SAVE = "cover.save"
END = "cover.end"
ROTA_START = "rota.start"
ROTA_SAVE = "rota.save"
ROTA_END = "rota.end"

# with a button each, and as lines below those
MOST_WITH_BUTTONS = 8
MOST_LISTED = 12

COVER_FIELDS = (
    Field(
        code="kind",
        label="What is it?",
        kind="choice",
        required=True,
        missing="Choose what it is",
        initial="leave",
        choices=(
            Choice(code="leave", name="Leave: cards go to the cover instead"),
            Choice(code="deputy", name="Deputy: told when nobody answers"),
        ),
    ),
    Field(code="absent", label="For whom? (leave empty for yourself)", kind="person", max_length=80),
    Field(code="cover", label="Who stands in? (same level or above)", kind="person", max_length=80),
    Field(code="starts_on", label="First day", kind="date", required=True, missing="Enter the first day"),
    Field(code="ends_on", label="Last day", kind="date", required=True, missing="Enter the last day"),
)


ROTA_SPAN = (
    Field(code="from", label="From", kind="moment", required=True, missing="Enter the first day and hour"),
    Field(code="until", label="Until", kind="moment", required=True, missing="Enter the last day and hour"),
)


def rota_fields(tiers: Sequence[Choice]) -> tuple[Field, ...]:
    """Who is on call, as what, from when until when (London's time)."""
    return (
        Field(
            code="tier",
            label="On call as",
            kind="choice",
            required=True,
            missing="Choose as what",
            choices=tuple(tiers),
        ),
        Field(code="name", label="Who?", kind="person", required=True, missing="Enter who is on call", max_length=80),
    )


def page(view: CoverPage) -> ports.Message:
    """What is arranged, and the buttons to arrange more; where it is much, the rest in lists."""
    body: list[elements.Element] = [elements.subheading("Leave, cover and deputies")]
    if not view.lines:
        body.append(elements.text("Nothing is arranged."))
    for number, line in enumerate(view.lines[:MOST_WITH_BUTTONS], start=1):
        body.append(elements.text(f"{number}. {_words(line)}"))
        if line.may_end:
            body.append(elements.actions([elements.button(f"End {number}", END, {"cover": line.cover_id})]))
    body += _more_cover(view.lines[MOST_WITH_BUTTONS:])
    body.append(elements.subheading("On call"))
    if not view.on_call:
        body.append(elements.text("Nobody is on the rota for the next two weeks."))
    for number, duty in enumerate(view.on_call[:MOST_WITH_BUTTONS], start=1):
        body.append(elements.text(f"{number}. {_duty(duty)}"))
        if duty.may_end:
            title = f"Take off duty {number}"
            body.append(elements.actions([elements.button(title, ROTA_END, {"rota": duty.rota_id})]))
    body += _more_duty(view.on_call[MOST_WITH_BUTTONS:])
    buttons = [elements.button("Arrange leave or a deputy", START)]
    if view.may_arrange_rota:
        buttons.append(elements.button("Put somebody on call", ROTA_START))
    return elements.message("Cover and on call", body, buttons, summary=wording.SUMMARY_COVER)


def _more_cover(lines: Sequence[CoverLine]) -> list[elements.Element]:
    shown = [elements.text("\n".join(f"- {_brief(line)}" for line in lines[:MOST_LISTED]))] if lines else []
    if len(lines) > MOST_LISTED:
        shown.append(elements.text(f"And {len(lines) - MOST_LISTED} more. They move up as those above end."))
    return shown


def _more_duty(lines: Sequence[OnCallLine]) -> list[elements.Element]:
    shown = [elements.text("\n".join(f"- {_duty(line)}" for line in lines[:MOST_LISTED]))] if lines else []
    if len(lines) > MOST_LISTED:
        shown.append(elements.text(f"And {len(lines) - MOST_LISTED} more, later than these."))
    return shown


def form(values: Mapping[str, str], wrong: Mistakes = NONE) -> ports.Message:
    """Leave or a deputy, from day to day."""
    body = [
        elements.text("Somebody at the same level or above can stand in. It begins and ends by itself."),
        *fields.draw(COVER_FIELDS, values, wrong),
    ]
    buttons = [elements.button("Save", SAVE, takes_inputs=True), elements.button("Back", PAGE)]
    return elements.message("Arrange leave or a deputy", body, buttons, summary=wording.SUMMARY_FORM)


def rota_form(questions: Sequence[Field], values: Mapping[str, str], wrong: Mistakes = NONE) -> ports.Message:
    """Somebody on call from one hour to another."""
    body = fields.draw([*questions, *ROTA_SPAN], values, wrong)
    buttons = [elements.button("Save", ROTA_SAVE, takes_inputs=True), elements.button("Back", PAGE)]
    return elements.message("Put somebody on call", body, buttons, summary=wording.SUMMARY_FORM)


def announced(view: CoverLine) -> ports.Message:
    """To those concerned: what was arranged for them."""
    body = [elements.text(_words(view))]
    return elements.message(
        "Cover was arranged", body, [elements.button("Show all", PAGE)], summary=wording.SUMMARY_COVER
    )


def _words(line: CoverLine) -> str:
    days = f"{wording.plain_day(line.starts_on)} to {wording.plain_day(line.ends_on)}"
    who, cover = elements.plain(line.person), elements.plain(line.cover)
    if line.kind == "deputy":
        return f"{cover} is deputy of {who}, {days}."
    return f"{who} is away, {days}. {f'{cover} covers' if cover else 'Nobody covers: the next manager up is told'}."


def _brief(line: CoverLine) -> str:
    what = "deputy" if line.kind == "deputy" else "cover"
    who = f"{elements.plain(line.person)}, {what}: {elements.plain(line.cover) or 'nobody'}"
    return f"{who}, {wording.plain_day(line.starts_on)} to {wording.plain_day(line.ends_on)}"


def _duty(line: OnCallLine) -> str:
    phone = f", {elements.plain(line.phone)}" if line.phone else ""
    return (
        f"**{elements.plain(line.person)}**{phone}, {ntk_words.low(line.tier)}: "
        f"{wording.moment(line.starts_at)} to {wording.moment(line.ends_at)}"
    )
