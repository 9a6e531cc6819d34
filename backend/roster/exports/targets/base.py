"""What the exporters of all targets share: the files they make, and what got lost."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from roster.components.content import FILE_MODE, tree_digest
from roster.components.stored import StoredFile
from roster.exports.shipment import Shipment


class Fate(StrEnum):
    """What became of a file, or of a field of it."""

    kept = "kept"
    renamed = "renamed"
    approximated = "approximated"
    dropped = "dropped"


LOSSES = frozenset({Fate.approximated, Fate.dropped})


class Weight(StrEnum):
    """How much a loss matters to whoever wrote what is exported, the most first."""

    serious = "serious"
    notable = "notable"
    slight = "slight"
    none = "none"


_RANKS = {weight: rank for rank, weight in enumerate(Weight)}


class Note(BaseModel):
    """A line of the loss report."""

    model_config = ConfigDict(frozen=True)

    component: str = Field(examples=["agent:platform/reviewer@3"])
    path: str | None = Field(
        default=None, description="Of the file in the export; null: it has none."
    )
    field: str | None = Field(
        default=None, description="Of the manifest; null: it is about the whole file."
    )
    fate: Fate
    weight: Weight = Field(
        description="`serious`: it is missing there, hardly works, or may do more than "
        "it was allowed to. `notable`: it behaves otherwise, or somebody has to do "
        "something. `slight`: it looks or reads otherwise. `none`: nothing gets lost."
    )
    becomes: str | None = Field(
        default=None, description="What it is called there, or stands in for it."
    )
    why: str


class Variable(BaseModel):
    """An environment variable that the exported servers need."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(examples=["TICKETS_TOKEN"])
    required: bool
    default: str | None = None
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file of an export: its bytes, or where they are stored.

    Attributes:
        path: Relative, with slashes, below the folder of the project.
        data: The bytes; None for those of `stored`.
        stored: A file of a component that is given as it is.
        component: Whose it is; empty for one that several share.
    """

    path: str
    data: bytes | None = None
    stored: StoredFile | None = None
    mode: str = FILE_MODE
    component: str = ""

    @property
    def size(self) -> int:
        if self.data is not None:
            return len(self.data)
        return self.stored.size if self.stored else 0

    @property
    def sha256(self) -> str:
        if self.data is not None:
            return hashlib.sha256(self.data).hexdigest()
        return self.stored.digest if self.stored else ""


@dataclass(frozen=True)
class Exported:
    """What an exporter made; the files are sorted by their paths."""

    files: tuple[ExportFile, ...]
    notes: tuple[Note, ...] = ()
    variables: tuple[Variable, ...] = ()

    @property
    def losses(self) -> list[Note]:
        return [note for note in self.notes if note.fate in LOSSES]

    @property
    def serious(self) -> int:
        """How many of its losses matter most."""
        return sum(note.weight is Weight.serious for note in self.notes)


@dataclass(frozen=True, slots=True)
class Target:
    """A layout that a tool reads.

    Attributes:
        name: As it stands in commands and addresses.
        label: What a person calls it.
        tool: Who reads it.
        description: What it is for, in one sentence.
        export: Lays a shipment out; depends on nothing else, and raises on no content.
    """

    name: str
    label: str
    tool: str
    description: str
    export: Callable[[Shipment], Exported]


def exported(
    files: Iterable[ExportFile],
    notes: Iterable[Note] = (),
    variables: Iterable[Variable] = (),
) -> Exported:
    """Put what an exporter found in the one order that does not depend on it.

    Notes come by their weight, and otherwise as they were made.
    """
    return Exported(
        tuple(sorted(files, key=lambda file: file.path)),
        tuple(sorted(notes, key=lambda note: _RANKS[note.weight])),
        tuple(sorted(variables, key=lambda variable: variable.name)),
    )


def digest_of(made: Exported) -> str:
    """Digest of the files: what has the same is the same, in any archive."""
    return tree_digest((file.path, file.mode, file.sha256) for file in made.files)
