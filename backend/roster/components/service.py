"""What happens to a component as a whole."""

from functools import lru_cache
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import String
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components import drafts
from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.building import Made
from roster.components.content import Content
from roster.components.kinds import Kind
from roster.components.licences import require_licence
from roster.components.models import Component
from roster.components.publish import create, publish
from roster.components.schemas import ComponentCreate, ComponentUpdate
from roster.components.trail import Happening, know_slug, tell
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.compiled import Asking
from roster.core.direct import slot
from roster.core.errors import NotFound
from roster.core.model import utc_now
from roster.teams.access import Verb, may, of_member, refusal
from roster.teams.models import Membership, Role, Team
from roster.teams.names import known_as

CHANGES = {
    "visibility": "component.visibility_changed",
    "licence": "component.licence_changed",
}


class Home(NamedTuple):
    """A team in which somebody may make things."""

    id: UUID
    slug: str
    name: str
    role: str


async def team_to_write(
    session: AsyncSession, slug: str, actor: Actor, verb: Verb = Verb.edit
) -> UUID:
    """A team by its slug, or a former one, in which the actor may make things.

    Raises:
        NotFound: The actor is not in such a team.
        Forbidden: The actor's role there is too low.
    """
    return (await home_for(session, slug, actor, verb)).id


async def home_for(
    session: AsyncSession, slug: str, actor: Actor, verb: Verb = Verb.edit
) -> Home:
    """The same, with its names and the actor's role."""
    values = {**values_of(actor), "slug": slug}
    rows = await _asking_role(shape_of(actor)).rows(session, values)
    if not rows:
        raise NotFound(f"You are in no team called {slug}.")
    home = Home(*rows[0])
    if not may(Role(home.role), verb):
        raise refusal(verb)
    know_slug(session, home.id, home.slug)
    return home


@lru_cache(256)
def _asking_role(shape: Shape) -> Asking:
    """The roles of a caller in teams of a name."""
    return Asking(
        select(Team.id, Team.slug, Team.name, Membership.role)
        .join(Membership)
        .where(
            known_as([cast("str", slot("slug", String()))]), of_member(stand_in(shape))
        )
    )


async def create_from(
    session: AsyncSession,
    kind: Kind,
    data: ComponentCreate,
    content: Content,
    *,
    actor: Actor,
) -> tuple[Made, Home]:
    home = await home_for(session, data.team, actor)
    stored = await create(
        session,
        team_id=home.id,
        kind=kind,
        name=str(content.parsed.name),  # what may be published has one
        content=content,
        visibility=data.visibility,
        licence=data.licence,
        actor=actor,
    )
    return stored, home


async def publish_edit(
    session: AsyncSession,
    component: Component,
    content: Content,
    if_match: str | None,
    *,
    actor: Actor,
) -> Made:
    """Publish what a person edited; their draft has then served its purpose."""
    base = [component.latest_digest] if component.latest_number else []
    require_match(if_match, component.version, *base)
    stored = await publish(session, component, content, actor=actor)
    await drafts.discard(session, component.id, actor=actor)
    return stored


def touch(component: Component) -> None:
    """Count a change, so that edits based on an older state are refused."""
    component.version += 1
    component.updated_at = utc_now()


async def update(
    session: AsyncSession,
    component: Component,
    data: ComponentUpdate,
    if_match: str | None,
    *,
    actor: Actor,
) -> Component:
    """Change who may see it, or under which licence it is.

    Raises:
        Invalid: It would be public without a licence.
    """
    require_match(if_match, component.version)
    happenings = []
    for field, action in CHANGES.items():
        before, after = getattr(component, field), getattr(data, field)
        if field in data.model_fields_set and after != before:
            setattr(component, field, after)
            details = {"from": before, "to": after}
            happenings.append(Happening(action, component, details))
    if happenings:
        if component.published_at is not None:
            require_licence(component.visibility, component.licence)
        touch(component)
        await tell(session, happenings, by=actor)
        await session.flush()
    return component


async def delete(
    session: AsyncSession,
    component: Component,
    if_match: str | None,
    *,
    actor: Actor,
    reason: str | None = None,
) -> None:
    """Hide it; everything stays, and so does its hold on the name.

    What was never published is wholly gone, and its name is free.
    """
    require_match(if_match, component.version)
    details = {"reason": reason} if reason else {}
    await tell(session, [Happening("component.deleted", component, details)], by=actor)
    if component.published_at is None:
        await session.delete(component)
    else:
        component.deleted_at = utc_now()
        component.deleted_by = actor.id
        component.deletion_reason = reason
        touch(component)
    await session.flush()


async def restore(
    session: AsyncSession, component: Component, *, actor: Actor
) -> Component:
    component.deleted_at = component.deleted_by = component.deletion_reason = None
    touch(component)
    await tell(session, [Happening("component.restored", component)], by=actor)
    await session.flush()
    return component
