"""Public skills for tools that look for them below ``/.well-known/agent-skills``.

What is listed is what everybody may see, whoever asks. A skill is an archive: its
folder as the Agent Skills standard has it, the same bytes for the same revision.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.audit.service import Target, record
from roster.blobs import reading as blobs
from roster.blobs.models import Redaction
from roster.components.kinds import KINDS
from roster.components.models import Component, Revision, RevisionFile
from roster.components.rows import AnyRow, AnySelect, fetch, visible
from roster.components.stored import StoredFile
from roster.core.actor import Actor, Anonymous, Caller
from roster.core.errors import NotFound
from roster.exports import standard_skills
from roster.exports.ledger import Ledger
from roster.exports.packing import Format, Packed, pack
from roster.exports.shipment import Item
from roster.exports.targets.base import ExportFile
from roster.git.laying import Bench
from roster.teams.models import Team
from roster.teams.names import known_as
from roster.usage.clients import Client
from roster.usage.service import count_components

SCHEMA = "https://schemas.agentskills.io/discovery/0.2.0/schema.json"
PLACE = "/.well-known/agent-skills"
KIND = "skill"
FOLDER = "skills"
MOST_BYTES = 256 * 1024 * 1024
MOST = 2000
"""The first that were made are listed, where there are more."""
DESCRIPTION_LENGTH = 1024
NOT_FOUND = "There is no such public skill."
# By names of their own: else they would be those of the statement around them.
_owner = aliased(Component, name="redacted_component")
_held = aliased(Revision, name="redacted_revision")


async def listed(
    session: AsyncSession, caller: Caller, team: str | None = None
) -> list[AnyRow]:
    """The public skills, each at its newest revision, of one team or of all.

    Of several with one name, the one that was made first is the one that is listed for
    all: no later one takes its place. Each team lists its own, too.
    """
    of_team = [] if team is None else [_of_team(team)]
    rows = await fetch(
        session,
        _skills(caller).where(*of_team).order_by(col(Component.id)).limit(MOST),
    )
    if team is not None and not rows:
        raise NotFound("There is no such team, or it has no public skills.")
    first: dict[str, AnyRow] = {}
    for row in rows:
        first.setdefault(row.name, row)
    return [first[name] for name in sorted(first)]


def _of_team(team: str) -> ColumnElement[bool]:
    return col(Component.team_id).in_(select(Team.id).where(known_as([team])))


def _skills(caller: Caller) -> AnySelect:
    newest = col(Revision.number) == Component.latest_number
    return _revisions(caller).where(newest)


def _revisions(caller: Caller) -> AnySelect:
    """Revisions of public skills, of which nothing was redacted."""
    # A token may reach fewer than everybody sees.
    reached = [visible(caller)] if isinstance(caller, Actor) else []
    return (
        columns(
            col(Component.id),
            col(Component.name),
            col(Component.description),
            col(Component.team_id),
            col(Team.slug),
            col(Revision.id).label("revision_id"),
            col(Revision.number),
            col(Revision.digest),
        )
        .join(Team, col(Team.id) == Component.team_id)
        .join(Revision, col(Revision.component_id) == Component.id)
        .where(
            col(Component.kind) == KIND,
            visible(Anonymous()),
            *reached,
            col(Revision.id).not_in(_redacted()),
        )
    )


def _redacted() -> SelectOfScalar[UUID]:
    """Revisions of which their team redacted something."""
    of_team = and_(
        col(_owner.team_id) == Redaction.team_id,
        col(_owner.id) == _held.component_id,
    )
    return (
        select(_held.id)
        .select_from(Redaction)
        .join(RevisionFile, col(RevisionFile.blob_digest) == Redaction.digest)
        .join(_held, col(_held.id) == RevisionFile.revision_id)
        .join(_owner, of_team)
    )


async def find(
    session: AsyncSession, caller: Caller, team: str, name: str, number: int
) -> AnyRow:
    """A revision of a public skill.

    Raises:
        NotFound: There is none, or something of it was redacted.
    """
    wanted = col(Component.name) == name, col(Revision.number) == number
    rows = await fetch(session, _revisions(caller).where(_of_team(team), *wanted))
    if not rows:
        raise NotFound(NOT_FOUND)
    return rows[0]


async def index(bench: Bench, rows: Sequence[AnyRow]) -> bytes:
    """The document in which tools find skills."""
    shelf = bench.shelf
    key = "skills", tuple(row.revision_id for row in rows)
    kept = shelf.documents.get(key)
    if kept is None:
        kept = await shelf.once(key, lambda: _index(bench, rows))
        shelf.documents[key] = kept
    return kept


async def _index(bench: Bench, rows: Sequence[AnyRow]) -> bytes:
    skills = []
    for row in rows:
        known = bench.shelf.digests.get(_key(row))
        if known is None:
            packed = await archive(bench, row)
            known = _sha256(packed)
            packed.close()
        skills.append(
            {
                "name": row.name,
                "type": "archive",
                "description": (row.description or row.name)[:DESCRIPTION_LENGTH],
                "url": f"{PLACE}/{row.slug}/{row.name}/{row.number}.tar.gz",
                "digest": f"sha256:{known}",
            }
        )
    document = {"$schema": SCHEMA, "skills": skills}
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def _key(row: AnyRow) -> tuple[UUID, str]:
    return row.revision_id, row.name


def _sha256(packed: Packed) -> str:
    return base64.b64decode(packed.digest).hex()


async def archive(bench: Bench, row: AnyRow) -> Packed:
    """The folder of a skill, with its SKILL.md at the top; to be closed."""
    shelf = bench.shelf
    async with shelf.packing, bench.database.read() as session:
        files = await fetch(session, _files(row.revision_id))
        [main] = [file for file in files if file.path == KINDS[KIND].main]
        found = await blobs.contents(session, bench.store, [main.digest])
        item = _item(row, files, main, found[main.digest])
        laid = await shelf.in_thread(_laid, item)
        packed = await pack(session, bench.store, laid, Format.tar_gz, most=MOST_BYTES)
    shelf.digests[_key(row)] = _sha256(packed)
    return packed


def _files(revision_id: UUID) -> AnySelect:
    return columns(
        col(RevisionFile.path),
        col(RevisionFile.mode),
        col(RevisionFile.size),
        col(RevisionFile.blob_digest).label("digest"),
    ).where(col(RevisionFile.revision_id) == revision_id)


def _item(row: AnyRow, files: Sequence[AnyRow], main: AnyRow, data: bytes) -> Item:
    others = sorted(
        (StoredFile(file.path, file.mode, file.size, file.digest) for file in files),
        key=attrgetter("path"),
    )
    return Item(
        kind=KIND,
        team=row.slug,
        name=row.name,
        number=row.number,
        digest=row.digest,
        main=data,
        mode=main.mode,
        others=tuple(file for file in others if file.path != main.path),
    )


def _laid(item: Item) -> list[ExportFile]:
    ledger = Ledger()
    standard_skills.put(ledger, item, FOLDER)
    above = f"{FOLDER}/{item.name}/"
    return [
        replace(file, path=file.path.removeprefix(above))
        for file in ledger.exported().files
    ]


async def tell(bench: Bench, row: AnyRow, *, by: Caller, client: Client) -> None:
    """Tell of an archive, before anything of it leaves."""
    async with bench.database.write() as session:
        if isinstance(by, Actor):
            target = Target("team", row.team_id, row.slug, row.team_id)
            details = {"revisions": [f"{KIND}:{row.slug}/{row.name}@{row.number}"]}
            record(session, "export.made", target, by=by, details=details)
        await count_components(session, [(row.id, row.number)], client)
