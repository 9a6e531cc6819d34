"""Trees as they are uploaded: as files with their paths, or as one archive."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from unicodedata import normalize

from fastapi.concurrency import run_in_threadpool

from roster.blobs.staging import Source, stage
from roster.blobs.storage import BlobStore
from roster.components.content import TreeFile
from roster.components.kinds import Kind
from roster.core.db import Database
from roster.core.errors import Invalid, TooLarge
from roster.settings import Settings
from roster.uploads.archive import Incoming, Limits, is_archive
from roster.uploads.multipart import Part
from roster.uploads.paths import objection, tidy, unportable
from roster.uploads.spool import Span, Spool
from roster.uploads.unpacking import of_part, unpack

PATH_LENGTH = 512
MAGIC_BYTES = 4


@dataclass(frozen=True, slots=True)
class Tree:
    """A main file as bytes, and the others, which are staged."""

    main: bytes
    others: tuple[TreeFile, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tree goes to."""

    kind: Kind
    database: Database
    settings: Settings
    store: BlobStore


def limits_of(settings: Settings) -> Limits:
    return Limits(
        files=settings.tree_files,
        file_bytes=settings.tree_bytes,
        unpacked_bytes=settings.tree_bytes,
    )


def checked_path(kind: Kind, path: str) -> str:
    """A path that a file beside the main one may have.

    Raises:
        Invalid: It is none.
    """
    reason = objection(path) or unportable(path)
    if reason is None and (tidy(path) != path or len(path) > PATH_LENGTH):
        reason = (
            f"Write it with at most {PATH_LENGTH} characters, and without empty parts."
        )
    if reason is None and path.lower() == kind.main.lower():
        reason = f"{kind.main} is the text of the draft itself; save that."
    if reason is not None:
        raise Invalid.field("path", reason)
    return path


def clashes(paths: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Give (path, another before it, why) of what some system cannot have together.

    Many systems do not tell upper from lower case, or ways to write an accent.
    """
    known: dict[str, str] = {}
    folders: dict[str, tuple[str, str]] = {}
    for path in sorted(paths):
        alike = _alike(path)
        above = [(str(one), _alike(str(one))) for one in PurePosixPath(path).parents]
        above.pop()  # the folder of the tree itself
        if alike in known:
            other = known[alike]
            reason = f"There are two files {path}."
            if other != path:
                reason = f"Many systems cannot tell {path} from {other}."
            yield path, other, reason
            continue
        if alike in folders:
            folder, other = folders[alike]
            yield path, other, f"{path} cannot be a file and the folder of {other}."
            continue
        file = next((known[name] for _, name in above if name in known), None)
        if file is not None:
            yield path, file, f"{file} cannot be a file and the folder of {path}."
            continue
        known[alike] = path
        for folder, name in above:
            folders.setdefault(name, (folder, path))


def _alike(path: str) -> str:
    return normalize("NFC", normalize("NFC", path).casefold())


def check_together(paths: Iterable[str]) -> None:
    """Refuse paths that cannot be together, as `clashes` says.

    Raises:
        Invalid: There are such.
    """
    for _, _, reason in clashes(paths):
        raise Invalid.field("path", reason)


def check_tree(files: Sequence[TreeFile], settings: Settings) -> None:
    """Refuse files that cannot be beside a main one together.

    Raises:
        Invalid: Their paths cannot.
        TooLarge: They are too many or too large.
    """
    check_together(file.path for file in files)
    total = sum(file.size for file in files)
    if total > settings.tree_bytes or len(files) >= settings.tree_files:
        raise TooLarge(
            f"A component may have {settings.tree_files:,} files with "
            f"{settings.tree_bytes:,} bytes together."
        )


async def take(place: Place, parts: Sequence[Part], spool: Spool) -> Tree:
    """Stage the files of an upload: those of one archive, or the parts themselves.

    Raises:
        Invalid: They are no tree of the kind, or one cannot be taken.
        TooLarge: They are too many or too large.
    """
    found = await run_in_threadpool(_read, place, parts, spool)
    main, others = found[0], found[1:]
    if main.size > place.settings.file_bytes:
        raise TooLarge(
            f"{place.kind.main} has {main.size:,} bytes; at most "
            f"{place.settings.file_bytes:,} are taken."
        )
    sources = [_source(file, spool) for file in others]
    digests = await stage(place.database, place.settings, place.store, sources)
    return Tree(
        await run_in_threadpool(spool.read, _span(main)),
        tuple(
            TreeFile(file.path, digest, file.size, file.mode)
            for file, digest in zip(others, digests, strict=True)
        ),
    )


def _source(file: Incoming, spool: Spool) -> Source:
    span = _span(file)
    return Source(span.size, lambda: spool.open(span))


def _span(file: Incoming) -> Span:
    if file.span is None or not file.is_whole:
        raise TooLarge(f"{file.path} has {file.size:,} bytes, which is too large.")
    return file.span


def _read(place: Place, parts: Sequence[Part], spool: Spool) -> list[Incoming]:
    limits = limits_of(place.settings)
    if len(parts) == 1 and _is_archive(parts[0], spool):
        files = list(unpack(parts, spool, limits).files)
    else:
        files = [of_part(part, limits) for part in parts]
    for file in files:
        if file.refusal is not None:
            raise Invalid.field("files", f"{file.path}: {file.refusal}")
    total = sum(file.size for file in files)
    if total > limits.unpacked_bytes or len(files) > limits.files:
        raise TooLarge(
            f"These are {len(files):,} files with {total:,} bytes; at most "
            f"{limits.files:,} with {limits.unpacked_bytes:,} are taken."
        )
    return _arranged(place.kind, files)


def _is_archive(part: Part, spool: Spool) -> bool:
    start = spool.read(Span(part.span.start, min(MAGIC_BYTES, part.span.size)))
    return is_archive(part.path, start)


def _arranged(kind: Kind, files: Sequence[Incoming]) -> list[Incoming]:
    """The files under their paths in the tree, the main one first."""
    mains = [
        file
        for file in files
        if PurePosixPath(file.path).name.lower() == kind.main.lower()
    ]
    if not mains:
        message = f"There is no {kind.main} among the files."
        raise Invalid.field("files", message, "main_missing")
    main = min(mains, key=lambda file: (file.path.count("/"), file.path))
    root = main.path[: -len(kind.main)]
    arranged = [main]
    for file in files:
        if file is main:
            continue
        if not file.path.startswith(root):
            message = f"{file.path} stands outside the folder of {main.path}."
            raise Invalid.field("files", message, "outside")
        path = file.path[len(root) :]
        if reason := unportable(path):
            raise Invalid.field("files", f"{file.path}: {reason}")
        path = checked_path(kind, path)
        arranged.append(_under(file, path))
    check_together([kind.main, *(file.path for file in arranged[1:])])
    return arranged


def _under(file: Incoming, path: str) -> Incoming:
    return Incoming(path, file.size, file.span, file.mode)
