"""Secrets that stand written out in the files of an import.

The person decides about them: left as they are, or, those of servers, into the store
of the server with references in their place. Where they are moved nothing else keeps
them: not the revision, and not the rows of the import once it is applied.
"""

from collections.abc import Sequence

from fastapi.concurrency import run_in_threadpool
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component
from roster.core.actor import Actor
from roster.core.crypto import Cipher
from roster.imports import contents, planning
from roster.imports.literals import apart
from roster.imports.models import Import, ImportFile, SecretsDecision
from roster.imports.reading import leaks_in, parse
from roster.imports.service import OPEN
from roster.secrets import service as store
from roster.teams.access import Verb, require


def count(file: ImportFile) -> int:
    """How many secrets stand in what the decision would store, in the main file."""
    data = contents.written_out(file, file.decision)
    return leaks_in(parse(file.kind or "", data, file.path))


async def twins(session: AsyncSession, file: ImportFile) -> Sequence[ImportFile]:
    """The same server in other places of the import, under the same name."""
    found = await session.exec(
        select(ImportFile).where(
            ImportFile.import_id == file.import_id,
            ImportFile.id != file.id,
            ImportFile.digest == file.digest,
            col(ImportFile.literal_secrets) > 0,
            OPEN,
        )
    )
    key = planning.key_of(file)
    return [other for other in found if planning.key_of(other) == key]


async def require_right(session: AsyncSession, row: Import, actor: Actor) -> None:
    """Let those alone move secrets who may write them.

    Raises:
        Forbidden: The actor does not own the team.
    """
    await require(session, actor, row.team_id, Verb.manage)


async def carry_out(
    session: AsyncSession,
    row: Import,
    files: Sequence[ImportFile],
    *,
    cipher: Cipher,
    actor: Actor,
) -> None:
    """Store the secrets of what was published, and leave them nowhere else.

    Raises:
        Forbidden: The actor does not own the team any more.
    """
    ids = [file.id for file in files if file.literal_secrets]
    if not ids:
        return
    found = await session.exec(
        select(ImportFile)
        .where(col(ImportFile.id).in_(ids))
        .execution_options(populate_existing=True)
    )
    for file in found.all():
        if file.decision in planning.TAKES_NOTHING:
            file.content = file.repaired = file.source = None
        elif file.secrets is SecretsDecision.move:
            await require_right(session, row, actor)
            await _move(session, file, cipher=cipher, actor=actor)
    await session.flush()


async def _move(
    session: AsyncSession, file: ImportFile, *, cipher: Cipher, actor: Actor
) -> None:
    whole = contents.written_out(file, file.decision)
    data, values = await run_in_threadpool(apart, file, whole)
    # What is left of the file in the import says no more than the revision.
    file.content, file.repaired, file.has_repair = data, None, False
    file.source = None
    if file.component_id is None or not file.result_number:
        return
    component = await session.get_one(Component, file.component_id)
    for key, value in values.items():
        present = await store.find(session, component.id, key)
        await store.put(
            session, component, present, key, value, cipher=cipher, actor=actor
        )
