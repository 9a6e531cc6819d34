"""What a repository holds, next to what was taken of it. Uses the CPU only."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

from roster.components.content import TreeFile, content_digest
from roster.components.kinds import KINDS
from roster.components.kinds.server_values import take_out
from roster.imports.models import Outcome
from roster.imports.reading import parse
from roster.imports.unpacking import Kept, Reading
from roster.uploads.spool import COPIED_AT_ONCE, Span, Spool


@dataclass(frozen=True, slots=True)
class Sighting:
    """One component as it stands upstream."""

    path: str
    kind: str
    digest: str
    main: Span
    others: tuple[tuple[TreeFile, Span], ...] = ()
    refusal: str = ""
    """Why it cannot be taken as it is."""


@dataclass
class Sight:
    """All components of a repository."""

    by_path: dict[tuple[str, str], Sighting] = field(default_factory=dict)
    by_digest: dict[tuple[str, str], list[Sighting]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def find(
        self, kind: str, path: str, digests: Iterable[str], taken: Collection[str]
    ) -> Sighting | None:
        """A component at its path, or else where the same content stands now.

        Args:
            kind: Of the component.
            path: Where it stood.
            digests: Of what was taken of it, and of what was seen since.
            taken: Paths that other components come from.
        """
        found = self.by_path.get((path, kind))
        if found is not None:
            return found
        for digest in digests:
            for moved in self.by_digest.get((kind, digest), ()):
                if moved.path not in taken:
                    return moved
        return None


def sight(reading: Reading, spool: Spool, check: Callable[[], None]) -> Sight:
    """Take the digests of all components that were read."""
    seen = Sight()
    for kept in reading.files:
        check()
        if kept.content is None:
            continue
        one = _sighting(kept, kept.content, spool)
        seen.by_path.setdefault((one.path, one.kind), one)
        seen.by_digest[one.kind, one.digest].append(one)
    return seen


def _sighting(kept: Kept, content: Span, spool: Spool) -> Sighting:
    kind = KINDS[kept.values["kind"]]
    others = []
    for beside in kept.others:
        digest = _digest(spool, beside.span)
        file = TreeFile(beside.path, digest, beside.span.size, beside.mode)
        others.append((file, beside.span))
    digest = content_digest(kind, spool.read(content), [file for file, _ in others])
    refused = kept.values.get("outcome") is Outcome.refused
    refusal = str(kept.values.get("reason", "")) if refused else ""
    path = str(kept.values["path"])
    return Sighting(path, kind.name, digest, content, tuple(others), refusal)


def _digest(spool: Spool, span: Span) -> str:
    found = hashlib.sha256()
    with spool.open(span) as file:
        while chunk := file.read(COPIED_AT_ONCE):
            found.update(chunk)
    return found.hexdigest()


def main_of(one: Sighting, spool: Spool, *, moved_secrets: bool) -> bytes:
    """The main file, without secrets if those were moved out of the component."""
    data = spool.read(one.main)
    if not moved_secrets:
        return data
    parsed = parse(one.kind, data, one.path)
    return take_out(parsed, {literal.key for literal in parsed.secrets})[0]
