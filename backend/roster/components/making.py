"""Answer with what was just made, out of what is at hand and one statement."""

from collections.abc import Mapping

from fastapi import Response, status
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components import details
from roster.components.building import Made
from roster.components.content import storable
from roster.core.actor import Actor
from roster.core.caching import version_tag
from roster.core.db import Database


async def answer_made(
    session: AsyncSession,
    database: Database,
    made: Made,
    *,
    actor: Actor,
    headers: Mapping[str, str],
) -> Response:
    """Give a component that this transaction has made, as its kind shows it."""
    component, content = made.component, made.content
    row = await details.find_within(session, database.direct, actor, component.id)
    said = details.said(
        component.kind, content.parsed, storable(content.parsed.manifest)
    )
    return Response(
        details.body(row, said, database.direct),
        status.HTTP_201_CREATED,
        {**headers, "ETag": version_tag(component.version)},
        details.JSON,
    )
