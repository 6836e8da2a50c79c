"""The card and form of one outside clock, for somebody who may record its decision."""

from __future__ import annotations

from casework.db import ntk_prompts
from casework.db.base import new_id
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.ntk_views import PromptCard
from casework.services import ntk_notices
from casework.services.context import Context, fresh


async def form(context: Context, *, person: Person, prompt_id: str) -> tuple[PromptCard, str]:
    """(the clock, the nonce of this form); raises Refusal NOT_FOUND for whoever may not record its decision."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        row = await ntk_prompts.get(work, prompt_id)
        view = await ntk_notices.prompt(context, work, row, person) if row else None
        if view is None or not view.may_record:
            raise Refusal(Code.NOT_FOUND)
        return view, new_id()
