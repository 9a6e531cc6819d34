"""One file of an import, read again: its texts, findings and examples."""

from collections.abc import Sequence
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.kinds import Parsed
from roster.components.lookup import file_of
from roster.components.models import Component
from roster.core.actor import Actor
from roster.imports.contents import bytes_of
from roster.imports.decisions import find_file
from roster.imports.file_schemas import (
    Changed,
    ImportFileDetail,
    ImportTreeFilePublic,
    LiteralPublic,
)
from roster.imports.files import around_of, public_values
from roster.imports.literals import covered
from roster.imports.models import Decision, Import, ImportFile
from roster.imports.reading import SECRET, leaks_in, parse
from roster.imports.trees import describe
from roster.lint.decoding import decode
from roster.lint.findings import Finding
from roster.lint.source import Source


async def describe_in_full(
    session: AsyncSession, row: Import, file_id: UUID, *, actor: Actor
) -> ImportFileDetail:
    file = await find_file(session, row, file_id)
    around = await around_of(session, row, [file], actor)
    current = await _current(session, file)
    parsed, repaired = await run_in_threadpool(_read, file)
    files = await describe(session, file)
    return ImportFileDetail(
        **public_values(file, around),
        original=covered(parsed),
        source=_source(file, parsed),
        literals=_literals(parsed, files),
        repaired=repaired,
        current=current,
        findings=parsed.findings,
        examples=parsed.examples,
        accepted_fixes=file.accepted_fixes,
        files=files,
        changes=await _changes(session, file),
    )


def _source(file: ImportFile, parsed: Parsed) -> str | None:
    """The text of the other tool: its secrets would stand in it uncovered."""
    if file.source is None or leaks_in(parsed):
        return None
    return decode(file.source, limit=max(1, len(file.source))).text


def _literals(
    parsed: Parsed, files: Sequence[ImportTreeFilePublic]
) -> list[LiteralPublic]:
    source = Source(parsed.text)
    found = [
        LiteralPublic(
            key=literal.key,
            place=literal.place,
            label=literal.label,
            line=source.position(literal.start)[0],
        )
        for literal in parsed.secrets
    ]
    if not found:
        found = [_literal(one) for one in parsed.findings if one.rule == SECRET]
    for file in files:
        found += [
            _literal(one, file.path) for one in file.findings if one.rule == SECRET
        ]
    return found


def _literal(finding: Finding, path: str | None = None) -> LiteralPublic:
    label = finding.message.split(".")[0].removeprefix("This looks like ")
    return LiteralPublic(path=path, label=label, line=finding.line)


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
