"""A sitting's agenda and record on paper: PDF, Word and CSV of what was released and decided, from the command line."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest

from casework.domain.errors import Refusal
from casework.services import printing
from documents import files
from tests.scenarios import panel_acts
from tests.scenarios.acting import audited
from tests.scenarios.council import Council
from tests.scenarios.test_command_line import command, environ_of

DAY = date(2026, 12, 9)
WHY = "Harm is likely and support did not hold."


async def decided(council: Council) -> None:
    """A family of two before the Legal Gateway, decided, with advice; the sitting closed, its record confirmed."""
    await council.books("sam", "AB 100101 onto legal gateway", request_type="ISSUE", siblings="CD 100102")
    await panel_acts.does(council, "leila", "Legal advice", advice="Threshold is met on neglect.")
    await panel_acts.runs(council, "chloe", "LGP", "2026-12-09", "chloe", "leila", "quinn")
    await panel_acts.does(council, "chloe", "Record the decision", outcome="B", rationale=WHY)
    shown = await panel_acts.closes(council, "chloe", "LGP", "2026-12-09")
    await council.person("chloe").clicks(shown, "Confirm the record")


def text_of(content: bytes) -> str:
    """Everything a PDF says, without the invisible marks that let long words break."""
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return " ".join(words.replace("\u200b", "").split())


async def test_the_agenda_on_paper_is_the_released_version(council: Council) -> None:
    await decided(council)

    view = await printing.agenda(council.parts.context, panel="LGP", on=DAY)
    words = text_of(files.FORMATS["pdf"].agenda(view))

    assert (view.version, [line.children for line in view.lines]) == (1, [("AB (ID 100101)", "CD (ID 100102)")])
    assert "AB (ID 100101)" in words
    assert f"{view.digest[:12]}" in words
    assert [row["version"] for row in await audited(council, "agenda.printed")] == [1]


async def test_the_record_has_each_childs_decision_and_the_advice_only_where_asked_for(council: Council) -> None:
    await decided(council)

    plain = await printing.record_of(council.parts.context, panel="LGP", on=DAY)
    full = await printing.record_of(council.parts.context, panel="LGP", on=DAY, with_advice=True)
    words = text_of(files.FORMATS["pdf"].decisions(plain))

    found = [(one.child, one.outcome_code, one.rationale) for item in plain.items for one in item.decisions]
    assert found == [("AB (ID 100101)", "B", WHY), ("CD (ID 100102)", "B", WHY)]
    assert [one.what for item in plain.items for one in item.actions] == ["Send the letter before proceedings"]
    assert plain.present == ("Chloe Marsh", "Leila Farouk", "Quinn Hartley")
    assert (plain.items[0].advice, full.items[0].advice) == ("", "Threshold is met on neglect.")
    assert "Threshold is met" not in words
    assert plain.confirmed_by == "Chloe Marsh"


async def test_what_was_deferred_and_not_heard_stands_in_the_record(council: Council) -> None:
    await panel_acts.fills(council, "LGP", "2026-12-09", "100101", "100102")
    await panel_acts.runs(council, "chloe", "LGP", "2026-12-09", "chloe", "leila", "quinn")
    await panel_acts.does(council, "chloe", "Defer", deferred="OUTDATED", words="A new one.")
    await panel_acts.closes(council, "chloe", "LGP", "2026-12-09")

    view = await printing.record_of(council.parts.context, panel="LGP", on=DAY)

    assert [item.not_decided for item in view.items] == ["Deferred: Assessment out of date", "Not heard, carried over"]


async def test_nothing_released_and_nothing_held_is_said(council: Council) -> None:
    for asked in (printing.agenda, printing.record_of):
        with pytest.raises(Refusal):
            await asked(council.parts.context, panel="LGP", on=date(2026, 12, 16))


async def test_the_command_line_writes_the_file_or_says_why_not(tmp_path: Path) -> None:
    environ = environ_of(tmp_path)
    folder = str(tmp_path)
    migrated = await command(environ, "db", "upgrade")

    none = await command(environ, "paper", "agenda", "LGP", "2026-12-09", "--folder", folder)
    wrong = await command(environ, "paper", "agenda", "LGP", "9 December")

    assert migrated.code == 0
    assert none.code in (1, 2)
    assert none.err != ""
    assert (wrong.code, "invalid fromisoformat value" in wrong.err) == (2, True)
