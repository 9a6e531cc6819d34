"""Components that begin as a draft."""

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.drafts import require_size
from roster.components.kinds import KINDS
from roster.components.lifecycle_schemas import ComponentBegin
from roster.components.models import Component, Draft
from roster.components.publish import hold_names
from roster.components.service import team_to_write
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.errors import Invalid


async def begin(
    session: AsyncSession, data: ComponentBegin, *, actor: Actor, limit: int
) -> Component:
    """Make a component without a revision, and the actor's draft of its first one.

    Raises:
        Invalid: There is no such kind.
        TooLarge: The draft is over the limit, in bytes.
    """
    kind = KINDS.get(data.kind)
    if kind is None:
        kinds = ", ".join(KINDS)
        raise Invalid.field("kind", f"There are these kinds: {kinds}.", "unknown")
    text = data.content or kind.compose({"name": data.name}, "").decode()
    require_size(text, limit)
    component = Component(
        team_id=await team_to_write(session, data.team, actor),
        kind=kind.name,
        name=data.name,
        visibility=data.visibility,
        created_by=actor.id,
    )
    session.add(component)
    await session.flush()
    await hold_names(session, [component])
    draft = Draft(component_id=component.id, user_id=actor.id, content=text)
    session.add(draft)
    await tell(session, [Happening("component.drafted", component)], by=actor)
    await session.flush()
    return component
