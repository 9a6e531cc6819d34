"""What an exporter may look at: what a release locks, and nothing that can change."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from roster.components.content import FILE_MODE
from roster.components.kinds import KINDS, Parsed
from roster.components.stored import StoredFile

PARSED = 1000
"""So many files are not read again by the exporter of the next target."""


@dataclass(frozen=True)
class Item:
    """One component of a release, at its revision, under the name it has there.

    Attributes:
        kind: Of the component.
        team: That it was of.
        name: That the release locks; the file may say another one.
        number: Of the revision.
        digest: Of the tree.
        main: The bytes of the main file.
        mode: Of the main file.
        others: The other files of the tree, without their bytes.
    """

    kind: str
    team: str
    name: str
    number: int
    digest: str
    main: bytes
    mode: str = FILE_MODE
    others: tuple[StoredFile, ...] = ()

    @property
    def reference(self) -> str:
        return f"{self.kind}:{self.team}/{self.name}@{self.number}"

    @cached_property
    def parsed(self) -> Parsed:
        """What the main file says. Uses the CPU for a while: ask in a thread."""
        others = frozenset(file.path for file in self.others)
        return _parsed(self.kind, self.name, self.main, others)


@dataclass(frozen=True)
class Shipment:
    """What is to be laid out for a tool: equal ones have equal files, on any machine.

    Attributes:
        team: Slug of the team, when the release was made; so are all the names.
        collection: Name of the collection.
        title: Of the collection; may be empty.
        description: Of the collection; may be empty.
        number: Of the release; 0 for components that no release holds.
        author: Username of who released it.
        released_at: When.
        items: In the order of the lock, without what another one shadows.
    """

    team: str
    collection: str
    title: str
    description: str
    number: int
    author: str
    released_at: datetime
    items: tuple[Item, ...]


@lru_cache(PARSED)
def _parsed(kind: str, name: str, data: bytes, others: frozenset[str]) -> Parsed:
    found = KINDS[kind]
    beside = others if found.is_tree else None
    path = found.export_path(name)
    return found.parse(data, path, limit=max(1, len(data)), others=beside)
