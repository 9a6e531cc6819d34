"""What is uploaded into a draft: staged before the transaction that notes it."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.concurrency import run_in_threadpool

from roster.blobs.staging import Source, stage
from roster.blobs.storage import StoreDep
from roster.components.content import TreeFile
from roster.components.deps import DraftedTreeKind
from roster.components.tree_upload import (
    PATH_LENGTH,
    Place,
    Tree,
    checked_path,
    limits_of,
    take,
)
from roster.core.db import DatabaseDep
from roster.core.deps import SettingsDep
from roster.core.errors import Invalid
from roster.uploads.archive import EXECUTABLE, PLAIN, is_archive
from roster.uploads.multipart import Part, receive_raw
from roster.uploads.spool import Span, Spool

DraftPath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=PATH_LENGTH,
        description="Path of the file in the draft.",
        examples=["references/style.md"],
    ),
]


async def uploaded_file(  # noqa: PLR0913, PLR0917 - one for each part of the request
    kind: DraftedTreeKind,
    path: DraftPath,
    request: Request,
    database: DatabaseDep,
    settings: SettingsDep,
    store: StoreDep,
    *,
    executable: Annotated[
        bool, Query(description="Whether it may be run, as a script is.")
    ] = False,
) -> TreeFile:
    checked_path(kind, path)
    with Spool() as spool:
        span = await receive_raw(request, spool, settings.tree_bytes)
        source = Source(span.size, lambda: spool.open(span))
        [digest] = await stage(database, settings, store, [source])
    return TreeFile(path, digest, span.size, EXECUTABLE if executable else PLAIN)


async def uploaded_tree(
    kind: DraftedTreeKind,
    request: Request,
    database: DatabaseDep,
    settings: SettingsDep,
    store: StoreDep,
) -> Tree:
    with Spool() as spool:
        span = await receive_raw(request, spool, limits_of(settings).unpacked_bytes)
        start = await run_in_threadpool(spool.read, Span(span.start, min(span.size, 4)))
        if not is_archive("", start):
            raise Invalid.field("files", "Send a zip archive.", "zip_broken")
        place = Place(kind, database, settings, store)
        return await take(place, [Part("tree.zip", span)], spool)


UploadedFile = Annotated[TreeFile, Depends(uploaded_file)]
UploadedTree = Annotated[Tree, Depends(uploaded_tree)]
