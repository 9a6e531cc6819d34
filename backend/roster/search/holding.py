"""Which of several words something visible holds.

All are asked for by one statement: how many there are, and how many of them only what
is hidden holds, moves no number of statements, and so hardly how long an answer takes.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import JSON, Text, cast, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.direct import slot
from roster.core.prepared import rows_looked_up
from roster.search.matching import Place, asked_for, holder, scope_text
from roster.search.within import Within


async def held(
    session: AsyncSession,
    words: Sequence[str],
    place: Place,
    within: Within,
    *,
    as_beginnings: bool = False,
) -> set[str]:
    """Give those of some words that something the caller may see holds.

    Args:
        session: Where to.
        words: Folded.
        place: Where they are to stand.
        within: Whose texts are searched; what else it asks for counts for nothing.
        as_beginnings: Whether a longer word counts that begins so.
    """
    scope = await within.seen()
    if scope.is_empty:
        return set()
    dialect = session.get_bind().dialect.name
    asked = {
        word: asked_for(word, scope, dialect, as_beginning=as_beginnings)
        for word in words
    }
    key = None if within.key is None else ("held", place, within.key)
    values = {"asked": orjson.dumps(asked).decode(), "scope": scope_text(scope)}
    rows = await rows_looked_up(
        session,
        key,
        lambda: _statement(place, within, dialect),
        {**within.values, **values},
    )
    return {row.word for row in rows}


def _statement(place: Place, within: Within, dialect: str) -> Any:
    asked: Any = slot("asked", Text())
    if dialect == "postgresql":
        each = func.json_each_text(cast(asked, JSON)).table_valued("key", "value")
    else:
        each = func.json_each(asked).table_valued("key", "value")
    found = holder(place, dialect, each.c.value, within.visible)
    return select(each.c.key.label("word")).where(found)
