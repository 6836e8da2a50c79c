"""Faults among the need-to-know tables: tiers, roles, fields and categories that name what isn't there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casework.domain.ntk import KNOWN_FIELDS
from casework.domain.ntk_rulebook import Category, Field, Level, When
from casework.domain.people import Role
from casework.domain.rulebook import Rulebook

ROLES = frozenset(role.value for role in Role)


def of(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(key, reason) of every fault."""
    tiers, roles = {tier.code for tier in book.tiers}, ROLES
    for tier in book.tiers:
        yield from _unknown(f"tiers.{tier.code}.code", [tier.code], roles, "role of Usher's for this tier")
    for level in book.levels:
        yield from _level(level, tiers)
    for category in book.categories:
        yield from _category(category, book)
    yield from _fields(book)
    categories = {category.code for category in book.categories}
    for criterion in book.criteria:
        yield from _unknown(f"criteria.{criterion.code}.category", [criterion.category], categories, "category")
    for prompt in book.prompts:
        key = f"prompts.{prompt.code}"
        yield from _unknown(f"{key}.categories", prompt.categories, categories, "category")
        yield from _unknown(f"{key}.owner", [prompt.owner], roles, "role")
        fields = [prompt.when_given] if prompt.when_given else []
        yield from _unknown(f"{key}.when_given", fields, {field.code for field in book.fields}, "field")
        for when in prompt.when_any:
            yield from _when(f"{key}.when_any", when, book)
    for rule in book.missing:
        yield from _unknown(f"missing.{rule.code}.tiers", rule.tiers, tiers, "tier")
    if book.missing and not any((field.code, field.kind) == ("missing_since", "moment") for field in book.fields):
        yield "missing", 'needs a field "missing_since" of the kind "moment" to count from'


def _level(level: Level, tiers: set[str]) -> Iterator[tuple[str, str]]:
    key = f"levels.{level.number}"
    yield from _unknown(f"{key}.by_tier", [target.tier for target in level.by_tier], tiers, "tier")
    yield from _unknown(
        f"{key}.decides", [level.decides] if level.decides else [], set(level.tiers), "tier of this level"
    )
    yield from _unknown(f"{key}.also", level.also, ROLES, "role")
    if level.steps and level.acknowledge is None:
        yield f"{key}.acknowledge", "is missing: the steps count from when the time to acknowledge has passed"
    if level.steps and level.steps[-1].do != "alarm":
        yield f"{key}.steps", 'must end with do = "alarm": otherwise nobody hears that nobody answers'


def _category(category: Category, book: Rulebook) -> Iterator[tuple[str, str]]:
    key = f"categories.{category.code}"
    yield from _unknown(f"{key}.also", category.also, ROLES, "role")
    levels = {str(level.number) for level in book.levels}
    for rule in category.level_when:
        yield from _unknown(f"{key}.level_when", [str(rule.level)], levels, "level")
        yield from _when(f"{key}.level_when", When(field=rule.field, values=rule.values), book)
    for also in category.also_when:
        yield from _unknown(f"{key}.also_when", [also.role], ROLES, "role")
        yield from _when(f"{key}.also_when", When(field=also.field, values=also.values), book)


def _fields(book: Rulebook) -> Iterator[tuple[str, str]]:
    categories = {category.code for category in book.categories}
    known = {field.code: field for field in book.fields}
    for code, kind in KNOWN_FIELDS.items():
        if code not in known:
            yield f"fields.{code}", f'is missing: Usher needs it, of the kind "{kind}" and required'
        elif known[code].kind != kind or not known[code].required:
            yield f"fields.{code}", f'must be of the kind "{kind}" and required'
    seen: set[str] = set()
    for field in book.fields:
        key = f"fields.{field.code}"
        if field.code in seen:
            yield key, "stands here twice"
        seen.add(field.code)
        yield from _unknown(f"{key}.categories", field.categories, categories, "category")
        if field.page == "who" and field.categories:
            yield f"{key}.page", 'must be "what": on the first form the category is not chosen yet'
        if field.required_when:
            yield from _when(f"{key}.required_when", field.required_when, book)
        if field.initial and field.choices and field.initial not in {choice.code for choice in field.choices}:
            yield f"{key}.initial", f"no such choice: {field.initial}"


def _when(key: str, when: When, book: Rulebook) -> Iterator[tuple[str, str]]:
    found: Field | None = next((field for field in book.fields if field.code == when.field), None)
    if found is None:
        yield key, f"no such field: {when.field}"
    elif found.choices:
        yield from _unknown(key, when.values, {choice.code for choice in found.choices}, f"choice of {when.field}")


def _unknown(key: str, codes: Iterable[str], known: set[str] | frozenset[str], noun: str) -> Iterator[tuple[str, str]]:
    if missing := sorted(set(codes) - known):
        yield key, f"no such {noun}: {', '.join(missing)}"
