"""Reads a rulebook: the default that comes with Usher, or a council's folder over it; every fault named at once."""

from __future__ import annotations

import fnmatch
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from casework.domain.rulebook import Rulebook
from casework.rulebook import faults

DEFAULT = Path(__file__).parent
# file -> the tables it holds
FILES: Mapping[str, tuple[str, ...]] = {
    "calendar.toml": ("calendar",),
    "council.toml": ("council",),
    "delivery.toml": ("delivery",),
    "ntk.toml": ("tiers", "levels", "categories", "ntk"),
    "ntk_clocks.toml": ("criteria", "prompts", "missing"),
    "ntk_form.toml": ("fields",),
    "panel_work.toml": ("panel_work",),
    "panels.toml": ("panels",),
}
ADOPTED = "adopted.toml"
KINDS = ("founding document", "law", "published procedure", "proposal", "council")
IDENTITY = ("code", "number", "on", "first")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: in which file, at which key ("panels.ARP.slots"), and why."""

    file: str
    key: str
    reason: str


class RulebookError(Exception):
    """The rulebook can't be used; `faults` names everything. Nothing of it was applied."""

    def __init__(self, found: list[Fault]) -> None:
        self.faults = tuple(found)
        super().__init__("\n".join(f"  {fault.file}: {fault.key}: {fault.reason}" for fault in found))


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the rulebook and where it comes from: `kind` is one of KINDS, `citation` says where exactly."""

    file: str
    key: str
    value: object
    kind: str
    citation: str


@dataclass(frozen=True, slots=True)
class Read:
    """A rulebook, each value with its source, and the patterns of keys whose proposals the council has adopted."""

    book: Rulebook
    values: tuple[Value, ...]
    adopted: tuple[str, ...]

    def unadopted(self) -> tuple[Value, ...]:
        """Proposals nobody has made the council's own yet."""
        return tuple(
            value
            for value in self.values
            if value.kind == "proposal" and not any(fnmatch.fnmatchcase(value.key, name) for name in self.adopted)
        )


def completed(content: str) -> Rulebook:
    """A rulebook as it was stored (JSON). What a version of before didn't have is the default's."""
    stored = json.loads(content)
    known = {table for names in FILES.values() for table in names}
    if known <= set(stored) and all(map(_is_whole, stored["panels"])):
        return Rulebook.model_validate(stored)
    default = read(None).model_dump(mode="json")
    tables = {table: stored.get(table, default[table]) for table in known}
    panels = {panel["code"]: panel for panel in default["panels"]}
    tables["panels"] = [{**one, **_added_since(panels.get(one["code"], {}), one)} for one in stored.get("panels", [])]
    return Rulebook.model_validate(tables)


def _added_since(default: Mapping[str, object], stored: Mapping[str, object]) -> Mapping[str, object]:
    """What the default says of a panel and the version that stored it didn't know yet."""
    added = {} if "outcomes" in stored else {key: value for key, value in default.items() if key not in stored}
    tracked, known = stored.get("tracked"), default.get("tracked")
    if isinstance(tracked, dict) and isinstance(known, dict):
        added["tracked"] = known | tracked
    return added


def _is_whole(panel: Mapping[str, object]) -> bool:
    """Whether a panel was stored by a version that knew all there is to know of one."""
    tracked = panel.get("tracked")
    return "outcomes" in panel and (not isinstance(tracked, dict) or "late_week" in tracked)


def read(folder: Path | None) -> Rulebook:
    """The rulebook of `folder` over the default one (None: the default). Raises RulebookError."""
    return read_with_sources(folder).book


def over(book: Rulebook, file: Path) -> Rulebook:
    """`book` with the tables of one file of a rulebook in place of its own. Raises RulebookError."""
    found: list[Fault] = []
    known = {table for names in FILES.values() for table in names}
    parsed = _parsed(file, found)
    parsed.pop("sources", None)
    found += [Fault(file.name, key, "no rulebook has such a table") for key in parsed if key not in known]
    if not parsed and not found:
        found.append(Fault(file.name, "-", f"holds no table of a rulebook; there are {', '.join(sorted(known))}"))
    changed = None if found else _validated({**book.model_dump(mode="json"), **parsed}, found)
    if changed is None or found:
        raise RulebookError(found)
    return changed


def read_with_sources(folder: Path | None) -> Read:
    """As `read`, with each value's source. A file in `folder` takes the place of the default file of its name."""
    found: list[Fault] = []
    files = {name: DEFAULT / name for name in FILES}
    adopted: tuple[str, ...] = ()
    if folder is not None and not folder.is_dir():
        raise RulebookError([Fault(str(folder), "-", "no such folder")])
    if folder is not None:
        found += [
            Fault(file.name, "-", f"no such file is read; there are {', '.join((*FILES, ADOPTED))}")
            for file in sorted(folder.glob("*.toml"))
            if file.name not in FILES and file.name != ADOPTED
        ]
        files |= {name: folder / name for name in FILES if (folder / name).exists()}
        adopted = _adopted(folder / ADOPTED, found)
    tables: dict[str, object] = {}
    values: list[Value] = []
    for name, path in files.items():
        parsed = _parsed(path, found)
        sources = parsed.pop("sources", {})
        found += [Fault(name, key, "there is no such table in this file") for key in parsed if key not in FILES[name]]
        tables |= {key: parsed[key] for key in FILES[name] if key in parsed}
        values += _sourced(name, parsed, sources, is_default=path.parent == DEFAULT, found=found)
    book = _validated(tables, found)
    if book is None or found:
        raise RulebookError(found)
    return Read(book=book, values=tuple(values), adopted=adopted)


def _parsed(path: Path, found: list[Fault]) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        found.append(Fault(path.name, "-", f"can't be read: {fault}"))
        return {}


def _adopted(path: Path, found: list[Fault]) -> tuple[str, ...]:
    if not path.exists():
        return ()
    names = _parsed(path, found).get("adopted", [])
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return tuple(names)
    found.append(Fault(path.name, "adopted", 'must be a list of keys such as ["panels.*.papers.*"]'))
    return ()


def _sourced(
    file: str, parsed: Mapping[str, object], sources: object, *, is_default: bool, found: list[Fault]
) -> list[Value]:
    if not isinstance(sources, dict):
        found.append(Fault(file, "sources", "must be a table of key = source"))
        return []
    values = []
    for key, value in leaves(parsed):
        fitting = [name for name in sources if fnmatch.fnmatchcase(key, name)]
        said = str(sources[max(fitting, key=len)]) if fitting else "" if is_default else "council"
        kind, _, citation = said.partition(": ")
        if kind not in KINDS:
            found.append(Fault(file, key, f"needs a source: one of {', '.join(KINDS)}, then a colon and where"))
        values.append(Value(file, key, value, kind, citation))
    return values


def leaves(table: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """(dotted key, value) of every value of a parsed file; entries of a list are named by their code or number."""
    if isinstance(table, dict):
        for name, value in table.items():
            yield from leaves(value, f"{prefix}.{name}" if prefix else name)
    elif isinstance(table, list) and table and all(isinstance(entry, dict) for entry in table):
        for index, entry in enumerate(table):
            yield from leaves(entry, f"{prefix}.{entry_name(entry, index)}")
    else:
        yield prefix, table


def entry_name(entry: object, index: int) -> str:
    """How one entry of a list is called in a key: by its code, number or date, or by its place."""
    if isinstance(entry, dict):
        for name in IDENTITY:
            if name in entry:
                return str(entry[name])
    return str(index + 1)


def _validated(tables: dict[str, object], found: list[Fault]) -> Rulebook | None:
    where = {table: file for file, names in FILES.items() for table in names}
    try:
        book = Rulebook.model_validate(tables)
    except ValidationError as wrong:
        for error in wrong.errors():
            key = _named(tables, error["loc"])
            file = where.get(str(error["loc"][0]), "-") if error["loc"] else "-"
            found.append(Fault(file, key, error["msg"].removeprefix("Value error, ")))
        return None
    found += [Fault(where[key.split(".")[0]], key, reason) for key, reason in faults.of(book)]
    return book


def _named(tables: object, loc: tuple[int | str, ...]) -> str:
    """A validation error's place as a key: list entries by code. Steps that are no key (union tags) are left out."""
    names: list[str] = []
    for step in loc:
        if isinstance(step, int) and isinstance(tables, list) and step < len(tables):
            tables = tables[step]
            names.append(entry_name(tables, step))
        elif isinstance(tables, dict) and step in tables:
            tables = tables[step]
            names.append(str(step))
        elif step == loc[-1]:
            names.append(str(step))
    return ".".join(names)
