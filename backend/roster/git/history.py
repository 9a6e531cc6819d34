"""Releases as commits, and the names that these have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from roster import __version__
from roster.git.lines import FLUSH, line
from roster.git.objects import COMMIT, Id, commit, id_of

HEAD, MAIN = "HEAD", "refs/heads/main"
CAPABILITIES = (
    "multi_ack_detailed no-done side-band-64k shallow "
    f"object-format=sha1 agent=roster/{__version__}"
)
"""No filters: a client that leaves files out asks for them later one by one."""
NOTHING = "0" * 40
Part = tuple[UUID, str]
"""A release and a target."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the commit of a release says about it, and where it stands."""

    position: int
    author: str
    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a release is in a marketplace, and the folder that holds it."""

    entry: Mapping[str, Any]
    folder: Id

    @property
    def name(self) -> str:
        return str(self.entry["name"])


@dataclass(frozen=True, slots=True, eq=False)
class Commit:
    """A commit, and where the objects of its tree are.

    Attributes:
        position: Later ones have greater ones.
        parts: What was laid out to find them in.
        own: Those that are nowhere else.
    """

    id: Id
    data: bytes
    tree: Id
    parent: Id | None
    position: int
    target: str
    parts: Sequence[Part]
    own: Mapping[Id, tuple[int, bytes]] = field(default_factory=dict)


def made(  # noqa: PLR0913 - what a commit is made of
    told: Told,
    tree: Id,
    parent: Id | None,
    *,
    target: str,
    parts: Sequence[Part],
    own: Mapping[Id, tuple[int, bytes]] | None = None,
) -> Commit:
    data = commit(tree, parent, author=told.author, at=told.at, message=told.message)
    return Commit(
        id_of(COMMIT, data),
        data,
        tree,
        parent,
        told.position,
        target,
        parts,
        own or {},
    )


@dataclass(frozen=True, eq=False)
class History:
    """The commits that a caller is shown, and the names of some of them."""

    commits: Mapping[Id, Commit]
    refs: Mapping[str, Id]

    @cached_property
    def advertisement(self) -> bytes:
        """What a client is told first: all names, and what the server can do."""
        named = sorted(self.refs.items())
        capabilities = CAPABILITIES
        if MAIN in self.refs:
            named.insert(0, (HEAD, self.refs[MAIN]))
            capabilities = f"symref={HEAD}:{MAIN} {capabilities}"
        lines = [f"{id_.hex()} {name}" for name, id_ in named]
        first, *others = lines or [f"{NOTHING} capabilities^{{}}"]
        said = [line(f"{first}\0{capabilities}"), *map(line, others), FLUSH]
        return b"".join([line("# service=git-upload-pack"), FLUSH, *said])
