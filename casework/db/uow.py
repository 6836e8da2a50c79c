"""Units of work: one transaction, one moment in time, and what is to happen once it is committed."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, event, exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from casework import ports
from casework.domain.keys import Keyring


class StoreUnavailable(Exception):
    """The database can't be reached or written: nothing of this unit of work was saved.

    Only where the connection broke during the commit itself can nobody say; what is written twice then meets its nonce.
    """


class Busy(Exception):
    """The database gave way to another transaction: nothing was saved, and trying again may succeed."""


@dataclass(slots=True)
class Work:
    """One open transaction. `now` is aware UTC and the same throughout."""

    connection: AsyncConnection
    keyring: Keyring
    now: datetime
    dialect_name: str
    _after: list[Callable[[], None]] = field(default_factory=list)
    _read: dict[tuple[Table, ...], dict[Any, Any]] = field(default_factory=dict)

    def read_from(self, *tables: Table) -> dict[Any, Any]:
        """Where to keep what was read from `tables`, so that one unit of work asks for it once.

        Emptied as soon as this unit of work writes to one of them, and whenever it takes a lock: what was read before
        a lock may have been changed by whoever held it.
        """
        return self._read.setdefault(tables, {})

    def forget(self, table: Table | None = None) -> None:
        """Forget what was read from a table; from every table where none is named."""
        for tables, kept in self._read.items():
            if table is None or table in tables:
                kept.clear()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call back once the transaction is committed; never when it is rolled back."""
        self._after.append(callback)


class Database:
    """Opens units of work. On SQLite one writer at a time, in the order they came."""

    def __init__(self, engine: AsyncEngine, keyring: Keyring, clock: ports.Clock) -> None:
        self.engine = engine
        self.keyring = keyring
        self.clock = clock
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._turnstile: contextlib.AbstractAsyncContextManager[object] = (
            asyncio.Lock() if self._is_sqlite else contextlib.nullcontext()
        )
        # one snapshot for all that is read: PostgreSQL's default would see others' commits between two statements
        self._snapshots = engine if self._is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """A snapshot to read from; never waits for a writer. Raises Busy (no connection free) or StoreUnavailable.

        A statement that writes raises RuntimeError: what it wrote would be lost at the end.
        """
        with translated():
            async with self._snapshots.connect() as connection:
                event.listen(connection.sync_connection, "before_execute", _refuse_to_write)
                if self._is_sqlite:
                    await connection.exec_driver_sql("BEGIN")
                yield self._work(connection)

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        """A transaction committed at the end, rolled back when the block raises. Raises Busy or StoreUnavailable.

        A task cancelled during the commit lets it finish first, so that the callbacks run if and only if it was saved.
        """
        with translated():
            async with self._turnstile, self.engine.connect() as connection:
                if self._is_sqlite:
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                work = self._work(connection)
                event.listen(connection.sync_connection, "before_execute", _forgetting(work))
                yield work
                was_cancelled = await _to_the_end(connection)
                # before the connection is given back: a task cancelled on that way out has saved all the same
                for callback in work._after:
                    callback()
                if was_cancelled:
                    raise asyncio.CancelledError

    def _work(self, connection: AsyncConnection) -> Work:
        return Work(connection, self.keyring, self.clock.now(), connection.dialect.name)


def _refuse_to_write(connection: Connection, element: object, *_: object) -> None:
    if getattr(element, "is_dml", False):
        raise RuntimeError("this unit of work only reads; open it with writing()")


def _forgetting(work: Work) -> Callable[..., None]:
    def heed(connection: Connection, element: Any, *_: object) -> None:
        if getattr(element, "is_dml", False):
            work.forget(element.table)
        elif getattr(element, "_for_update_arg", None) is not None or not getattr(element, "is_select", False):
            work.forget()

    return heed


async def _to_the_end(connection: AsyncConnection) -> bool:
    """Commit, even if the task is cancelled meanwhile; whether it was."""
    commit = asyncio.create_task(connection.commit())
    was_cancelled = False
    while not commit.done():
        try:
            await asyncio.wait((commit,))
        except asyncio.CancelledError:
            was_cancelled = True
    commit.result()
    return was_cancelled


# serialization failure, deadlock, a lock not to be had in time, a statement that took too long
BUSY_STATES = frozenset({"40001", "40P01", "55P03", "57014"})
READ_ONLY_STATE = "25006"
BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
DOWN_CODES = frozenset(
    {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
    }
)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn what drivers raise for a busy or absent database into Busy and StoreUnavailable; all else passes."""
    try:
        yield
    except exc.TimeoutError as fault:
        raise Busy("no connection was free in time") from fault
    except exc.DBAPIError as fault:
        found = _kind(fault)
        if found is None:
            raise
        raise found(type(fault.orig).__name__) from fault


def _kind(fault: exc.DBAPIError) -> type[Busy | StoreUnavailable] | None:
    if isinstance(fault, exc.IntegrityError):
        return None
    state = getattr(fault.orig, "sqlstate", None)
    code = getattr(fault.orig, "sqlite_errorcode", 0) & 0xFF
    if state in BUSY_STATES or code in BUSY_CODES:
        return Busy
    if fault.connection_invalidated or state == READ_ONLY_STATE or code in DOWN_CODES:
        return StoreUnavailable
    # what SQLite calls operational with a plain error code is a fault of ours, such as a table that is missing
    is_operational = isinstance(fault, exc.OperationalError | exc.InterfaceError)
    return StoreUnavailable if is_operational and code != sqlite3.SQLITE_ERROR else None
