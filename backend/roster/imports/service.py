"""Find and describe imports."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, String, and_, cast, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.actor import Actor
from roster.core.caching import version_tag
from roster.core.errors import Conflict, NotFound
from roster.core.paging import Page, by_id, by_time, cut, ordered
from roster.imports.models import Import, ImportFile, ImportState, Outcome
from roster.imports.planning import FIXED, TAKES_NOTHING
from roster.imports.schemas import (
    Counts,
    Headline,
    ImportPublic,
    ImportQuery,
    Results,
    RuleCount,
)
from roster.jobs.refs import refs_of
from roster.teams.access import Verb, require, teams_of
from roster.teams.models import Team, TeamRef
from roster.teams.names import known_as
from roster.users.models import User, UserRef

NEWEST = [
    by_time(col(Import.created_at), descending=True),
    by_id(col(Import.id), descending=True),
]
OPEN = and_(
    col(ImportFile.outcome).not_in(sorted(FIXED)), col(ImportFile.result).is_(None)
)
"""Files that can be imported, and that nothing has become of yet."""
TAKES_SOMETHING = or_(
    col(ImportFile.decision).is_(None),
    col(ImportFile.decision).not_in(sorted(TAKES_NOTHING)),
)
LEAKING = and_(
    OPEN,
    col(ImportFile.outcome) != Outcome.unchanged,
    col(ImportFile.literal_secrets) > 0,
    col(ImportFile.secrets).is_(None),
    TAKES_SOMETHING,
)
"""Files with what looks like a secret, of which nobody has said what becomes of it.
What is unchanged stores nothing."""
LOOKED_IN = "looked_in"


async def find(
    session: AsyncSession, import_id: UUID, actor: Actor, *, edit: bool = False
) -> Import:
    """An import for its author and the editors of its team; locked to be edited.

    It shows what the team's components say now: an author who left sees it no more.

    Raises:
        NotFound: There is none that the actor may see.
        Forbidden: It is the actor's, who may not edit in the team any more.
    """
    statement = select(Import).where(Import.id == import_id, seen_by(actor))
    found = await session.exec(statement.with_for_update() if edit else statement)
    row = found.first()
    if row is None:
        raise NotFound("There is no such import.")
    if edit:
        await require(session, actor, row.team_id, Verb.edit)
    return row


def seen_by(actor: Actor) -> ColumnElement[bool]:
    reading, editing = teams_of(actor, Verb.read), teams_of(actor, Verb.edit)
    return and_(
        col(Import.team_id).in_(reading),
        or_(col(Import.author_id) == actor.id, col(Import.team_id).in_(editing)),
    )


STATES = {
    ImportState.reading: "is being read; wait until that is done",
    ImportState.failed: "could not be read, so there is nothing to decide",
    ImportState.applying: "is being applied; wait until that is done",
    ImportState.applied: "is applied and cannot be changed any more",
    ImportState.discarded: "is discarded and cannot be changed any more",
}


def require_preview(row: Import) -> None:
    if row.state is not ImportState.preview:
        raise Conflict(f"This import {STATES[row.state]}.")


async def page_of(
    session: AsyncSession, query: ImportQuery, *, actor: Actor
) -> Page[ImportPublic]:
    statement = select(Import).where(seen_by(actor))
    if query.team is None:
        statement = statement.where(Import.author_id == actor.id)
    else:
        named = select(Team.id).where(known_as([query.team]))
        statement = statement.where(col(Import.team_id).in_(named))
    if query.state:
        statement = statement.where(col(Import.state).in_(query.state))
    rows = await session.exec(ordered(statement, "newest", NEWEST, query))
    imports, cursor = cut(
        rows.all(), "newest", query, lambda row: [row.created_at, row.id]
    )
    return Page(items=await describe(session, imports), next_cursor=cursor)


async def describe(
    session: AsyncSession, imports: Sequence[Import]
) -> list[ImportPublic]:
    team_ids = {row.team_id for row in imports}
    teams = await session.exec(select(Team).where(col(Team.id).in_(team_ids)))
    team_of = {team.id: TeamRef.model_validate(team) for team in teams}
    author_ids = {row.author_id for row in imports}
    users = await session.exec(select(User).where(col(User.id).in_(author_ids)))
    author_of = {user.id: UserRef.model_validate(user) for user in users}
    jobs = await refs_of(session, [row.job_id for row in imports])
    counts = await _counts(session, imports)
    rules = await _rules(session, imports)
    leaks = await _leaks(session, imports)
    return [
        ImportPublic(
            id=row.id,
            team=team_of[row.team_id],
            state=row.state,
            created_at=row.created_at,
            applied_at=row.applied_at,
            author=author_of[row.author_id],
            source=row.source,
            origin=row.origin,
            commit=row.commit,
            repository_id=row.repository_id,
            job=jobs.get(row.job_id) if row.job_id is not None else None,
            error=row.error,
            headline=Headline.model_validate(row.headline),
            looked_in=row.headline.get(LOOKED_IN, []),
            counts=Counts(**counts[row.id].all),
            open=Counts(**counts[row.id].open),
            rules=rules.get(row.id, []),
            leaks=leaks.get(row.id, 0),
            results=Results(**row.results) if row.results is not None else None,
            etag=version_tag(row.version),
        )
        for row in imports
    ]


async def describe_one(session: AsyncSession, row: Import) -> ImportPublic:
    [described] = await describe(session, [row])
    return described


@dataclass
class _Counted:
    all: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)


async def _counts(
    session: AsyncSession, imports: Sequence[Import]
) -> Mapping[UUID, _Counted]:
    # What is still being read is nobody's to see: it may yet be read again.
    ids = [row.id for row in imports if row.state is not ImportState.reading]
    rows = await session.exec(
        select(
            ImportFile.import_id,
            ImportFile.outcome,
            col(ImportFile.result).is_(None),
            func.count(),
        )
        .where(col(ImportFile.import_id).in_(ids))
        .group_by(
            col(ImportFile.import_id),
            col(ImportFile.outcome),
            col(ImportFile.result).is_(None),
        )
    )
    found: dict[UUID, _Counted] = defaultdict(_Counted)
    for import_id, outcome, without_result, count in rows:
        found[import_id].all[outcome] += count
        if without_result and outcome not in FIXED:
            found[import_id].open[outcome] += count
    return found


def _undecided(imports: Sequence[Import]) -> list[UUID]:
    return [row.id for row in imports if row.state is ImportState.preview]


async def _rules(
    session: AsyncSession, imports: Sequence[Import]
) -> Mapping[UUID, list[RuleCount]]:
    written = cast(ImportFile.rules, String)
    rows = await session.exec(
        select(ImportFile.import_id, written, ImportFile.has_repair, func.count())
        .where(col(ImportFile.import_id).in_(_undecided(imports)), OPEN)
        .group_by(col(ImportFile.import_id), written, col(ImportFile.has_repair))
    )
    files: dict[UUID, Counter[str]] = defaultdict(Counter)
    repairable: dict[UUID, Counter[str]] = defaultdict(Counter)
    for import_id, rules, has_repair, count in rows:
        for rule in orjson.loads(rules):
            files[import_id][rule] += count
            repairable[import_id][rule] += count * bool(has_repair)
    return {
        id_: [
            RuleCount(rule=rule, files=count, repairable=repairable[id_][rule])
            for rule, count in sorted(counter.items(), key=lambda one: (-one[1], one))
        ]
        for id_, counter in files.items()
    }


async def _leaks(
    session: AsyncSession, imports: Sequence[Import]
) -> Mapping[UUID, int]:
    rows = await session.exec(
        select(ImportFile.import_id, func.count())
        .where(col(ImportFile.import_id).in_(_undecided(imports)), LEAKING)
        .group_by(col(ImportFile.import_id))
    )
    return dict(rows.all())
