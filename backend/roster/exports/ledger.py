"""What an exporter writes down on its way: files, notes and variables."""

import unicodedata
from collections.abc import Iterable

from roster.components.content import FILE_MODE
from roster.components.kinds import Reference
from roster.components.stored import StoredFile
from roster.exports.shipment import Item
from roster.exports.targets.base import (
    LOSSES,
    Exported,
    ExportFile,
    Fate,
    Note,
    Variable,
    Weight,
    exported,
)
from roster.exports.weights import weigh

AS_IT_IS = "It is read as it is."
_TAKEN = "The export has another file of this path, which stays."
_TWIN = "macOS and Windows take the two for one file: one of them gets lost."


class Ledger:
    """Two files of one path never come out: the first stays, and a note says so."""

    def __init__(self) -> None:
        self._files: dict[str, ExportFile] = {}
        self._notes: list[Note] = []
        self._variables: dict[str, Variable] = {}

    def add(
        self,
        path: str,
        data: bytes,
        item: Item | None = None,
        mode: str = FILE_MODE,
    ) -> None:
        """Add a file by its bytes; without an item, several components share it."""
        component = item.reference if item else ""
        self._put(ExportFile(path, data, mode=mode, component=component))

    def store(self, path: str, file: StoredFile, item: Item) -> None:
        """Add a file of a component as it is stored."""
        self._put(
            ExportFile(path, stored=file, mode=file.mode, component=item.reference)
        )

    def _put(self, file: ExportFile) -> None:
        before = self._files.setdefault(file.path, file)
        if before is not file:
            note = Note(
                component=file.component,
                path=file.path,
                fate=Fate.dropped,
                weight=Weight.serious,
                becomes=before.component or None,
                why=_TAKEN,
            )
            self._notes.append(note)

    def note(  # noqa: PLR0913, PLR0917 - the parts of a note
        self,
        item: Item,
        fate: Fate,
        why: str,
        path: str | None = None,
        field: str | None = None,
        becomes: str | None = None,
        weight: Weight | None = None,
    ) -> None:
        """Note what became of something; without a weight, the tables say it."""
        self._notes.append(
            Note(
                component=item.reference,
                path=path,
                field=field,
                fate=fate,
                weight=weight or weigh(item.kind, fate, field),
                becomes=becomes,
                why=why,
            )
        )

    def of_all(
        self, fate: Fate, why: str, path: str, becomes: str | None = None
    ) -> None:
        """Note something of a file that several components share."""
        self._notes.append(
            Note(
                component="",
                path=path,
                fate=fate,
                weight=Weight.serious if fate in LOSSES else Weight.none,
                becomes=becomes,
                why=why,
            )
        )

    def kept(self, item: Item, why: str, path: str | None = None) -> None:
        self.note(item, Fate.kept, why, path)

    def renamed(
        self,
        item: Item,
        why: str,
        path: str | None = None,
        field: str | None = None,
        becomes: str | None = None,
    ) -> None:
        self.note(item, Fate.renamed, why, path, field, becomes)

    def approximated(
        self,
        item: Item,
        why: str,
        path: str | None = None,
        field: str | None = None,
        becomes: str | None = None,
    ) -> None:
        self.note(item, Fate.approximated, why, path, field, becomes)

    def dropped(
        self,
        item: Item,
        why: str,
        path: str | None = None,
        field: str | None = None,
        becomes: str | None = None,
    ) -> None:
        self.note(item, Fate.dropped, why, path, field, becomes)

    def variables(self, item: Item, references: Iterable[Reference]) -> None:
        """Note which environment variables a component needs."""
        for one in references:
            before = self._variables.get(one.name)
            holders = before.components if before else ()
            default = before.default if before else None
            self._variables[one.name] = Variable(
                name=one.name,
                required=one.required or (before is not None and before.required),
                default=one.default if default is None else default,
                components=tuple(dict.fromkeys((*holders, item.reference))),
            )

    @property
    def needed(self) -> list[Variable]:
        return [self._variables[name] for name in sorted(self._variables)]

    def exported(self) -> Exported:
        """All of it, with a line for each file that nothing else was said of."""
        notes = [*self._notes, *self._twins()]
        said = {note.path for note in notes}
        notes += [
            Note(
                component=file.component,
                path=path,
                fate=Fate.kept,
                weight=Weight.none,
                why=AS_IT_IS,
            )
            for path, file in sorted(self._files.items())
            if file.component and path not in said
        ]
        return exported(self._files.values(), notes, self._variables.values())

    def _twins(self) -> list[Note]:
        """Files that are one where case and the spelling of accents do not count."""
        first: dict[str, str] = {}
        notes = []
        for path, file in sorted(self._files.items()):
            other = first.setdefault(_folded(path), path)
            if other != path:
                note = Note(
                    component=file.component,
                    path=path,
                    fate=Fate.approximated,
                    weight=Weight.serious,
                    becomes=other,
                    why=_TWIN,
                )
                notes.append(note)
        return notes


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
