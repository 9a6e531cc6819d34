"""One file of an import, read again: its texts, findings and examples."""

from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.kinds import Parsed
from roster.components.lookup import file_of
from roster.components.models import Component
from roster.imports.contents import bytes_of
from roster.imports.decisions import find_file
from roster.imports.literals import covered
from roster.imports.models import Decision, Import, ImportFile
from roster.imports.reading import parse
from roster.imports.schemas import Changed, ImportFileDetail, LiteralPublic
from roster.imports.service import clashes_of, public_values
from roster.imports.trees import describe
from roster.lint.decoding import decode
from roster.lint.source import Source


async def describe_in_full(
    session: AsyncSession, row: Import, file_id: UUID
) -> ImportFileDetail:
    file = await find_file(session, row, file_id)
    clashes = await clashes_of(session, row, [file])
    current = await _current(session, file)
    parsed, repaired = await run_in_threadpool(_read, file)
    source = Source(parsed.text)
    return ImportFileDetail(
        **public_values(file, clashes[file.id]),
        original=covered(parsed),
        literals=[
            LiteralPublic(
                key=literal.key,
                place=literal.place,
                label=literal.label,
                line=source.position(literal.start)[0],
            )
            for literal in parsed.secrets
        ],
        repaired=repaired,
        current=current,
        findings=parsed.findings,
        examples=parsed.examples,
        accepted_fixes=file.accepted_fixes,
        files=await describe(session, file),
        changes=await _changes(session, file),
    )


def _read(file: ImportFile) -> tuple[Parsed, str | None]:
    if file.kind is None or file.content is None:
        return Parsed(kind=file.kind or ""), None
    parsed = parse(file.kind, file.content, file.path)
    if not file.has_repair and not file.accepted_fixes:
        return parsed, None
    repaired = parse(file.kind, bytes_of(file, Decision.repaired), file.path)
    return parsed, covered(repaired)


async def _changes(session: AsyncSession, file: ImportFile) -> Changed | None:
    if file.component_id is None or file.result is not None:
        return None
    component = await session.get(Component, file.component_id)
    if component is None or component.deleted_at or not component.latest_number:
        return None
    return Changed(component_id=component.id, number=component.latest_number)


async def _current(session: AsyncSession, file: ImportFile) -> str | None:
    """The newest text of the component, as long as it is not deleted."""
    if file.component_id is None:
        return None
    component = await session.get(Component, file.component_id)
    if component is None or component.deleted_at is not None:
        return None
    data = await file_of(session, component.id, component.latest_number)
    return decode(data, limit=len(data)).text if data else None  # redacted
