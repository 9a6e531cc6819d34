"""Fetch from another Roster what one of its lock files lists."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath
from urllib.parse import quote

from pydantic import SecretStr

from roster.components.content import tree_digest
from roster.components.kinds import KINDS
from roster.core.errors import Problem
from roster.fetching.addresses import Location, Resolver, system
from roster.fetching.errors import FetchError, Reason
from roster.fetching.http import Answer, Asked, ask, read_into
from roster.fetching.locks import Lock, Locked, read_lock
from roster.fetching.messages import media_type
from roster.settings import Settings
from roster.uploads.archive import EXECUTABLE, Archive, Incoming, Limits
from roster.uploads.multipart import Part
from roster.uploads.spool import Span, Spool
from roster.uploads.tar_form import END, head_of, padding

AT_ONCE = 4
ANSWER_BYTES = 1024 * 1024
ZIP = "application/zip"
FOR_ALL = frozenset(
    {
        Reason.address,
        Reason.tls,
        Reason.unreachable,
        Reason.needs_token,
        Reason.wrong_token,
    }
)
"""What is wrong with the whole instance, and not with one entry."""

OnEntries = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refusal:
    path: str
    reason: str


@dataclass
class LockFetched:
    """What came.

    Attributes:
        parts: One TAR with all files, as tools keep them, in a folder for each team.
        refusals: The entries that could not be taken.
        instance: Where they came from.
    """

    parts: list[Part]
    refusals: list[Refusal]
    instance: str


@dataclass
class _Received:
    """The bytes of all entries together, for their limit."""

    most: int
    bytes: int = 0

    @property
    def left(self) -> int:
        return max(0, self.most - self.bytes)


class _EntryError(Exception):
    """This entry cannot be taken; the others go on."""


Files = list[tuple[str, Incoming]]
"""(path, file) of one entry, in a spool of its own."""


class _Instance:
    """Another Roster, as its public API shows it."""

    def __init__(
        self,
        address: str,
        token: SecretStr | None,
        settings: Settings,
        resolver: Resolver,
    ) -> None:
        self.address = address
        self._token = token
        self._settings = settings
        self._resolver = resolver
        self._received = _Received(settings.fetch_bytes)

    async def attempt(self, entry: Locked, spool: Spool) -> Files | str | FetchError:
        """The files of an entry, or why not it, or why none of them all."""
        try:
            return await self.take(entry, spool)
        except _EntryError as error:
            return str(error)
        except FetchError as error:
            return error

    async def take(self, entry: Locked, spool: Spool) -> Files:
        """Fetch the tree of an entry and prove that it is what was locked.

        Raises:
            _EntryError: It is not there, or something else.
            FetchError: The instance cannot be asked.
        """
        if entry.shadowed:
            raise _EntryError("Another entry of the lock has its name and comes first.")
        if entry.kind not in KINDS:
            raise _EntryError(
                f"This instance knows no components of kind {entry.kind}."
            )
        try:
            async with asyncio.timeout(self._settings.fetch_seconds):
                component = await self._find(entry, spool)
                span = await self._tree(entry, component, spool)
            files = await asyncio.to_thread(self._verified, entry, spool, span)
        except TimeoutError as error:
            raise _EntryError("It took too long to be fetched.") from error
        except FetchError as error:
            if error.reason in FOR_ALL:
                raise
            raise _EntryError(error.message) from error
        except Problem as error:
            raise _EntryError(error.detail) from error
        return files

    async def _find(self, entry: Locked, spool: Spool) -> str:
        reference = quote(entry.reference, safe=":/@")
        path = f"/api/v1/resolve?ref={reference}"
        async with self._ask(path, "application/json") as answer:
            self._check(answer, "application/json")
            span = await read_into(answer, spool, ANSWER_BYTES)
        try:
            found = json.loads(spool.read(span))
            component, is_there = str(found["id"]), found["component"] is not None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._no_roster() from error
        if not is_there:
            raise _EntryError("It was deleted there.")
        return component

    async def _tree(self, entry: Locked, component: str, spool: Spool) -> Span:
        path = f"/api/v1/components/{quote(component, safe='')}"
        async with self._ask(f"{path}/revisions/{entry.number}", ZIP) as answer:
            self._check(answer, ZIP)
            most = min(self._settings.tree_bytes, self._received.left)
            span = await read_into(answer, spool, most)
        self._received.bytes += span.size
        return span

    def _ask(self, path: str, accept: str) -> AbstractAsyncContextManager[Answer]:
        bearer = None
        if self._token is not None:
            bearer = SecretStr(f"Bearer {self._token.get_secret_value()}")
        return ask(
            self.address + path,
            settings=self._settings,
            resolver=self._resolver,
            asked=Asked({"Accept": accept}, bearer),
        )

    def _check(self, answer: Answer, wanted: str) -> None:
        status = answer.status
        if status == HTTPStatus.UNAUTHORIZED:
            if self._token is None:
                raise FetchError(
                    f"{self.address} wants an API token.", Reason.needs_token
                )
            raise FetchError(
                f"{self.address} refuses the API token: it is wrong, or has ended.",
                Reason.wrong_token,
            )
        if status == HTTPStatus.FORBIDDEN:
            raise _EntryError("It may not be read with this API token.")
        if status == HTTPStatus.NOT_FOUND:
            raise _EntryError("It is not there, or may not be seen with this token.")
        if status == HTTPStatus.GONE:
            raise _EntryError("Something in it was redacted there.")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in {408, 429}:
            raise FetchError(
                f"{self.address} is in trouble or busy: it answers {status}.",
                Reason.unreachable,
            )
        said = media_type(answer.headers.get("content-type", ""))
        if status != HTTPStatus.OK or said != wanted:
            raise self._no_roster()

    def _no_roster(self) -> FetchError:
        return FetchError(f"There is no Roster at {self.address}.", Reason.address)

    def _verified(self, entry: Locked, spool: Spool, span: Span) -> Files:
        """The files under the paths of an upload, if they are what was locked."""
        settings = self._settings
        limits = Limits(settings.tree_files, settings.tree_bytes, settings.tree_bytes)
        archive = Archive(spool.open(span), entry.reference, limits)
        lines, files = [], []
        for file in archive.files(spool):
            if file.span is None or not file.is_whole:
                raise _EntryError(f"{file.path}: {file.refusal or 'It is too large.'}")
            digest = hashlib.sha256(spool.read(file.span)).hexdigest()
            lines.append((file.path, file.mode, digest))
            files.append((_path(entry, file.path), file))
        if tree_digest(lines) != entry.digest:
            raise _EntryError(
                "What the instance gives is not what was locked: its digest differs."
            )
        return files


def _path(entry: Locked, path: str) -> str:
    """Where a file stands in the TAR: as tools keep it, below its team."""
    kind = KINDS[entry.kind]
    main = PurePosixPath(kind.export_path(entry.name))
    place = main if path == kind.main else main.parent / path
    return f"{entry.team}/{place}".replace("/.claude/", "/", 1)


async def fetch_lock(  # noqa: PLR0913 - what it is, from where, how much, who is told
    lock: bytes,
    address: str | None,
    token: SecretStr | None,
    spool: Spool,
    *,
    settings: Settings,
    resolver: Resolver = system,
    on_progress: OnEntries | None = None,
) -> LockFetched:
    """Fetch the revisions that a lock file lists, each proved by its digest.

    Args:
        lock: The file.
        address: Of the instance; None: the lock says it.
        token: An API token of that instance.
        spool: Gets the files at its end; nobody else may append to it meanwhile.
        settings: Its limits, and what is private but allowed.
        resolver: Gives the addresses of a host.
        on_progress: Is told how many entries of how many are done.

    Raises:
        FetchError: It is no lock, or the instance cannot be asked.
    """
    read = read_lock(lock)
    instance = _Instance(_address(read, address), token, settings, resolver)
    refusals = [Refusal(*one) for one in read.unread]
    start = spool.size
    for first in range(0, len(read.entries), AT_ONCE):
        batch = read.entries[first : first + AT_ONCE]
        refusals += await _take(instance, batch, spool)
        if on_progress is not None:
            on_progress(first + len(batch), len(read.entries))
    if spool.size == start:
        return LockFetched([], refusals, instance.address)
    await asyncio.to_thread(spool.append, END)
    part = Part("lock.tar", Span(start, spool.size - start))
    return LockFetched([part], refusals, instance.address)


async def _take(
    instance: _Instance, batch: Sequence[Locked], spool: Spool
) -> list[Refusal]:
    """Fetch a few entries at once, add what was proved, and give what was not."""
    refusals = []
    with ExitStack() as stack:
        spools = [stack.enter_context(Spool()) for _ in batch]
        outcomes = await asyncio.gather(*map(instance.attempt, batch, spools))
        for entry, own, found in zip(batch, spools, outcomes, strict=True):
            if isinstance(found, FetchError):
                raise found
            if isinstance(found, str):
                refusals.append(Refusal(entry.reference, found))
            else:
                await asyncio.to_thread(_append, spool, own, found)
    return refusals


def _address(lock: Lock, address: str | None) -> str:
    given = (address or lock.instance or "").strip()
    if not given:
        raise FetchError(
            "The lock file does not say which instance it is from: give its address.",
            Reason.address,
        )
    try:
        location = Location.parse(given)
    except ValueError as error:
        raise FetchError(str(error), Reason.address) from error
    return str(location).partition("?")[0].rstrip("/")


def _append(spool: Spool, source: Spool, files: Files) -> None:
    for path, file in files:
        if file.span is not None:
            is_executable = file.mode == EXECUTABLE
            spool.append(head_of(path, file.size, is_executable=is_executable))
            spool.append_from(source.open(file.span), file.size)
            spool.append(bytes(padding(file.size)))
