"""From the id in a path to a server whose secrets the caller may list or change."""

from typing import Annotated

from fastapi import Depends, Path, Security
from fastapi.security import SecurityScopes
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import SIGN_IN, ActorDep, BearerDep, CallerFound
from roster.components.deps import ComponentId, ManagedComponent
from roster.components.models import Component
from roster.components.rows import visible
from roster.core.actor import Actor, Anonymous, Scope
from roster.core.db import SessionDep
from roster.core.errors import Forbidden, NotFound, NotSignedIn
from roster.secrets.models import KEY_LENGTH, KEY_PATTERN
from roster.teams.access import Verb, may, role_in

SERVER = "server"

SecretKey = Annotated[
    str,
    Path(
        pattern=KEY_PATTERN,
        max_length=KEY_LENGTH,
        description="Name of the variable that the configuration refers to.",
        examples=["API_TOKEN"],
    ),
]


def _require_server(component: Component) -> None:
    if component.kind != SERVER:
        raise NotFound(f"Only servers have secrets, and this is one {component.kind}.")


async def _seen(
    session: AsyncSession, component_id: ComponentId, actor: Actor
) -> Component:
    found = await session.exec(
        select(Component).where(col(Component.id) == component_id, visible(actor))
    )
    component = found.first()
    if component is None:
        raise NotFound("There is no such component, or you may not see it.")
    _require_server(component)
    return component


async def get_listed_server(
    component_id: ComponentId, session: SessionDep, actor: ActorDep
) -> Component:
    component = await _seen(session, component_id, actor)
    if not may(await role_in(session, actor, component.team_id), Verb.read):
        raise Forbidden("Only members of the team see which secrets it keeps.")
    return component


async def get_managed_server(component: ManagedComponent) -> Component:
    _require_server(component)
    return component


async def get_revealer(
    _needed: SecurityScopes, _token: BearerDep, caller: CallerFound
) -> Actor:
    """Whoever asks; that their scope is missing is to be recorded."""
    if isinstance(caller, Anonymous):
        raise NotSignedIn(SIGN_IN)
    return caller


RevealerDep = Annotated[Actor, Security(get_revealer, scopes=[Scope.reveal_secrets])]


async def get_revealed_server(
    component_id: ComponentId, session: SessionDep, actor: RevealerDep
) -> Component:
    return await _seen(session, component_id, actor)


ListedServer = Annotated[Component, Depends(get_listed_server)]
ManagedServer = Annotated[Component, Depends(get_managed_server)]
RevealedServer = Annotated[Component, Depends(get_revealed_server)]
