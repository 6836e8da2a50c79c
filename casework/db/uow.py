"""Units of work: one transaction, one moment in time, and what is to happen once it is committed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from casework import ports
from casework.domain.keys import Keyring


class StoreUnavailable(Exception):
    """The database can't be reached or written: nothing of this unit of work was saved."""


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

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call back once the transaction is committed; never when it is rolled back."""
        self._after.append(callback)


class Database:
    """Opens units of work. On SQLite one writer at a time, in the order they came."""

    def __init__(self, engine: AsyncEngine, keyring: Keyring, clock: ports.Clock) -> None:
        self.engine = engine
        self.keyring = keyring
        self.clock = clock
        self._turnstile: contextlib.AbstractAsyncContextManager[object] = (
            asyncio.Lock() if engine.dialect.name == "sqlite" else contextlib.nullcontext()
        )

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """A snapshot to read from; raises StoreUnavailable."""
        with translated():
            async with self.engine.connect() as connection:
                if connection.dialect.name == "sqlite":
                    await connection.exec_driver_sql("BEGIN")
                yield self._work(connection)
                await connection.rollback()

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        """A transaction committed at the end, rolled back when the block raises. Raises Busy or StoreUnavailable."""
        with translated():
            async with self._turnstile, self.engine.connect() as connection:
                if connection.dialect.name == "sqlite":
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                work = self._work(connection)
                yield work
                await connection.commit()
        for callback in work._after:
            callback()

    def _work(self, connection: AsyncConnection) -> Work:
        return Work(connection, self.keyring, self.clock.now(), connection.dialect.name)


RETRY_STATES = frozenset({"40001", "40P01", "55P03"})


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn what drivers raise for a busy or absent database into Busy and StoreUnavailable."""
    try:
        yield
    except exc.IntegrityError:
        raise
    except exc.DBAPIError as fault:
        state = getattr(fault.orig, "sqlstate", None)
        said = str(fault.orig).lower()
        if state in RETRY_STATES or "database is locked" in said or "busy" in said:
            raise Busy from fault
        if isinstance(fault, exc.OperationalError | exc.InterfaceError) or fault.connection_invalidated:
            raise StoreUnavailable from fault
        raise
    except (exc.TimeoutError, ConnectionError) as fault:
        raise StoreUnavailable from fault
