"""The audit trail as a use case: link new rows into the chain, and verify the whole of it."""

from __future__ import annotations

from casework.db import audit
from casework.services.context import Context


async def link(context: Context) -> int:
    """Link rows not yet in the hash chain; returns how many. Any number of replicas may do it at once."""
    async with context.database.writing() as work:
        return await audit.link(work)


async def verify(context: Context) -> audit.Verdict:
    """Check every link; the verdict names the first bad row."""
    async with context.database.reading() as work:
        return await audit.verify(work)
