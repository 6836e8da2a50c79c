"""One `serve` a SQLite file: the second process is refused, and the first leaves no lock behind however it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from casework.db import engine as engines

HOLD = (
    "import sys, time\n"
    "from casework.db import engine\n"
    "with engine.serve_lock(sys.argv[1]):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(60)\n"
)


def holder(url: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str], how: signal.Signals) -> None:
    process.send_signal(how)
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


def test_second_process_is_refused_by_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'usher.sqlite3'}"
    first = holder(url)

    with pytest.raises(engines.AlreadyServed, match=str(tmp_path / "usher.sqlite3")), engines.serve_lock(url):
        pass

    end(first, signal.SIGTERM)


def test_another_path_to_the_same_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "usher.sqlite3").touch()
    (tmp_path / "other.sqlite3").symlink_to(tmp_path / "usher.sqlite3")

    with (
        engines.serve_lock(f"sqlite:///{tmp_path / 'usher.sqlite3'}"),
        pytest.raises(engines.AlreadyServed),
        engines.serve_lock(f"sqlite:///{tmp_path / 'other.sqlite3'}"),
    ):
        pass


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_lock_is_free_once_its_holder_is_gone(tmp_path: Path, how: signal.Signals) -> None:
    url = f"sqlite:///{tmp_path / 'usher.sqlite3'}"
    end(holder(url), how)

    with engines.serve_lock(url):
        held = (tmp_path / "usher.sqlite3.serve-lock").exists()

    assert held


def test_lock_is_free_after_its_block(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'usher.sqlite3'}"
    with engines.serve_lock(url):
        pass

    second = holder(url)

    end(second, signal.SIGTERM)


def test_other_files_are_served_beside(tmp_path: Path) -> None:
    first = holder(f"sqlite:///{tmp_path / 'one.sqlite3'}")

    with engines.serve_lock(f"sqlite:///{tmp_path / 'two.sqlite3'}"):
        end(first, signal.SIGTERM)


def test_postgresql_needs_no_lock() -> None:
    url = "postgresql://usher@localhost/usher"

    with engines.serve_lock(url), engines.serve_lock(url):
        pass
