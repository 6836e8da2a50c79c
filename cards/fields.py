"""Drawing the questions of a form as inputs, with what was typed, every error beside its field, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cards import elements, wording
from casework.domain import forms
from casework.domain.errors import Code, FieldErrors, Found
from casework.domain.ntk_rulebook import Field
from casework.views import Choice

MAX_TYPED = 4000
MOST_EXPANDED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistakes:
    """What is wrong with a form, by input id, and what the privacy guard found, by field."""

    errors: Mapping[str, Code] = field(default_factory=dict)
    found: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)


NONE = Mistakes()


def mistakes(wrong: FieldErrors) -> Mistakes:
    return Mistakes(errors=wrong.errors, found=wrong.found)


def parse(data: Mapping[str, object], fields: Iterable[Field]) -> dict[str, str]:
    """What somebody typed, by input id, kept word for word; anything that isn't text counts as empty."""
    return {
        id: value.replace("\x00", "")[:MAX_TYPED] if isinstance(value, str) else ""
        for id in (*forms.inputs(fields), forms.REASON)
        if (value := data.get(id)) is not None
    }


def draw(
    fields: Sequence[Field],
    values: Mapping[str, str],
    wrong: Mistakes,
    *,
    categories: Sequence[Choice] = (),
    labels: Mapping[str, str] | None = None,
    hints: Mapping[str, str] | None = None,
) -> list[elements.Element]:
    """The inputs, under a box that names every mistake. `labels` and `hints` stand in for a field's own."""
    shown = {id: (labels or {}).get(one.code, one.label) for one in fields for id in forms.inputs([one])}
    example = (hints or {}).get("case_id", "")
    said = {
        id: wording.field_error(_field(fields, id), code, example=example)
        for id, code in wrong.errors.items()
        if id in shown
    }
    # what the guard found stands in a box of its own
    named = {id: code for id, code in wrong.errors.items() if id in said and code is not Code.PERSONAL_DATA}
    drawn: list[elements.Element] = []
    if named:
        lines = "\n".join(f"- {wording.summary_line(shown[id], code, said[id])}" for id, code in named.items())
        drawn = [elements.box([elements.subheading(wording.PROBLEM), elements.text(lines)], style="attention")]
    drawn += guard(wrong, values, {one.code: shown[forms.inputs([one])[0]] for one in fields})
    for one in fields:
        drawn += _inputs(one, values, said, shown, categories, (hints or {}).get(one.code, one.hint))
    return drawn


def guard(wrong: Mistakes, values: Mapping[str, str], labels: Mapping[str, str]) -> list[elements.Element]:
    """What may say who somebody is, word for word, and where to say why it has to stay."""
    reason = values.get(forms.REASON, "")
    here = {code: words for code, words in wrong.found.items() if code in labels}
    if not here and not reason:
        return []
    lines = [
        f"- {elements.plain(labels[code])}: {', '.join(_named(one) for one in words)}" for code, words in here.items()
    ]
    box = [elements.subheading(wording.GUARD_TITLE), elements.text("\n".join([wording.GUARD, "", *lines]))]
    asked = elements.text_input(forms.REASON, wording.GUARD_REASON, value=reason, max_length=200)
    return [elements.box(box, style="warning"), *asked] if here else [*asked]


def _named(found: Found) -> str:
    return f"{wording.FOUND[found.kind]} “{elements.plain(found.words)}”"


def _field(fields: Iterable[Field], id: str) -> Field:
    return next(one for one in fields if id in forms.inputs([one]))


def _part_of(label: str, part: str) -> str:
    """The name of one half of a moment: "When did it happen? (time, optional)"."""
    whole = label.removesuffix(" (optional)")
    return f"{whole} ({part})" if whole == label else f"{whole} ({part}, optional)"


def _inputs(
    one: Field,
    values: Mapping[str, str],
    said: Mapping[str, str],
    shown: Mapping[str, str],
    categories: Sequence[Choice],
    hint: str,
) -> list[elements.Element]:
    ids = forms.inputs([one])
    label, missing = shown[ids[0]], one.missing if one.required else ""
    typed = elements.Typed(value=values.get(one.code, one.initial), error=said.get(one.code, ""), missing=missing)
    if one.kind == "moment":
        day, clock = ids
        date, time = _part_of(label, "date"), _part_of(label, "time")
        return [
            *elements.date_input(day, date, value=values.get(day, ""), error=said.get(day, ""), missing=missing),
            *elements.time_input(clock, time, value=values.get(clock, ""), error=said.get(clock, ""), missing=missing),
        ]
    if one.kind == "category":
        return elements.choice_input(one.code, label, categories, hint=hint, **typed)
    if one.kind in ("choice", "choices"):
        choices = [Choice(value=choice.code, label=choice.name) for choice in one.choices]
        several = one.kind == "choices"
        return elements.choice_input(
            one.code, label, choices, hint=hint, most_expanded=MOST_EXPANDED, is_several=several, **typed
        )
    if one.kind == "yes_no":
        return elements.tick_input(one.code, label, value=values.get(one.code, ""), error=said.get(one.code, ""))
    if one.kind == "date":
        return elements.date_input(one.code, label, **typed)
    return elements.text_input(
        one.code,
        label,
        hint=hint,
        is_multiline=one.kind in ("long_text", "children", "links", "actions"),
        max_length=one.max_length,
        **typed,
    )
