"""Read the revisions of a component."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Integer, Uuid, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.building import Made
from roster.components.kinds import KINDS, Parsed
from roster.components.latest import LATEST
from roster.components.models import Label, Revision, Yank
from roster.components.orders import by_count
from roster.components.rows import AnyRow, AnySelect, fetch, reference
from roster.components.schemas import (
    Health,
    OriginPublic,
    RevisionFilePublic,
    RevisionPublic,
    RevisionSummary,
    Yanked,
)
from roster.components.stored import StoredFile, StoredRevision, read_tree
from roster.core.compiled import Asking
from roster.core.direct import slot
from roster.core.errors import NotFound
from roster.core.paging import Count, Page, PageQuery, cut, ordered
from roster.users.models import User, UserRef

ORDER = "-number"
_YANKER = aliased(User, name="yanker")


class RevisionQuery(PageQuery):
    count: Count = False


def _rows(component_id: UUID | BindParameter[Any]) -> AnySelect:
    return (
        select(
            col(Revision.id),
            col(Revision.number),
            col(Revision.digest),
            col(Revision.manifest),
            col(Revision.message),
            col(Revision.source),
            col(Revision.created_at),
            col(Revision.description_tokens),
            col(Revision.body_tokens),
            col(Revision.errors),
            col(Revision.warnings),
            col(Revision.infos),
            col(Revision.licence),
            col(Revision.client),
            col(Revision.origin_path),
            col(Revision.origin_repository),
            col(Revision.origin_commit),
            col(Yank.reason),
            col(Yank.yanked_at),
            col(_YANKER.id).label("yanker_id"),
            col(_YANKER.username).label("yanker_username"),
            col(_YANKER.display_name).label("yanker_name"),
            col(User.id).label("author_id"),
            col(User.username),
            col(User.display_name),
        )
        .join(User, col(User.id) == Revision.author_id)
        .outerjoin(
            Yank,
            and_(
                col(Yank.component_id) == Revision.component_id,
                col(Yank.number) == Revision.number,
            ),
        )
        .outerjoin(_YANKER, col(_YANKER.id) == Yank.yanked_by)
        .where(col(Revision.component_id) == component_id)
    )


_ONE = Asking(
    _rows(slot("component_id", Uuid())).where(
        col(Revision.number) == slot("number", Integer())
    )
)
_LABELS = Asking(
    select(col(Label.number), col(Label.name))
    .where(col(Label.component_id) == slot("component_id", Uuid()))
    .order_by(col(Label.name))
)


async def _labels(session: AsyncSession, component_id: UUID) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in await _LABELS.rows(session, {"component_id": component_id}):
        found[row.number].append(row.name)
    return found


def _origin(row: AnyRow | Revision) -> OriginPublic | None:
    parts = (row.origin_path, row.origin_repository, row.origin_commit)
    if not any(parts):
        return None
    path, repository, commit = parts
    return OriginPublic(path=path, repository=repository, commit=commit)


def _yanked(row: AnyRow) -> Yanked | None:
    if row.yanked_at is None:
        return None
    by = UserRef(
        id=row.yanker_id, username=row.yanker_username, display_name=row.yanker_name
    )
    return Yanked(by=by, at=row.yanked_at, reason=row.reason)


def _author(row: AnyRow) -> UserRef:
    return UserRef(
        id=row.author_id, username=row.username, display_name=row.display_name
    )


def _summary(row: AnyRow, labels: list[str]) -> dict[str, Any]:
    return _summary_by(row, labels, _author(row), _yanked(row))


def _summary_by(
    row: AnyRow | Revision, labels: list[str], author: UserRef, yanked: Yanked | None
) -> dict[str, Any]:
    return {
        "number": row.number,
        "digest": row.digest,
        "message": row.message,
        "author": author,
        "created_at": row.created_at,
        "labels": labels,
        "source": row.source,
        "origin": _origin(row),
        "client": row.client,
        "licence": row.licence,
        "yanked": yanked,
        "health": Health.of(row),
        "description_tokens": row.description_tokens,
        "body_tokens": row.body_tokens,
    }


async def page_of(
    session: AsyncSession, component_id: UUID, query: RevisionQuery
) -> Page[RevisionSummary]:
    """Newest first."""
    keys = [by_count(Revision.number, descending=True)]
    rows = await fetch(session, ordered(_rows(component_id), ORDER, keys, query))
    kept, next_cursor = cut(rows, ORDER, query, lambda row: [row.number])
    labels = await _labels(session, component_id)
    page: Page[RevisionSummary] = Page(
        items=[
            RevisionSummary(**_summary(row, labels.get(row.number, []))) for row in kept
        ],
        next_cursor=next_cursor,
    )
    if query.count:
        total = select(func.count()).where(col(Revision.component_id) == component_id)
        [(page.total,)] = await fetch(session, total)
    return page


async def _one(session: AsyncSession, component_id: UUID, number: int) -> AnyRow:
    values = {"component_id": component_id, "number": number}
    rows: list[AnyRow] = await _ONE.rows(session, values)
    if not rows:
        raise NotFound(f"There is no revision {number} of this component.")
    return rows[0]


async def summary_of(
    session: AsyncSession, component_id: UUID, number: int
) -> RevisionSummary:
    """Say about a revision what lists say.

    Raises:
        NotFound: There is no such revision.
    """
    row = await _one(session, component_id, number)
    labels = await _labels(session, component_id)
    return RevisionSummary(**_summary(row, labels.get(number, [])))


async def load(session: AsyncSession, component: AnyRow, number: int) -> StoredRevision:
    """A revision of a component, its main file read.

    Raises:
        NotFound: There is no such revision.
    """
    row = await _one(session, component.id, number)
    return await read_tree(session, KINDS[component.kind], component.name, row)


async def public(
    session: AsyncSession, component: AnyRow, stored: StoredRevision
) -> RevisionPublic:
    labels = await _labels(session, component.id)
    row = stored.row
    summary = _summary(row, labels.get(row.number, []))
    name = f"roster:{reference(component)}@{row.number}"
    return _public(summary, name, row.manifest, stored.parsed, stored.files)


def public_made(made: Made, slug: str) -> RevisionPublic:
    """The revision of a single file that this transaction has made.

    Args:
        made: What was stored.
        slug: Of its team.
    """
    revision, component, main = made.revision, made.component, made.content.main
    summary = _summary_by(revision, [LATEST], made.author, None)
    name = f"roster:{component.kind}:{slug}/{component.name}@{revision.number}"
    files = [StoredFile(main.path, main.mode, main.size, main.digest)]
    return _public(summary, name, revision.manifest, made.content.parsed, files)


def _public(
    summary: dict[str, Any],
    identifier: str,
    manifest: dict[str, Any],
    parsed: Parsed,
    files: list[StoredFile],
) -> RevisionPublic:
    return RevisionPublic(
        **summary,
        identifier=identifier,
        manifest=manifest,
        body=parsed.body,
        content=parsed.text,
        encoding=parsed.encoding,
        findings=parsed.findings,
        examples=parsed.examples,
        arguments=parsed.arguments,
        references=parsed.references,
        files=[
            RevisionFilePublic(
                path=file.path,
                mode=file.mode,
                size=file.size,
                digest=file.digest,
                redaction=file.redaction,
            )
            for file in files
        ],
        repaired=parsed.repaired.decode() if parsed.repaired is not None else None,
    )
