"""Build components and revisions that are about to be stored."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from roster.auth.models import ApiToken
from roster.components.content import Content, clean, storable
from roster.components.kinds import Kind
from roster.components.latest import Shown, shown_of
from roster.components.licences import licence_in, require_licence
from roster.components.models import Component, Revision
from roster.core.actor import Actor
from roster.core.changing import made
from roster.core.compiled import Asking
from roster.core.direct import slot
from roster.core.model import utc_now
from roster.lint.findings import Severity
from roster.teams.models import Visibility
from roster.users.models import User, UserRef


@dataclass(frozen=True, slots=True)
class Made:
    """A revision that is stored, or about to be, and its component."""

    component: Component
    revision: Revision
    content: Content
    author: UserRef

    @property
    def shown(self) -> Shown:
        return Shown(self.component, self.revision, self.content.parsed)


@dataclass(frozen=True, slots=True)
class Making:
    """Who makes revisions, through which API token if any, and when."""

    author: UserRef
    client: str | None
    now: datetime


_ASKING_AUTHOR = Asking(
    select(
        col(User.username), col(User.display_name), col(ApiToken.name).label("client")
    )
    .select_from(User)
    .outerjoin(ApiToken, col(ApiToken.id) == slot("token_id", Uuid()))
    .where(col(User.id) == slot("actor_id", Uuid()))
)


async def making_of(session: AsyncSession, actor: Actor) -> Making:
    asked = {"actor_id": actor.id, "token_id": actor.token_id}
    [row] = await _ASKING_AUTHOR.rows(session, asked)
    author = UserRef.model_construct(
        id=actor.id, username=row.username, display_name=row.display_name
    )
    return Making(author, row.client, utc_now())


def next_of(
    component: Component, content: Content, number: int, making: Making
) -> tuple[Revision, dict[str, Any]]:
    """Build a revision, and what its component is to show of it."""
    parsed, origin, now = content.parsed, content.origin, making.now
    licence = component.licence or licence_in(parsed) or content.licence
    if number == 1:
        require_licence(component.visibility, licence)
    worst = Counter(finding.severity for finding in parsed.findings)
    revision = made(
        Revision,
        {
            "id": uuid7(),
            "component_id": component.id,
            "number": number,
            "digest": content.digest,
            "manifest": storable(parsed.manifest),
            "message": clean(content.message),
            "author_id": making.author.id,
            "source": content.source,
            "origin_path": clean(origin.path) if origin.path else None,
            "origin_repository": (
                clean(origin.repository) if origin.repository else None
            ),
            "origin_commit": origin.commit,
            "client": making.client,
            "file_count": len(content.files),
            "licence": licence,
            "description_tokens": parsed.description_tokens,
            "body_tokens": parsed.body_tokens,
            "errors": worst[Severity.error],
            "warnings": worst[Severity.warning],
            "infos": worst[Severity.info],
            "created_at": now,
            "updated_at": now,
        },
    )
    changes = {"licence": licence, "updated_at": now, **shown_of(revision, parsed)}
    return revision, changes


def first_of(  # noqa: PLR0913 - a component is made of these
    name: str,
    content: Content,
    making: Making,
    *,
    team_id: UUID,
    kind: Kind,
    visibility: Visibility,
    licence: str | None,
) -> Made:
    """Build a component and its first revision."""
    component = made(
        Component,
        {
            **_NOTHING_YET,
            "id": uuid7(),
            "team_id": team_id,
            "kind": kind.name,
            "name": name,
            "visibility": visibility,
            "licence": licence,
            "created_by": making.author.id,
            "created_at": making.now,
        },
    )
    revision, changes = next_of(component, content, 1, making)
    vars(component).update(changes)
    return Made(component, revision, content, making.author)


_NOTHING_YET = {
    "version": 1,
    **dict.fromkeys(
        (
            "deleted_at",
            "deleted_by",
            "deletion_reason",
            "deprecated_at",
            "deprecation_message",
            "successor_id",
        )
    ),
}
"""What is true of every new component."""
