"""The metadata all tables hang on, and the column types that refuse what must never be stored."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Dialect, LargeBinary, MetaData
from sqlalchemy.types import TypeDecorator

from casework.domain.keys import Blob

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, as microseconds since 1970: the same number on every engine. Naive values are refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Sealed(TypeDecorator[Blob]):
    """A sealed value. Anything that the keyring did not seal is refused, so that plain text can't be written."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Blob | None, dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, Blob):
            raise TypeError("only sealed values go into a sealed column")
        return None if value is None else bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Blob | None:
        return None if value is None else Blob(value)


def new_id() -> str:
    """A new random id: 32 hexadecimal characters."""
    return uuid.uuid4().hex
