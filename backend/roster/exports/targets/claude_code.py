"""Target `claude-code`: the folders of a project, as Claude Code reads them."""

from pathlib import PurePosixPath

from roster.components.kinds import KINDS
from roster.exports import servers
from roster.exports.shipment import Item, Shipment
from roster.exports.targets.base import (
    Exported,
    ExportFile,
    Fate,
    Note,
    Target,
    exported,
)

_AS_IT_IS = "Claude Code reads it as it is."


def export(shipment: Shipment) -> Exported:
    files: list[ExportFile] = []
    notes: list[Note] = []
    held = [item for item in shipment.items if item.kind == servers.KIND]
    for item in shipment.items:
        if item.kind != servers.KIND:
            files += _files(item)
            notes.append(_kept(item, KINDS[item.kind].export_path(item.name)))
    if held:
        merged = servers.merged([(item.name, item.main) for item in held])
        files.append(ExportFile(servers.PATH, merged))
        notes += [_kept(item, servers.PATH) for item in held]
    return exported(files, notes)


def _files(item: Item) -> list[ExportFile]:
    main = PurePosixPath(KINDS[item.kind].export_path(item.name))
    component = item.reference
    found = [ExportFile(str(main), item.main, mode=item.mode, component=component)]
    for file in item.others:
        path = str(main.parent / file.path)
        found.append(ExportFile(path, stored=file, mode=file.mode, component=component))
    return found


def _kept(item: Item, path: str) -> Note:
    return Note(component=item.reference, path=path, fate=Fate.kept, why=_AS_IT_IS)


TARGET = Target(
    "claude-code",
    "Claude Code",
    "claude-code",
    "The folder .claude of a project, and .mcp.json.",
    export,
)
