"""`sittings` as a real command: JSON alone on stdout, no settings, no database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import icalendar


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "bot", "sittings", *words],
        capture_output=True,
        text=True,
        env={**kept, **environ},
        check=False,
    )


def rows(first: str, last: str) -> list[dict[str, Any]]:
    done = run("--from", first, "--to", last, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def test_json_of_one_day_is_as_documented() -> None:
    assert rows("2026-04-13", "2026-04-13") == [
        {
            "panel": "ARP",
            "date": "2026-04-13",
            "start": "14:00",
            "end": "16:30",
            "starts_at": "2026-04-13T14:00:00+01:00",
            "status": "planned",
            "from_date": None,
            "incorporates": [],
            "papers_due": "2026-04-08T12:00:00+01:00",
            "reason": None,
        }
    ]


def test_a_moved_row_is_found_by_its_original_date() -> None:
    [found] = rows("2026-04-06", "2026-04-06")

    assert (found["date"], found["from_date"], found["status"]) == ("2026-04-07", "2026-04-06", "moved")


def test_ten_years_hold_every_panel_and_numeric_offsets() -> None:
    found = rows("2026-01-01", "2036-12-31")

    assert {row["panel"] for row in found} == {"ARP", "PLO", "CARE", "LGP", "PERM", "BCBV"}
    assert {code for row in found for code in row["incorporates"]} == {"HP"}
    assert {row["starts_at"][-6:] for row in found} == {"+00:00", "+01:00"}


def test_text_names_day_panel_and_papers() -> None:
    done = run("--from", "2026-04-20", "--to", "2026-04-20", "--format", "text")

    assert "Monday 20 April 2026" in done.stdout
    assert "ARP with HP" in done.stdout
    assert "Wed 15 Apr 12:00" in done.stdout


def test_bad_dates_are_refused_with_exit_2() -> None:
    backwards = run("--from", "2026-02-01", "--to", "2026-01-01")
    no_date = run("--from", "yesterday", "--to", "2026-01-01")

    assert (backwards.returncode, backwards.stdout) == (2, "")
    assert (no_date.returncode, no_date.stdout) == (2, "")
    assert "'yesterday' is no date like 2026-04-13" in no_date.stderr


def test_a_folder_without_rulebook_is_refused_with_exit_2() -> None:
    done = run("--from", "2026-01-01", "--to", "2026-01-31", USHER_COUNCIL="/no/such/folder")

    assert (done.returncode, done.stdout) == (2, "")
    assert "no such folder" in done.stderr


def test_ics_is_a_calendar_other_programs_read() -> None:
    done = run("--from", "2027-03-22", "--to", "2027-04-05", "--format", "ics")

    events = {str(one["uid"]): one for one in icalendar.Calendar.from_ical(done.stdout).walk("VEVENT")}
    easter = events["ARP-2027-03-29@usher"]
    papers = events["ARP-2027-03-29-papers@usher"]
    assert str(easter["summary"]) == "Access to Resources Panel"
    assert easter.decoded("dtstart").isoformat() == "2027-03-30T09:30:00+01:00"
    assert easter.decoded("dtend").isoformat() == "2027-03-30T12:00:00+01:00"
    assert str(easter["description"]) == "Moved from Monday 29 March 2027: Easter Monday"
    assert papers.decoded("dtstart").isoformat() == "2027-03-23T12:00:00+00:00"
    assert str(papers["summary"]) == "Papers due: Access to Resources, Tuesday 30 March 2027"
    with_guest = events["ARP-2027-03-22@usher"]
    assert str(with_guest["summary"]) == "Access to Resources Panel with Housing Pathways"


def test_ics_marks_a_day_nobody_has_settled_as_tentative_and_gives_it_no_deadline() -> None:
    done = run("--from", "2026-12-30", "--to", "2026-12-30", "--format", "ics")

    events = {str(one["uid"]): one for one in icalendar.Calendar.from_ical(done.stdout).walk("VEVENT")}
    assert {uid: str(one["status"]) for uid, one in events.items()} == {"LGP-2026-12-30@usher": "TENTATIVE"}


def test_both_dates_are_needed() -> None:
    neither, one = run(), run("--to", "2026-01-01")

    assert (neither.returncode, neither.stdout, one.returncode, one.stdout) == (2, "", 2, "")
    assert "the following arguments are required: --from, --to" in neither.stderr
    assert one.stderr.endswith("the following arguments are required: --from\n")
