"""What the clients were told, compared with what is stored, to the last of it."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.components.models import Component, Draft, Label, Revision
from roster.imports.models import Import, ImportFile, ImportState
from tests.drills.people import FILES, Person, Thing, Upload


@dataclass
class Stored:
    """What the database holds of one component."""

    row: Component
    revisions: list[Revision] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    draft: str | None = None
    events: Counter[str] = field(default_factory=Counter)


async def stored(session: AsyncSession) -> dict[str, Stored]:
    """Everything about components, by their names."""
    found = {
        row.id: Stored(row) for row in (await session.exec(select(Component))).all()
    }
    in_order = select(Revision).order_by(col(Revision.number))
    for revision in (await session.exec(in_order)).all():
        found[revision.component_id].revisions.append(revision)
    for label in (await session.exec(select(Label))).all():
        found[label.component_id].labels[label.name] = label.number
    for draft in (await session.exec(select(Draft))).all():
        found[draft.component_id].draft = draft.content
    told = select(AuditEvent.target_id, AuditEvent.action)
    for target_id, action in (await session.exec(told)).all():
        if target_id in found:
            found[target_id].events[action] += 1
    return {one.row.name: one for one in found.values()}


def digest_of(content: str) -> str:
    """What the documentation says the digest of an agent with this text is."""
    data = content.encode()
    file = hashlib.sha256(data).hexdigest()
    listed = f'[["AGENT.md","100644","{file}"]]'
    return hashlib.sha256(listed.encode()).hexdigest()


def differences(people: Sequence[Person], found: dict[str, Stored]) -> Iterator[str]:
    """Say where what is stored is not what was acknowledged."""
    mentioned = set()
    for person in people:
        for thing in person.things:
            mentioned.add(thing.name)
            yield from _of_a_thing(thing, found.get(thing.name))
        for upload in person.uploaded:
            names = [f"{upload.mark}-{number}" for number in range(FILES)]
            mentioned.update(names)
            yield from _of_files(upload, [found.get(name) for name in names])
    for name in found.keys() - mentioned:
        yield f"{name} is there, and nobody asked for it"


def _of_a_thing(thing: Thing, there: Stored | None) -> Iterator[str]:
    if there is None:
        if thing.made.is_there:
            yield f"{thing.name} was acknowledged and is not there"
        return
    if not (thing.made.is_there or thing.made.may_be_there):
        yield f"{thing.name} was refused and is there"
    yield from _of_revisions(thing, there)
    yield from _of_labels(thing, there)
    yield from _of_draft(thing, there)


def _of_revisions(thing: Thing, there: Stored) -> Iterator[str]:
    digests = [revision.digest for revision in there.revisions]
    expected: list[str] = []
    for entry in [thing.made, *thing.publications]:
        digest = digest_of(entry.about["content"])
        here = len(expected)
        is_next = here < len(digests) and digests[here] == digest
        if entry.is_there:
            number = entry.answer.get("number", here + 1)
            if not is_next or number != here + 1:
                yield f"{thing.name}: revision {number} was acknowledged, and is lost"
        if entry.is_there or (entry.may_be_there and is_next):
            expected.append(digest)
    if digests != expected:
        yield f"{thing.name} has {len(digests)} revisions, not {len(expected)}"
    numbers = [revision.number for revision in there.revisions]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"{thing.name} has the revisions {numbers}"
    if (there.labels.get("latest"), there.row.latest_number) != (
        len(numbers),
        len(numbers),
    ):
        yield f"{thing.name}: latest is {there.labels.get('latest')}, of {numbers}"
    told = there.events["component.created"], there.events["revision.published"]
    if told != (1, len(numbers) - 1):
        yield f"{thing.name}: {len(numbers)} revisions, and events for {told}"


def _of_labels(thing: Thing, there: Stored) -> Iterator[str]:
    for label in {entry.about["label"] for entry in thing.moves}:
        possible: set[int | None] = {None}
        for entry in thing.moves:
            if entry.about["label"] != label:
                continue
            if entry.is_there:
                possible = {entry.about["number"]}
            elif entry.may_be_there:
                possible.add(entry.about["number"])
        number = there.labels.get(label)
        if number not in possible:
            yield f"{thing.name}: {label} is at {number}, and not at {possible}"


def _of_draft(thing: Thing, there: Stored) -> Iterator[str]:
    possible: set[str | None] = {None}
    for entry, content in thing.drafts:
        if entry.is_there:
            possible = {content}
        elif entry.may_be_there:
            possible.add(content)
    if there.draft not in possible:
        yield f"{thing.name}: the draft is not what was acknowledged"


def _of_files(upload: Upload, there: Sequence[Stored | None]) -> Iterator[str]:
    present = [one for one in there if one is not None]
    applied = upload.applied
    must = applied is not None and applied.is_there
    may = applied is not None and applied.may_be_there
    if len(present) not in {FILES if must else 0, FILES if may or must else 0}:
        yield f"{len(present)} of the {FILES} files of {upload.mark} are there"
    for one in present:
        if len(one.revisions) != 1 or one.events["component.created"] != 1:
            yield f"{one.row.name} was imported more than once"


async def imports_of(
    session: AsyncSession, people: Sequence[Person]
) -> AsyncIterator[str]:
    """Say which imports are missing, twice there, or not done."""
    rows = await session.exec(
        select(ImportFile.import_id, ImportFile.path).where(
            col(ImportFile.path).like("%-0.md")
        )
    )
    marks: dict[str, set[UUID]] = defaultdict(set)
    for import_id, path in rows.all():
        marks[path.removesuffix("-0.md")].add(import_id)
    states = dict((await session.exec(select(Import.id, Import.state))).all())
    for person in people:
        for upload in person.uploaded:
            ids = marks.pop(upload.mark, set())
            least = int(upload.made.is_there)
            most = int(least or upload.made.may_be_there)
            if not least <= len(ids) <= most:
                yield f"{upload.mark} is there {len(ids)} times"
            wanted = upload.applied is not None and upload.applied.is_there
            for one in ids:
                if wanted and states[one] is not ImportState.applied:
                    yield f"{upload.mark} was to be applied, and is {states[one]}"
    for mark in marks:
        yield f"the import {mark} is there, and nobody asked for it"
