"""Read files off the event loop: those that come in, and those that are stored."""

from collections import OrderedDict
from collections.abc import Collection
from typing import Any

import anyio.to_thread

from roster.components.content import Content, TreeFile, storable
from roster.components.kinds import KINDS, Kind, Parsed, kind_of
from roster.components.models import RevisionSource
from roster.components.schemas import LintRequest, LintResult
from roster.core.errors import FieldError, Invalid, TooLarge
from roster.lint.findings import Severity

CACHED_FILES = 512
CACHED_BYTES = 64 * 1024
"""Larger files are read anew each time, so that the cache stays small."""

READ_AT_ONCE_BYTES = 8 * 1024
"""A file up to this size takes less time than to hand it to a thread, and half a
millisecond where it is ordinary."""

_cache: OrderedDict[tuple[str, str, str, int], Parsed] = OrderedDict()


async def parse(
    kind: Kind,
    data: bytes,
    path: str | None,
    limit: int,
    others: Collection[str] | None = None,
) -> Parsed:
    def read() -> Parsed:
        return kind.parse(data, path, limit=limit, others=others)

    if len(data) <= READ_AT_ONCE_BYTES:
        return read()
    return await anyio.to_thread.run_sync(read)


async def read_stored(
    kind: Kind,
    name: str,
    digest: str,
    data: bytes,
    others: frozenset[str] | None = None,
) -> Parsed:
    """Read a stored file. It depends on what is given alone: kept a while.

    Args:
        kind: Of the component.
        name: Of the component; stands in for one that is missing in the file.
        digest: Of the file.
        data: The file.
        others: Paths of the files beside it; None if there can be none.
    """
    key = (kind.name, name, digest, hash(others))
    parsed = _cache.get(key)
    if parsed is None:
        path = kind.export_path(name)
        parsed = await parse(kind, data, path, max(1, len(data)), others)
        if len(data) <= CACHED_BYTES:
            _cache[key] = parsed
            if len(_cache) > CACHED_FILES:
                _cache.popitem(last=False)
    else:
        _cache.move_to_end(key)
    return parsed


def forget(digest: str) -> None:
    """Drop what is remembered of a file that was redacted."""
    for key in [key for key in _cache if key[2] == digest]:
        del _cache[key]


async def read_new(  # noqa: PLR0913 - one for each thing a revision records
    kind: Kind,
    text: str | bytes,
    *,
    name: str | None,
    message: str,
    source: RevisionSource,
    limit: int,
    others: tuple[TreeFile, ...] = (),
) -> Content:
    """Read a file that is to be published.

    Args:
        kind: What the file must be.
        text: The file.
        name: Name that the component has, or is to get.
        message: What the person says about the revision.
        source: How it came in.
        limit: Largest size in bytes.
        others: The files that are to stand beside it.

    Raises:
        TooLarge: The file is over the limit.
        Invalid: No valid manifest comes out, or it says another name.
    """
    data = text.encode() if isinstance(text, str) else text
    _check_size(data, limit)
    path = kind.export_path(name) if name else None
    paths = {file.path for file in others} if kind.is_tree else None
    parsed = await parse(kind, data, path, limit, paths)
    if not parsed.ok:
        raise _not_publishable(parsed)
    if name is not None and parsed.name != name:
        raise Invalid.field(
            "content",
            f"The file says that its name is {parsed.name}, and the component is "
            f"{name}. Write `name: {name}`.",
            "name_differs",
        )
    main = TreeFile.of(kind.main, data)
    return Content(main, parsed, message, source, others)


async def lint(request: LintRequest, limit: int) -> LintResult:
    """Say what a text would be worth as a component, without storing it."""
    data = request.content.encode()
    _check_size(data, limit)
    found = kind_of(request.path or "", data)
    kind = KINDS[request.kind] if request.kind else found or next(iter(KINDS.values()))
    parsed = await parse(kind, data, request.path, limit)
    manifest: dict[str, Any] = storable(parsed.manifest)
    return LintResult.of(parsed, manifest)


def _check_size(data: bytes, limit: int) -> None:
    if len(data) > limit:
        raise TooLarge(
            f"The file has {len(data):,} bytes; at most {limit:,} are taken here."
        )


def _not_publishable(parsed: Parsed) -> Invalid:
    detail = parsed.objection or "The file says no usable name; send one."
    if parsed.refused is not None:
        return Invalid.field("content", detail, parsed.refused.code)
    errors = [
        FieldError(
            loc="content",
            message=f"{finding.line}:{finding.column} {finding.message}",
            code=finding.rule,
        )
        for finding in parsed.findings
        if finding.severity is Severity.error
    ]
    return Invalid(detail, errors=errors or Invalid.field("content", detail).errors)
