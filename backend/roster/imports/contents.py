"""The bytes that a decision makes of a file. Uses the CPU only."""

from collections.abc import Sequence
from dataclasses import dataclass

from roster.components.content import Content, Origin, TreeFile, content_digest
from roster.components.kinds import KINDS
from roster.components.models import RevisionSource
from roster.imports.literals import apart
from roster.imports.models import Decision, Import, ImportFile, ImportSource
from roster.imports.reading import parse

MESSAGES = {
    ImportSource.upload: "Imported from {path}",
    ImportSource.samples: "Taken from the samples",
    ImportSource.repository: "Imported from {path} in {origin}",
    ImportSource.lock: "Imported from {origin}",
}


@dataclass(frozen=True, slots=True)
class Digests:
    original: str
    repaired: str | None


def bytes_of(file: ImportFile, decision: Decision | None) -> bytes:
    """The file as the decision would store it, under its target name.

    Raises:
        ValueError: The accepted fixes do not exist or overlap.
    """
    return apart(file, written_out(file, decision))[0]


def written_out(file: ImportFile, decision: Decision | None) -> bytes:
    """The same with the secrets that are to be moved still in it."""
    kind, data = _taken(file)
    if decision is Decision.repaired:
        if file.accepted_fixes:
            parsed = parse(kind, data, file.path)
            data = KINDS[kind].mend(parsed, set(file.accepted_fixes))
        elif file.repaired is not None:
            data = file.repaired
    if file.target_name is not None:
        parsed = parse(kind, data, file.path)
        data = KINDS[kind].rename(parsed, data, file.target_name)
    return data


def digests_of(file: ImportFile, others: Sequence[TreeFile]) -> Digests:
    """Digests of the revisions that it would make together with the other files."""
    kind, _ = _taken(file)
    original = content_digest(KINDS[kind], bytes_of(file, Decision.original), others)
    if not file.has_repair and not file.accepted_fixes:
        return Digests(original, None)
    repaired = content_digest(KINDS[kind], bytes_of(file, Decision.repaired), others)
    return Digests(original, repaired)


def content_of(file: ImportFile, row: Import, others: tuple[TreeFile, ...]) -> Content:
    """What is published of the file, without the parts that only a reader needs."""
    kind, _ = _taken(file)
    data = bytes_of(file, file.decision)
    path = KINDS[kind].export_path(file.target_name or file.name or "")
    paths = {one.path for one in others} if KINDS[kind].is_tree else None
    parsed = parse(kind, data, path, paths)
    return Content(
        main=TreeFile.of(KINDS[kind].main, data),
        parsed=parsed.model_copy(update={"text": "", "repaired": None, "examples": []}),
        message=MESSAGES[row.source].format(path=file.path, origin=row.origin),
        source=(
            RevisionSource.sample
            if row.source is ImportSource.samples
            else RevisionSource.upload
        ),
        others=others,
        origin=Origin(file.path, row.origin or None, row.commit),
        licence=file.licence,
    )


def _taken(file: ImportFile) -> tuple[str, bytes]:
    if file.kind is None or file.content is None:
        raise ValueError(f"{file.path} was not taken in.")
    return file.kind, file.content
