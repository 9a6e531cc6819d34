"""Find files by their digests, among the revisions that the caller may see."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Integer, and_, func, literal, or_, select, tuple_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.kinds import KINDS
from roster.components.models import Component, Revision, RevisionFile, Yank
from roster.components.rows import AnyRow, AnySelect, fetch, visible
from roster.core.actor import Caller
from roster.drift.schemas import (
    SHOWN,
    Drift,
    DriftFile,
    DriftMatch,
    FileDrift,
    Standing,
)
from roster.teams.models import Team

_LATER = Revision.metadata.tables["revisions"].alias("later")
_LATER_YANK = Yank.metadata.tables["yanks"].alias("later_yank")
Matches = dict[str, list[DriftMatch]]
Named = dict[tuple[str, str], list[DriftMatch]]


async def look(
    session: AsyncSession, files: Sequence[DriftFile], *, caller: Caller
) -> Drift:
    """Say of each file which revision it is, if it is one."""
    same = await _same(session, {file.sha256 for file in files}, caller)
    asked = {
        (file.kind, file.name)
        for file in files
        if file.sha256 not in same and file.kind and file.name
    }
    named = await _named(session, asked, caller) if asked else {}
    return Drift(files=[_stand(file, same, named) for file in files])


def _stand(file: DriftFile, same: Matches, named: Named) -> FileDrift:
    matches = same.get(file.sha256, [])
    if not matches:
        near = named.get((file.kind or "", file.name or ""), [])
        standing = Standing.modified if near else Standing.unknown
        return FileDrift(path=file.path, standing=standing, matches=near)
    wanted = f"{file.kind}:", f"/{file.name}"
    ordered = sorted(matches, key=lambda one: _rank(one, wanted))
    return FileDrift(path=file.path, standing=_of(ordered[0]), matches=ordered[:SHOWN])


def _of(match: DriftMatch) -> Standing:
    if match.yank_reason is not None:
        return Standing.yanked
    return Standing.behind if match.behind else Standing.identical


def _rank(match: DriftMatch, wanted: tuple[str, str]) -> tuple[bool, bool, int, str]:
    """First what has the file's own name, then what is good, then what is newest."""
    kind, name = wanted
    reference = match.reference
    is_called_so = reference.startswith(kind) and reference.endswith(name)
    is_yanked = match.yank_reason is not None
    return not is_called_so, is_yanked, match.behind, reference


def _behind() -> AnySelect:
    """Count what was published after a revision, and is not yanked."""
    return (
        select(func.count())
        .select_from(
            _LATER.outerjoin(
                _LATER_YANK,
                and_(
                    _LATER_YANK.c.component_id == _LATER.c.component_id,
                    _LATER_YANK.c.number == _LATER.c.number,
                ),
            )
        )
        .where(
            _LATER.c.component_id == col(Component.id),
            _LATER.c.number > col(Revision.number),
            _LATER_YANK.c.number.is_(None),
        )
        .correlate(Component.metadata.tables["components"])
        .correlate(Revision.metadata.tables["revisions"])
    )


async def _same(
    session: AsyncSession, digests: Iterable[str], caller: Caller
) -> Matches:
    """The revisions whose main file it is; of each component the newest of them."""
    rank = func.row_number().over(
        partition_by=(col(RevisionFile.blob_digest), col(Component.id)),
        order_by=col(Revision.number).desc(),
    )
    is_main = or_(
        *(
            and_(col(Component.kind) == kind.name, col(RevisionFile.path) == kind.main)
            for kind in KINDS.values()
        )
    )
    found = (
        select(
            col(RevisionFile.blob_digest).label("digest"),
            col(Component.id),
            col(Component.kind),
            col(Team.slug).label("team"),
            col(Component.name),
            col(Component.latest_number).label("latest"),
            col(Component.deprecated_at),
            col(Revision.number).label("number"),
            col(Yank.reason),
            _behind().scalar_subquery().label("behind"),
            rank.label("rank"),
        )
        .join(Revision, col(Revision.id) == RevisionFile.revision_id)
        .join(Component, col(Component.id) == Revision.component_id)
        .join(Team, col(Team.id) == Component.team_id)
        .outerjoin(
            Yank,
            and_(
                col(Yank.component_id) == Revision.component_id,
                col(Yank.number) == Revision.number,
            ),
        )
        .where(
            col(RevisionFile.blob_digest).in_(sorted(digests)),
            is_main,
            visible(caller),
        )
        .subquery("found")
    )
    rows = await fetch(session, select(*found.c).where(found.c.rank == 1))
    matches: Matches = defaultdict(list)
    for row in rows:
        matches[row.digest].append(_match(row))
    return matches


async def _named(
    session: AsyncSession, names: Iterable[tuple[str, str]], caller: Caller
) -> Named:
    """The components of these kinds and names, a few of each."""
    rank = func.row_number().over(
        partition_by=(col(Component.kind), col(Component.name)),
        order_by=(col(Component.updated_at).desc(), col(Component.id)),
    )
    found = (
        select(
            col(Component.id),
            col(Component.kind),
            col(Team.slug).label("team"),
            col(Component.name),
            col(Component.latest_number).label("latest"),
            col(Component.deprecated_at),
            literal(None, Integer).label("number"),
            literal(None, Integer).label("reason"),
            literal(0, Integer).label("behind"),
            rank.label("rank"),
        )
        .join(Team, col(Team.id) == Component.team_id)
        .where(
            tuple_(col(Component.kind), col(Component.name)).in_(sorted(names)),
            col(Component.latest_number) > 0,
            visible(caller),
        )
        .subquery("found")
    )
    named: Named = defaultdict(list)
    statement = select(*found.c).where(found.c.rank <= SHOWN).order_by(found.c.rank)
    for row in await fetch(session, statement):
        named[row.kind, row.name].append(_match(row))
    return named


def _match(row: AnyRow) -> DriftMatch:
    return DriftMatch(
        component_id=row.id,
        reference=f"{row.kind}:{row.team}/{row.name}",
        number=row.number,
        latest=row.latest,
        behind=row.behind,
        yank_reason=row.reason,
        deprecated=row.deprecated_at is not None,
    )
