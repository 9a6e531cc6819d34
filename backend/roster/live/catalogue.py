"""Which audit events are told live, to whom, and how much of them.

Another target kind is one more entry in `SUBJECTS`; another action one more in
`ACTIONS`. Who may see a thing is asked when an event is delivered, never before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlmodel import col

from roster.audit.models import AuditEvent
from roster.collections import rows as collections
from roster.collections.models import Collection, Release
from roster.components import rows
from roster.components.models import Component
from roster.core.actor import Actor, Caller
from roster.core.model import Model
from roster.imports.models import Import
from roster.promotions.models import Promotion
from roster.repositories.models import Repository
from roster.teams.access import Verb, teams_of
from roster.teams.models import Team
from roster.users.models import User

NONE: tuple[str, ...] = ()
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "component.created": NONE,
    "component.drafted": NONE,
    "component.renamed": NONE,
    "component.transferred": NONE,
    "component.deprecated": NONE,
    "component.undeprecated": NONE,
    "component.deleted": NONE,
    "component.restored": NONE,
    "component.visibility_changed": NONE,
    "component.licence_changed": NONE,
    "revision.published": ("number",),
    "revision.yanked": ("number",),
    "revision.unyanked": ("number",),
    "label.moved": ("label", "number", "before"),
    "label.removed": ("label", "number"),
    "promotion.opened": ("label", "number"),
    "promotion.changed": ("label", "number"),
    "promotion.approved": ("label", "number"),
    "promotion.objected": ("label", "number"),
    "promotion.commented": NONE,
    "promotion.applied": ("label", "number"),
    "promotion.withdrawn": ("label", "number"),
    "collection.created": NONE,
    "collection.changed": NONE,
    "collection.renamed": NONE,
    "collection.archived": NONE,
    "collection.unarchived": NONE,
    "collection.deleted": NONE,
    "collection.restored": NONE,
    "release.made": ("number",),
    "secret.written": NONE,
    "secret.removed": NONE,
    "import.applied": ("created", "published", "unchanged", "skipped"),
    "repository.added": NONE,
    "repository.changed": NONE,
    "repository.checked": ("outcome",),
    "repository.removed": NONE,
    "component.pinned": NONE,
    "component.unpinned": NONE,
    "component.detached": NONE,
    "policy.changed": ("label",),
    "team.created": NONE,
    "team.renamed": NONE,
    "team.changed": NONE,
    "team.transferred": NONE,
    "team.ownership_taken": NONE,
    "member.added": ("role",),
    "member.role_changed": ("to",),
    "member.removed": NONE,
    "team.left": NONE,
}
"""Those that are told, each with the details that go with it, where they are plain."""
FOR_MEMBERS = frozenset(
    {
        "component.pinned",
        "component.unpinned",
        "component.detached",
        "component.drafted",
        "secret.written",
        "secret.removed",
        "promotion.approved",
        "promotion.objected",
        "promotion.commented",
    }
)
"""Told to members of the team alone, however many may see the target."""
NOT_LIVE = frozenset(
    {
        "secret.revealed",
        "secret.reveal_refused",
        "blob.redacted",
        "team.deleted",  # which leaves nobody who may see it
        # Deleted long before, which was told.
        "component.purged",
        "collection.purged",
        "team.purged",
    }
)
"""Of things that are live, but for the audit alone."""
COLUMNS = (
    col(AuditEvent.seq),
    col(AuditEvent.id),
    col(AuditEvent.created_at),
    col(AuditEvent.action),
    col(AuditEvent.actor_name),
    col(AuditEvent.target_kind),
    col(AuditEvent.target_id),
    col(AuditEvent.details),
)
Joins = tuple[tuple[type[Model], ColumnElement[bool]], ...]
TARGET = col(AuditEvent.target_id)


@dataclass(frozen=True)
class Subject:
    """What events of one target kind are about."""

    joins: Joins
    """From the event to the thing."""
    team_id: Any
    name: Any
    seen: Callable[[Caller], ColumnElement[bool]]
    """Which of them a caller may be told of."""


def _member(caller: Caller, team_id: Any) -> ColumnElement[bool]:
    member: ColumnElement[bool] = team_id.in_(teams_of(caller, Verb.read))
    return member


def _seen_component(caller: Caller) -> ColumnElement[bool]:
    """What is deleted, by the members of its team, if they could ever see it."""
    deleted = and_(
        col(Component.deleted_at).is_not(None),
        col(Component.published_at).is_not(None),
        _member(caller, col(Component.team_id)),
    )
    return or_(rows.visible(caller), deleted)


def _seen_collection(caller: Caller) -> ColumnElement[bool]:
    deleted = and_(
        col(Collection.deleted_at).is_not(None),
        _member(caller, col(Collection.team_id)),
    )
    return and_(or_(collections.visible(caller), deleted), _seen_release(caller))


def _seen_release(caller: Caller) -> ColumnElement[bool]:
    """No number is told of a release that does not exist for the caller."""
    there = (
        select(col(Release.id))
        .where(
            col(Release.collection_id) == TARGET,
            col(Release.number) == col(AuditEvent.details)["number"].as_integer(),
            collections.seen_releases(caller),
        )
        .correlate(AuditEvent)
        .exists()
    )
    return or_(col(AuditEvent.action) != "release.made", there)


def seen_import(caller: Caller) -> ColumnElement[bool]:
    if not isinstance(caller, Actor):
        return false()
    return and_(
        _member(caller, col(Import.team_id)),
        or_(
            col(Import.author_id) == caller.id,
            col(Import.team_id).in_(teams_of(caller, Verb.edit)),
        ),
    )


def _seen_membership(caller: Caller) -> ColumnElement[bool]:
    """One's own, also where it has ended, and those of one's teams."""
    if not isinstance(caller, Actor):
        return false()
    own = and_(
        col(User.id) == caller.id,
        col(Team.deleted_at).is_(None),
        *([] if caller.team_ids is None else [col(Team.id).in_(caller.team_ids)]),
    )
    return or_(own, _member(caller, col(Team.id)))


_REFERENCE = (
    col(Component.kind).concat(":").concat(col(Team.slug)).concat("/")
).concat(col(Component.name))
_OF_COMPONENT = (Component, col(Component.id) == TARGET)

SUBJECTS: Mapping[str, Subject] = {
    "component": Subject(
        (_OF_COMPONENT,), col(Component.team_id), _REFERENCE, _seen_component
    ),
    "promotion": Subject(
        (
            (Promotion, col(Promotion.id) == TARGET),
            (Component, col(Component.id) == col(Promotion.component_id)),
        ),
        col(Component.team_id),
        _REFERENCE.concat("@").concat(col(Promotion.label)),
        _seen_component,
    ),
    "collection": Subject(
        ((Collection, col(Collection.id) == TARGET),),
        col(Collection.team_id),
        col(Team.slug).concat("/").concat(col(Collection.name)),
        _seen_collection,
    ),
    "import": Subject(
        ((Import, col(Import.id) == TARGET),),
        col(Import.team_id),
        col(AuditEvent.target_name),
        seen_import,
    ),
    "repository": Subject(
        ((Repository, col(Repository.id) == TARGET),),
        col(Repository.team_id),
        col(Repository.url),
        lambda caller: _member(caller, col(Repository.team_id)),
    ),
    "team": Subject(
        (),
        TARGET,
        col(Team.slug),
        lambda caller: _member(caller, col(Team.id)),
    ),
    "user": Subject(
        ((User, col(User.id) == TARGET),),
        col(AuditEvent.team_id),
        col(User.username),
        _seen_membership,
    ),
}


def told(caller: Caller, kind: str) -> Select[*tuple[Any, ...]]:
    """Select the events about one kind of target that a caller may be told of now."""
    subject = SUBJECTS[kind]
    statement: Select[*tuple[Any, ...]] = select(
        *COLUMNS, col(Team.slug).label("team"), subject.name.label("name")
    ).select_from(AuditEvent)
    team: Joins = ((Team, col(Team.id) == subject.team_id),)
    # The name of the thing may need its team, so the team comes last.
    for table, condition in (*subject.joins, *team):
        statement = statement.join(table, condition)
    action = col(AuditEvent.action)
    return statement.where(
        col(AuditEvent.target_kind) == kind,
        action.in_(ACTIONS),
        or_(action.not_in(FOR_MEMBERS), _member(caller, col(Team.id))),
        subject.seen(caller),
    )
