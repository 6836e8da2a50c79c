"""Runs the numbered migrations on a connection that casework.db.migrate hands over, or on -x url=..."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from casework import db
from casework.db import migrate


def render(kind: str, thing: object, autogen: object) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration must not change with the code."""
    plain = {db.base.UTCDateTime: "sa.BigInteger()", db.base.Sealed: "sa.LargeBinary()"}
    return plain.get(type(thing), False) if kind == "type" else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrate.connected(context.get_x_argument(as_dictionary=True)["url"]) as opened:
        run(opened)
