"""Components as lists show them: columns of one statement, no entities.

`visible`, `listed`, `seen` and `recoverable` are the only ways that a statement of this
domain decides which components a caller gets to see.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Row,
    Select,
    Subquery,
    Uuid,
    and_,
    case,
    false,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NULLTYPE
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.models import Component, Draft, Label, Yank
from roster.components.schemas import (
    ComponentPublic,
    Deprecation,
    Health,
    LabelRef,
    LatestRevision,
    Permissions,
    Successor,
)
from roster.core.actor import Actor, Caller
from roster.core.caching import version_tag
from roster.core.compiled import Asking, in_slots, slots
from roster.core.direct import slot
from roster.instance.purges import COMPONENT, not_purged
from roster.repositories.models import Upstream, UpstreamState
from roster.teams.access import Verb, in_team, may, of_member, teams_of, visible_to
from roster.teams.models import Membership, Team, TeamRef
from roster.users.models import User, UserRef

OWN_COLUMNS = (
    "id",
    "kind",
    "team_id",
    "name",
    "display_name",
    "description",
    "visibility",
    "licence",
    "version",
    "latest_number",
    "latest_digest",
    "latest_author_id",
    "published_at",
    "facets",
    "errors",
    "warnings",
    "infos",
    "description_tokens",
    "body_tokens",
    "created_at",
    "updated_at",
    "deleted_at",
    "deletion_reason",
    "deprecated_at",
    "deprecation_message",
)
SHAPES_KEPT = 64
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

_TABLE = Component.metadata.tables["components"]


class _OfEach(FunctionElement[Any]):
    """A condition that is asked of each row that is found by others.

    Where it may, PostgreSQL begins a list with all teams that are not deleted, while
    a table has no statistics, and then sorts all of their components.
    """

    # Not a boolean: it would be compared with one where a database has none.
    type = NULLTYPE
    inherit_cache = True


@compiles(_OfEach)
def _as_it_is(element: _OfEach, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_OfEach, "postgresql")
def _in_a_case(element: _OfEach, compiler: SQLCompiler, **options: Any) -> str:
    return f"CASE WHEN ({compiler.process(element.clauses, **options)}) THEN true END"


AVAILABLE = and_(
    col(Upstream.state) == UpstreamState.available, ~col(Upstream.is_pinned)
)
"""What can be updated, and is not to stay as it is."""
_UPSTREAM_STATE = case(
    (col(Upstream.state) == UpstreamState.gone, UpstreamState.gone.value),
    (AVAILABLE, UpstreamState.available.value),
    (col(Upstream.state).is_not(None), UpstreamState.current.value),
)
_SUCCESSOR = _TABLE.alias("successor")
_SUCCESSOR_TEAM = Component.metadata.tables["teams"].alias("successor_team")


def visible(actor: Caller, of: FromClause = _TABLE) -> ColumnElement[bool]:
    """What the actor may see; before the first revision, its maker and owners."""
    return and_(of.c.deleted_at.is_(None), seen(actor, of))


def seen(
    actor: Caller, of: FromClause = _TABLE, *, of_deleted_teams: bool = False
) -> ColumnElement[bool]:
    """The same with what was deleted: of that, nothing but its tombstone is shown."""
    shown = visible_to(
        actor, of.c.team_id, of.c.visibility, of_deleted_teams=of_deleted_teams
    )
    there: ColumnElement[bool] = of.c.published_at.is_not(None)
    if isinstance(actor, Actor):
        mine = of.c.created_by == actor.id
        edits = in_team(actor, Verb.edit, of.c.team_id)
        manages = in_team(actor, Verb.manage, of.c.team_id)
        there = or_(there, and_(mine, edits), manages)
    return and_(there, shown)


def listed(actor: Caller) -> ColumnElement[bool]:
    """What lists show of it: what was published, in the words of their indexes."""
    table = Component.metadata.tables["components"].c
    shown: Any = _OfEach(visible_to(actor, table.team_id, table.visibility))
    return and_(table.deleted_at.is_(None), table.published_at.is_not(None), shown)


def recoverable(actor: Caller) -> ColumnElement[bool]:
    """Soft-deleted components that the actor may restore."""
    teams = teams_of(actor, Verb.manage)
    return and_(
        col(Component.deleted_at).is_not(None),
        col(Component.team_id).in_(teams),
        not_purged(COMPONENT, Component.id),
    )


def component_rows(actor: Caller, page: Subquery | None = None) -> AnySelect:
    """Everything that `public` needs, seen by one actor; without a condition.

    With a page of ids it begins with that: PostgreSQL keeps to the order in which so
    many tables are joined.
    """
    tables = _TABLE if page is None else page.join(_TABLE, _TABLE.c.id == page.c.id)
    return (
        select(
            *(getattr(Component, name) for name in OWN_COLUMNS),
            col(Team.slug).label("team_slug"),
            col(Team.name).label("team_name"),
            col(User.username),
            col(User.display_name).label("author_name"),
            col(Membership.role),
            col(Draft.id).label("draft_id"),
            _UPSTREAM_STATE.label("upstream_state"),
            _SUCCESSOR.c.id.label("successor_id"),
            _SUCCESSOR.c.kind.label("successor_kind"),
            _SUCCESSOR.c.name.label("successor_name"),
            _SUCCESSOR_TEAM.c.slug.label("successor_team"),
        )
        .select_from(tables)
        .join(Team, col(Team.id) == Component.team_id)
        .outerjoin(User, col(User.id) == Component.latest_author_id)
        .outerjoin(
            Membership,
            and_(col(Membership.team_id) == Component.team_id, of_member(actor)),
        )
        .outerjoin(Draft, _draft_of(actor, _TABLE.c.id))
        .outerjoin(Upstream, _upstream_of(_TABLE.c.id))
        .outerjoin(
            _SUCCESSOR,
            and_(_SUCCESSOR.c.id == Component.successor_id, _shown_successor(actor)),
        )
        .outerjoin(_SUCCESSOR_TEAM, _SUCCESSOR_TEAM.c.id == _SUCCESSOR.c.team_id)
    )


def _shown_successor(actor: Caller) -> Any:
    return _OfEach(visible(actor, _SUCCESSOR))


def of_caller(actor: Caller, page: Subquery) -> AnySelect:
    """What each caller is shown differently of a page of ids.

    Args:
        actor: Who asks.
        page: Has the columns id and team_id; whatever else it has is given as well.
    """
    return (
        select(
            *page.c,
            col(Membership.role),
            col(Draft.id).label("draft_id"),
            _UPSTREAM_STATE.label("upstream_state"),
        )
        .select_from(page)
        .join(Team, col(Team.id) == page.c.team_id)
        .outerjoin(
            Membership,
            and_(col(Membership.team_id) == page.c.team_id, of_member(actor)),
        )
        .outerjoin(Draft, _draft_of(actor, page.c.id))
        .outerjoin(Upstream, _upstream_of(page.c.id))
    )


def _draft_of(actor: Caller, id_: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(
        col(Draft.component_id) == id_,
        col(Draft.user_id) == actor.id if isinstance(actor, Actor) else false(),
        col(Membership.role).is_not(None),
    )


def _upstream_of(id_: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(col(Upstream.component_id) == id_, col(Membership.role).is_not(None))


async def fetch(session: AsyncSession, statement: Executable) -> Sequence[AnyRow]:
    """Rows of columns, past the ORM but in its transaction."""
    await session.flush()
    connection = await session.connection()
    return (await connection.execute(statement)).all()


@lru_cache
def _labels(count: int) -> Asking:
    """Those of so many components."""
    return Asking(
        select(
            col(Label.component_id),
            col(Label.name),
            col(Label.number),
            col(Yank.yanked_at),
        )
        .outerjoin(
            Yank,
            and_(
                col(Yank.component_id) == Label.component_id,
                col(Yank.number) == Label.number,
            ),
        )
        .where(col(Label.component_id).in_(slots("id", count, Uuid())))
    )


async def labels_of(
    session: AsyncSession, ids: Iterable[UUID]
) -> dict[UUID, list[LabelRef]]:
    values = in_slots("id", list(ids))
    rows = await _labels(len(values)).rows(session, values)
    found: dict[UUID, list[LabelRef]] = defaultdict(list)
    # By code points, whatever order of letters the database has.
    rows = sorted(rows, key=lambda row: row.name)
    for component_id, name, number, yanked_at in rows:
        label = LabelRef(name=name, number=number, yanked=yanked_at is not None)
        found[component_id].append(label)
    return found


def reference(row: AnyRow) -> str:
    return f"{row.kind}:{row.team_slug}/{row.name}"


def _latest(row: AnyRow) -> LatestRevision:
    return LatestRevision(
        number=row.latest_number,
        digest=row.latest_digest,
        published_at=row.published_at,
        author=UserRef(
            id=row.latest_author_id,
            username=row.username,
            display_name=row.author_name,
        ),
    )


def _deprecation(row: AnyRow) -> Deprecation | None:
    if row.deprecated_at is None:
        return None
    successor = None
    if row.successor_id is not None:
        name = f"{row.successor_kind}:{row.successor_team}/{row.successor_name}"
        successor = Successor(id=row.successor_id, reference=name)
    return Deprecation(
        at=row.deprecated_at,
        message=row.deprecation_message or "",
        successor=successor,
    )


def public(row: AnyRow, labels: list[LabelRef]) -> ComponentPublic:
    models = row.facets.get("model") or [None]
    return ComponentPublic(
        id=row.id,
        kind=row.kind,
        team=TeamRef(id=row.team_id, slug=row.team_slug, name=row.team_name),
        name=row.name,
        display_name=row.display_name,
        reference=reference(row),
        description=row.description,
        visibility=row.visibility,
        licence=row.licence,
        etag=version_tag(row.version),
        latest=_latest(row) if row.latest_number else None,
        labels=labels,
        model=models[0],
        tools=row.facets.get("tool"),
        health=Health.of(row),
        description_tokens=row.description_tokens,
        body_tokens=row.body_tokens,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
        deletion_reason=row.deletion_reason,
        deprecation=_deprecation(row),
        published=row.published_at is not None,
        permissions=Permissions(
            edit=may(row.role, Verb.edit), manage=may(row.role, Verb.manage)
        ),
        draft=row.draft_id is not None,
        upstream_state=row.upstream_state,
    )


@lru_cache(SHAPES_KEPT)
def _one(shape: Shape, *, if_visible: bool) -> Asking:
    caller = stand_in(shape)
    statement = component_rows(caller).where(col(Component.id) == slot("id", Uuid()))
    return Asking(statement.where(visible(caller)) if if_visible else statement)


async def component_row(
    session: AsyncSession, actor: Caller, component_id: UUID
) -> AnyRow:
    """A component that the caller was already found to be allowed to see."""
    asking = _one(shape_of(actor), if_visible=False)
    row: AnyRow
    [row] = await asking.rows(session, {**values_of(actor), "id": component_id})
    return row


async def visible_row(
    session: AsyncSession, caller: Caller, component_id: UUID
) -> AnyRow | None:
    """A component, if the caller may see it."""
    asking = _one(shape_of(caller), if_visible=True)
    rows = await asking.rows(session, {**values_of(caller), "id": component_id})
    return rows[0] if rows else None


async def public_of(session: AsyncSession, row: AnyRow) -> ComponentPublic:
    labels = await labels_of(session, [row.id])
    return public(row, labels[row.id])


async def public_one(
    session: AsyncSession, actor: Actor, component_id: UUID
) -> ComponentPublic:
    return await public_of(session, await component_row(session, actor, component_id))
