"""Lay releases out for targets, once for all who ask for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs import reading as blobs
from roster.blobs.storage import BlobStore
from roster.collections import exporting, shipping
from roster.components.stored import StoredFile
from roster.core.db import Database
from roster.exports.shipment import Shipment
from roster.exports.targets.base import Exported
from roster.exports.targets.registry import TARGETS
from roster.git.history import Part
from roster.git.objects import BLOB, Id, begin_id, entries_of, found_in
from roster.git.shelf import Shelf
from roster.git.trees import Laid, laid, stored_in

MAIN_TARGET = "claude-plugin"
"""What git checks out, where nothing else is asked for: it is a marketplace."""
PLUGINS = "plugins"
PLUGIN = f"{MAIN_TARGET}/{PLUGINS}"
"""In place of a target: the folder of the plugin in that one."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What work for git clients is done with."""

    shelf: Shelf
    database: Database
    store: BlobStore


async def roots_of(
    bench: Bench, releases: Iterable[UUID], targets: Sequence[str]
) -> dict[Part, Id]:
    """The outermost folders of releases that the caller was found to be shown.

    Args:
        bench: What they are made with.
        releases: Their ids.
        targets: For which; or `PLUGIN`.
    """
    shelf = bench.shelf
    wanted = [(id_, target) for id_ in releases for target in targets]
    unknown = {part[0]: None for part in wanted if part not in shelf.roots}
    if unknown:
        shelf.roots.update(await shelf.in_thread(shelf.memory.read, list(unknown)))
    for release_id in unknown:
        missing = [part for part in wanted if part[0] == release_id]
        if any(part not in shelf.roots for part in missing):
            await trees_of(bench, [_laid_with(part) for part in missing])
    return {part: shelf.roots[part] for part in wanted}


def _laid_with(part: Part) -> Part:
    release_id, name = part
    return release_id, MAIN_TARGET if name == PLUGIN else name


async def trees_of(bench: Bench, parts: Iterable[Part]) -> dict[Part, Laid]:
    """Lay releases out, or take them from the shelf."""
    by_release: dict[UUID, list[str]] = {}
    found: dict[Part, Laid] = {}
    for part in parts:
        kept = bench.shelf.laid.get(part)
        if kept is not None:
            found[part] = kept
        else:
            by_release.setdefault(part[0], []).append(part[1])
    for release_id, targets in by_release.items():
        names = tuple(dict.fromkeys(targets))
        found |= await bench.shelf.once(
            ("lay", release_id, names),
            partial(_lay, bench, release_id, names),
        )
    return found


async def _lay(
    bench: Bench, release_id: UUID, targets: Sequence[str]
) -> dict[Part, Laid]:
    shelf = bench.shelf
    async with shelf.laying:
        async with bench.database.read() as session:
            files = await exporting.files_by_id(session, release_id)
            shipment = await shipping.shipment_of(
                session, bench.store, release_id, files
            )
        made = await shelf.in_thread(_export, shipment, targets)
        stored = await _stored_ids(bench, stored_in(made))
        found = await shelf.in_thread(_laid, release_id, targets, made, stored)
    roots = {target: one.root for (_, target), one in found.items()}
    if MAIN_TARGET in roots:
        roots[PLUGIN] = _plugin_in(found[release_id, MAIN_TARGET])
    await shelf.in_thread(shelf.memory.write, release_id, roots)
    for name, root in roots.items():
        if shelf.roots.get((release_id, name), root) != root:
            shelf.histories.clear()  # it was made by what is no longer so
        shelf.roots[release_id, name] = root
    for part, one in found.items():
        if one.size <= shelf.laid.maxsize:
            shelf.laid[part] = one
    return found


def _plugin_in(laid: Laid) -> Id:
    """The folder of the only plugin."""
    plugins = found_in(laid.root, laid.trees, PLUGINS)
    [(_, _, folder)] = entries_of(laid.trees[plugins or b""])
    return folder


def _export(shipment: Shipment, targets: Sequence[str]) -> list[Exported]:
    return [TARGETS[target].export(shipment) for target in targets]


def _laid(
    release_id: UUID,
    targets: Sequence[str],
    made: Sequence[Exported],
    stored: dict[str, Id],
) -> dict[Part, Laid]:
    known: dict[bytes, Id] = {}
    return {
        (release_id, target): laid(one, stored, known)
        for target, one in zip(targets, made, strict=True)
    }


async def _stored_ids(bench: Bench, files: dict[str, StoredFile]) -> dict[str, Id]:
    """What git calls stored files; all their bytes have to be read for that."""
    known = bench.shelf.blob_ids
    found = {digest: known[digest] for digest in files if digest in known}
    missing = sorted(files.keys() - found.keys())
    if not missing:
        return found
    async with bench.database.read() as session:
        for start in range(0, len(missing), exporting.AT_ONCE):
            batch = missing[start : start + exporting.AT_ONCE]
            found |= await _read(bench, session, batch)
    for digest in missing:
        known[digest] = found[digest]
    return found


async def _read(
    bench: Bench, session: AsyncSession, digests: Sequence[str]
) -> dict[str, Id]:
    found: dict[str, Id] = {}
    for digest, blob in (await blobs.find_many(session, digests)).items():
        counted = begin_id(BLOB, blob.size)
        async for chunk in blobs.stream(bench.store, blob):
            counted.update(chunk)
        found[digest] = counted.digest()
    return found
