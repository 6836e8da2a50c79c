"""The house itself: folders, floors, sizes, and nothing of a machine in what is committed."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "cards", "casework", "demo", "dialogs", "documents", "gallery", "scheduler")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
# hosts of package registries, folders of a machine, index lines of pip
MACHINE = re.compile(
    r"(?<![\w.])(/work/|/opt/|/home/\w|/root/|/tmp/)|files\.pythonhosted|pypi\.org|registry\.npmjs|--index-url|"
    r"--extra-index-url|--find-links|--trusted-host"
)
FOUNDERS = ("Catherine Knowles", "Herefordshire")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def modules() -> list[Path]:
    return [file for file in tracked() if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in PACKAGES]


@pytest.mark.parametrize("name", PACKAGES)
def test_package_comes_from_this_repository(name: str) -> None:
    found = importlib.import_module(name).__file__

    assert found is not None
    assert Path(found).is_relative_to(ROOT)


def test_imports_go_down_the_floors() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("planted", "contract"),
    [
        ("casework/domain/planted.py:import sqlalchemy", "The domain and the cards do no I/O"),
        ("casework/services/planted.py:import dialogs", "Imports go down the floors"),
        ("dialogs/planted.py:from casework.db import people", "Edges reach the tables through services only"),
        ("dialogs/planted.py:import aiohttp", "Teams and HTTP stay at the edge"),
        ("cards/planted.py:import documents", "Imports go down the floors"),
        ("documents/planted.py:from casework.db import people", "Edges reach the tables through services only"),
        ("bot/web/planted.py:import botbuilder.core", "Only bot.teams knows the Bot Framework"),
        ("bot/teams/planted.py:from bot import app", "Inside the program"),
    ],
)
def test_a_bad_import_breaks_its_contract(planted: str, contract: str, tmp_path: Path) -> None:
    """Planted in a copy of the tree: a contract that can't break proves nothing."""
    name, line = planted.split(":")
    for file in modules():
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    (tmp_path / ".importlinter").write_bytes((ROOT / ".importlinter").read_bytes())
    (tmp_path / name).write_text(f'"""Planted."""\n\n{line}\n')

    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert re.search(rf"{re.escape(contract)}.* BROKEN", done.stdout), done.stdout


def test_modules_and_functions_keep_their_size() -> None:
    too_long = []
    for file in modules():
        source = text_of(file)
        if source.count("\n") > LONGEST_MODULE:
            too_long.append(str(file.relative_to(ROOT)))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                body = node.end_lineno - node.lineno + 1
                if body > LONGEST_FUNCTION:
                    too_long.append(f"{file.relative_to(ROOT)}:{node.name} {body}")

    assert too_long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in modules()
        if text_of(file).strip() and ast.get_docstring(ast.parse(text_of(file))) is None
    ]

    assert silent == []


def test_no_module_is_called_by_a_word_that_says_nothing() -> None:
    names = {file.stem for file in modules()}

    assert names.isdisjoint({"utils", "util", "helpers", "helper", "manager", "common_utils", "misc"})


def test_nothing_committed_names_a_machine_or_a_registry() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in tracked()
        if file != Path(__file__) and (match := MACHINE.search(text_of(file)))
    ]

    assert found == []


def test_the_founding_document_s_people_appear_nowhere() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in tracked()
        if file != Path(__file__)
        for name in FOUNDERS
        if name in text_of(file)
    ]

    assert found == []


def test_migrations_are_numbered_and_have_one_head() -> None:
    from casework.db import migrate  # the only test here that needs the tables

    files = sorted(file.name for file in (ROOT / "migrations" / "versions").glob("*.py"))

    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    assert migrate.head() == files[-1][:4]


def test_readme_names_only_targets_that_exist() -> None:
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    said = set(
        re.findall(
            r"(?:`|^)make ([a-z-]+)", text_of(ROOT / "README.md") + text_of(ROOT / "CONTRIBUTING.md"), re.MULTILINE
        )
    )

    assert said - targets == set()
    assert {"demo", "test"} <= said


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    asked = [
        str(file.relative_to(ROOT))
        for file in modules()
        if re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(", text_of(file))
    ]

    assert asked == ["bot/clocks.py"]
