"""`sittings simulate`: past requests replayed against a changed rule, beside what today's rules make of them."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from casework.domain import rule_change
from casework.domain.rule_change import CannotChange, Number
from casework.domain.rulebook import Rulebook
from casework.domain.simulation import Outcome
from casework.domain.sitting_calendar import spoken
from casework.rulebook import reader

if TYPE_CHECKING:
    from casework.services.simulation import Trial

LONGEST_DAYS = 3660
DROP = re.compile(r"(?P<panel>\w+):(?P<on>\S+)")
NUMBER = re.compile(r"(?P<panel>\w+)=(?P<sign>[+-]?)(?P<value>\d{1,3})")
LABEL, COLUMN = 42, 12
# field of an outcome -> what the table calls it, and what follows the number
ROWS: dict[str, tuple[str, str]] = {
    "sittings": ("Sittings", ""),
    "unsettled": ("Closed days to settle, left out", ""),
    "items": ("Asked for", ""),
    "heard": ("Heard", ""),
    "wait_median": ("Wait, half within (working days)", ""),
    "wait_ninety": ("Wait, nine in ten within (working days)", ""),
    "wait_worst": ("Wait, longest (working days)", ""),
    "overflow": ("Found the first sitting full", ""),
    "unheard": ("Not heard by the end", ""),
    "late": ("Papers late", ""),
    "use": ("Slots used", " %"),
}


Step = Callable[[Rulebook, date, date], Rulebook]


class BadOptions(Exception):
    """What is wrong with the options, each with what to do."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


def register(verbs: argparse._SubParsersAction[argparse.ArgumentParser], day: Callable[[str], date]) -> None:
    """Add the verb; `day` reads a date or raises argparse.ArgumentTypeError."""
    parser = verbs.add_parser("simulate", help="replay past requests against a changed rule")
    parser.add_argument("--drop", action="append", default=[], metavar="PANEL:YYYY-MM-DD", help="one sitting less")
    parser.add_argument("--slots", action="append", default=[], metavar="PANEL=+2|12", help="slots in each sitting")
    parser.add_argument(
        "--cut-off", action="append", default=[], metavar="PANEL=+1|5", help="papers due: working days before"
    )
    parser.add_argument("--rulebook", type=Path, metavar="FILE_OR_FOLDER", help="a changed rulebook, or one file of it")
    parser.add_argument("--from", dest="since", type=day, metavar="YYYY-MM-DD", help="default: 180 days to --to")
    parser.add_argument("--to", dest="until", type=day, metavar="YYYY-MM-DD", help="default: today")
    parser.add_argument("--format", dest="shape", choices=("table", "json"), default="table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the table or the JSON to stdout; exit code 2 with every fault on stderr for options that can't be."""
    try:
        change = _change(options)
    except BadOptions as bad:
        return _refuse(bad)
    from bot.cli import office  # the database is opened only for options that can be
    from bot.config import Settings
    from casework.services import simulation
    from casework.services.context import Context

    async def task(context: Context, settings: Settings) -> int:
        try:
            trial = await simulation.simulate(context, change=change, first=options.since, last=options.until)
        except BadOptions as bad:
            return _refuse(bad)
        print(json.dumps(as_json(trial), indent=2) if options.shape == "json" else as_table(trial))
        return 0

    return office.with_context(task)


def as_json(trial: Trial) -> dict[str, object]:
    """The documented object: panels in the rulebook's order, numbers today, changed, and the difference."""
    return {
        "from": trial.first.isoformat(),
        "to": trial.last.isoformat(),
        "asked": trial.asked,
        "changes": list(rule_change.words(trial.book, trial.changed_book)),
        "panels": [
            {
                "panel": code,
                "name": _name(trial, code),
                "today": _numbers(trial.before[code]) if code in trial.before else None,
                "changed": _numbers(trial.after[code]) if code in trial.after else None,
                "difference": {field: _difference(trial, code, field) for field in ROWS},
            }
            for code in _codes(trial)
        ],
    }


def as_table(trial: Trial) -> str:
    """What a coordinator reads: what was changed, then a block for each panel somebody asked for."""
    span = f"{spoken(trial.first)} to {spoken(trial.last)}"
    if not trial.asked:
        return f"Nothing was asked for from {span}, so there is nothing to replay. Choose other days: --from, --to."
    changes = rule_change.words(trial.book, trial.changed_book) or ("Nothing: it is the rulebook in effect.",)
    lines = [f"{trial.asked} requests from {span}, replayed.", "Changed:", *(f"  {line}" for line in changes)]
    idle = []
    for code in _codes(trial):
        if not any(side[code].items for side in (trial.before, trial.after) if code in side):
            idle.append(code)
            continue
        title = f"{_name(trial, code)} ({code})"
        lines += ["", f"{title:{LABEL}}{'Today':>{COLUMN}}{'Changed':>{COLUMN}}{'Difference':>{COLUMN}}"]
        lines += [line for field in ROWS if (line := _line(trial, code, field))]
    if idle:
        lines += ["", f"Nothing was asked of {', '.join(idle)}."]
    return "\n".join(lines)


def _line(trial: Trial, code: str, field: str) -> str:
    label, unit = ROWS[field]
    sides = [_number(side.get(code), field) for side in (trial.before, trial.after)]
    if field == "unsettled" and not any(sides):
        return ""
    unknown = "not known" if field == "late" else "-"
    shown = [unknown if value is None else f"{value:g}{unit}" for value in sides]
    difference = _difference(trial, code, field)
    step = "" if difference is None else f"{difference:+g}" if difference else "0"
    return f"  {label:{LABEL - 2}}{shown[0]:>{COLUMN}}{shown[1]:>{COLUMN}}{step:>{COLUMN}}".rstrip()


def _number(outcome: Outcome | None, field: str) -> float | None:
    """A field as the table and the JSON have it: use in per cent, late papers None where nobody knows of any."""
    if outcome is None or (field == "late" and outcome.heard and not outcome.papers_known):
        return None
    value: float | None = getattr(outcome, field)
    return round(value * 100) if field == "use" and value is not None else value


def _numbers(outcome: Outcome) -> dict[str, float | None]:
    plain = {name: value for name, value in asdict(outcome).items() if name not in ("panel", *ROWS)}
    return {**{field: _number(outcome, field) for field in ROWS}, **plain}


def _difference(trial: Trial, code: str, field: str) -> float | None:
    before, after = (_number(side.get(code), field) for side in (trial.before, trial.after))
    return None if before is None or after is None else after - before


def _codes(trial: Trial) -> list[str]:
    return [*trial.before, *(code for code in trial.after if code not in trial.before)]


def _name(trial: Trial, code: str) -> str:
    names = {panel.code: panel.short_name for book in (trial.changed_book, trial.book) for panel in book.panels}
    return names.get(code, "No panel any more")


def _change(options: argparse.Namespace) -> Step:
    """What the options do to a rulebook; raises BadOptions, at once for what can be seen without one."""
    faults = _span_faults(options.since, options.until)
    if options.first or options.last or options.council or options.format != "text":
        faults.append("Write every option after “simulate”; of `sittings` itself it takes none.")
    steps: list[tuple[str, Step]] = []
    texts = [("--drop", text, _drop) for text in options.drop]
    texts += [("--slots", text, _slots) for text in options.slots]
    texts += [("--cut-off", text, _cut_off) for text in options.cut_off]
    for name, text, read in texts:
        try:
            steps.append((f"{name} {text}", read(text)))
        except CannotChange as why:
            faults.append(f"{name} {text}: {why}")
    if not texts and options.rulebook is None:
        faults.append("Say what to try out: --drop, --slots, --cut-off or --rulebook.")
    if faults:
        raise BadOptions(faults)
    given: Path | None = options.rulebook
    return lambda book, first, last: _changed(book, first, last, given=given, steps=steps)


def _span_faults(since: date | None, until: date | None) -> list[str]:
    faults = [
        f"{name}: give a day between 1990 and 2200."
        for name, day in (("--from", since), ("--to", until))
        if day is not None and not 1990 <= day.year <= 2200
    ]
    if since and until and until < since:
        faults.append("--to is before --from: swap them.")
    elif since and until and (until - since).days > LONGEST_DAYS:
        faults.append("--from and --to: ask for ten years at most.")
    return faults


def _changed(
    book: Rulebook, first: date, last: date, *, given: Path | None, steps: Iterable[tuple[str, Step]]
) -> Rulebook:
    """The rulebook given, or else the one in effect, with every step taken; BadOptions names all that can't be."""
    if given is not None:
        try:
            book = _given(given, book)
        except reader.RulebookError as wrong:
            raise BadOptions([f"--rulebook {given} has faults:\n{wrong}"]) from None
    faults = []
    for option, step in steps:
        try:
            book = step(book, first, last)
        except CannotChange as why:
            faults.append(f"{option}: {why}")
    if faults:
        raise BadOptions(faults)
    return book


def _drop(text: str) -> Step:
    found = DROP.fullmatch(text)
    try:
        on = date.fromisoformat(found["on"]) if found else None
    except ValueError:
        on = None
    if found is None or on is None:
        raise CannotChange("write the panel, a colon and the day, like ARP:2026-11-09.")
    code, day = found["panel"].upper(), on

    def step(book: Rulebook, first: date, last: date) -> Rulebook:
        if not first <= day <= last:
            span = f"{first.isoformat()} to {last.isoformat()}"
            raise CannotChange(f"the day lies outside {span}: widen --from and --to, or choose another.")
        return rule_change.without_sitting(book, code, day)

    return step


def _slots(text: str) -> Step:
    return _numbered(text, rule_change.with_slots)


def _cut_off(text: str) -> Step:
    return _numbered(text, rule_change.with_cut_off)


def _numbered(text: str, apply: Callable[[Rulebook, str, Number], Rulebook]) -> Step:
    found = NUMBER.fullmatch(text)
    if found is None:
        raise CannotChange("write the panel, = and a step like +2 or -1 or a new number, like ARP=+2 or ARP=12.")
    number = Number(int(found["sign"] + found["value"]), is_step=bool(found["sign"]))
    return lambda book, first, last: apply(book, found["panel"].upper(), number)


def _given(path: Path, book: Rulebook) -> Rulebook:
    """A folder as `rulebook apply` takes it; one file of a rulebook over the one in effect."""
    return reader.over(book, path) if path.is_file() else reader.read(path)


def _refuse(bad: BadOptions) -> int:
    print("Nothing was replayed. Mend these options:", file=sys.stderr)
    for fault in bad.faults:
        print(f"  {fault}", file=sys.stderr)
    return 2
