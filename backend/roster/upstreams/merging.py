"""What comes of a component and of an update of it: nothing here stores anything."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import anyio.to_thread
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.reading import find_many, redacted, whole
from roster.blobs.storage import BlobStore, store_of
from roster.components.content import TreeFile
from roster.components.draft_trees import compare_trees
from roster.components.kinds import KINDS, Kind
from roster.components.kinds.base import Literal
from roster.components.lifecycle_schemas import FileMerge
from roster.components.merging import Merged, merge
from roster.core.errors import Conflict, NotFound
from roster.lint import secrets
from roster.lint.decoding import decode
from roster.settings import Settings
from roster.upstreams import versions
from roster.upstreams.models import UpstreamUpdate
from roster.upstreams.reading import Followed
from roster.upstreams.schemas import UpstreamMerge
from roster.upstreams.versions import Version

SCANNED_BYTES = 1024 * 1024
"""Larger files beside a main one are not looked into, as in an import."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The three sides of an update, and what they come to."""

    followed: Followed
    update: UpstreamUpdate
    base: Version
    mine: Version
    theirs: Version
    merged: Merged
    files: list[FileMerge]
    objection: str | None

    @property
    def is_clean(self) -> bool:
        return not self.merged.clashes and all(file.side for file in self.files)

    @property
    def stored_digest(self) -> str:
        """Of the update as it would be stored."""
        return self.theirs.digest(KINDS[self.followed.component.kind])


async def meet(
    session: AsyncSession, followed: Followed, *, settings: Settings
) -> Meeting:
    """Merge the update of a component into its newest revision.

    Raises:
        NotFound: There is no update of it.
        Conflict: It has no revision that is not yanked, or the update is not there.
    """
    component, upstream, update = (
        followed.component,
        followed.upstream,
        followed.update,
    )
    if update is None:
        raise NotFound("There is no update of it; check its repository.")
    if not component.latest_number:
        raise Conflict(
            "All of its revisions are yanked. Take one back, or publish another one, "
            "and update it then."
        )
    store = store_of(settings)
    theirs = await versions.update(session, store, component, upstream)
    base = await versions.base(session, store, component, upstream)
    mine = await versions.revision(session, component, component.latest_number)
    merged = await anyio.to_thread.run_sync(merge, base.text, mine.text, theirs.text)
    files = compare_trees(base.others, mine.others, theirs.others)
    objection = await _objection(session, store, followed, [base, mine], theirs)
    return Meeting(followed, update, base, mine, theirs, merged, files, objection)


def public(meeting: Meeting) -> UpstreamMerge:
    component = meeting.followed.component
    return UpstreamMerge(
        number=meeting.followed.upstream.number,
        latest_number=component.latest_number,
        latest_digest=component.latest_digest,
        update_digest=meeting.update.digest,
        commit=meeting.update.commit,
        base=meeting.base.text,
        mine=meeting.mine.text,
        theirs=meeting.theirs.text,
        merged=meeting.merged.text,
        conflicts=meeting.merged.clashes,
        files=meeting.files,
        clean=meeting.is_clean,
        objection=meeting.objection,
    )


async def _objection(
    session: AsyncSession,
    store: BlobStore,
    followed: Followed,
    known: Collection[Version],
    theirs: Version,
) -> str | None:
    """Why nobody should take it unseen: an import asks about secrets, this does not."""
    kind = KINDS[followed.component.kind]
    there = {digest for one in known for digest in _digests(one.others.values())}
    new = [file for file in theirs.others.values() if file.digest not in there]
    team_id = followed.component.team_id
    if await redacted(session, team_id, _digests(new)):
        return "It holds a file that the team redacted."
    texts = await _texts(session, store, new)

    def look() -> str | None:
        seen = {leak.value for one in known for leak in _in_main(kind, one.main)}
        found = [(kind.main, leak) for leak in _in_main(kind, theirs.main)]
        found += [(path, leak) for path, text in texts for leak in _in_text(text)]
        for path, leak in found:
            if leak.value not in seen:
                return _leak(path, leak)
        return None

    return await anyio.to_thread.run_sync(look)


@dataclass(frozen=True, slots=True)
class _Leak:
    value: str = field(repr=False)
    line: int
    label: str


def _leak(path: str, leak: _Leak) -> str:
    return (
        f"It brings {leak.label} in {path}, line {leak.line}, or what looks like one. "
        f"Import the repository again, and decide there what becomes of it."
    )


def _in_main(kind: Kind, data: bytes) -> list[_Leak]:
    """What looks like a secret by its shape, or by where a kind has it."""
    if not data:  # redacted
        return []
    parsed = kind.parse(data, kind.main, limit=len(data))
    by_place = [_at(parsed.text, one) for one in parsed.secrets]
    return by_place + _in_text(decode(data, limit=len(data)).text)


def _in_text(text: str) -> list[_Leak]:
    return [_at(text, one) for one in secrets.find(text)]


def _at(text: str, one: Literal | secrets.Secret) -> _Leak:
    line = text.count("\n", 0, one.start) + 1
    return _Leak(text[one.start : one.end], line, one.label)


def _digests(files: Iterable[TreeFile]) -> list[str]:
    return [file.digest for file in files]


async def _texts(
    session: AsyncSession, store: BlobStore, files: Iterable[TreeFile]
) -> list[tuple[str, str]]:
    small = [file for file in files if file.size <= SCANNED_BYTES]
    found = []
    for file in small:
        blobs = await find_many(session, [file.digest])
        data = await whole(store, blobs[file.digest])
        if b"\0" not in data:
            found.append((file.path, data.decode("utf-8", "replace")))
    return found
