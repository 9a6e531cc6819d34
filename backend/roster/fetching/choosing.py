"""Which commit a branch, a tag or an id stands for. Used by the child alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from dulwich.objects import ObjectID
from dulwich.refs import Ref

from roster.fetching.errors import FetchError, Reason

HEAD = Ref(b"HEAD")
HEADS, TAGS = b"refs/heads/", b"refs/tags/"
PEELED = b"^{}"
SHOWN = 8
MAX_NAME = 200
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is taken of a repository."""

    id: ObjectID
    """Of a commit, or of a tag that names one."""
    commit: str
    name: str
    """As a person knows it: the name of a branch or tag, or the commit's id."""

    def named(self, symrefs: Mapping[Ref, Ref]) -> Self:
        """The same, with the name of the branch if it is the one of the repository."""
        if self.name != "HEAD" or HEAD not in symrefs:
            return self
        return replace(self, name=_short(symrefs[HEAD]))


def is_commit(ref: str | None) -> bool:
    """Whether it is a whole id; that of zeros stands for none."""
    return ref is not None and bool(_COMMIT.fullmatch(ref)) and bool(ref.strip("0"))


def prefixes(ref: str | None) -> list[bytes]:
    """What a server is asked to list."""
    if ref is None or is_commit(ref):
        return [b"HEAD"]
    return [b"HEAD", HEADS, TAGS]


def choose(
    refs: Mapping[Ref, ObjectID | None], symrefs: Mapping[Ref, Ref], ref: str | None
) -> Choice:
    """Find what a person named, among what the repository has.

    Raises:
        FetchError: It is empty, or has nothing of that name.
    """
    if ref is not None and is_commit(ref):
        return Choice(ObjectID(ref.encode()), ref, ref)
    names = [b"HEAD"] if ref is None else _meanings(ref.encode())
    for name in map(Ref, names):
        if (found := refs.get(name)) is not None:
            peeled = refs.get(Ref(name + PEELED)) or found
            return Choice(found, peeled.decode(), _short(name)).named(symrefs)
    raise FetchError(_sentence(refs, ref), Reason.no_such_ref)


def _meanings(name: bytes) -> list[bytes]:
    if name.startswith(b"refs/"):
        return [name]
    return [HEADS + name, TAGS + name]


def _short(name: bytes) -> str:
    """What a person may be shown of a name that the server made up."""
    short = name.removeprefix(HEADS).removeprefix(TAGS)[: 4 * MAX_NAME]
    text = short.decode("utf-8", "replace")[:MAX_NAME]
    return "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )


def _sentence(refs: Mapping[Ref, ObjectID | None], ref: str | None) -> str:
    known = sorted(
        _short(name)
        for name, found in refs.items()
        if name.startswith((HEADS, TAGS)) and not name.endswith(PEELED) and found
    )
    if ref is None:
        return (
            "The repository has no commit yet, or none on its main branch; name a "
            "branch of it."
        )
    if not known:
        return "The repository is empty: it has no commit yet."
    more = ", …" if len(known) > SHOWN else ""
    return (
        f"The repository has no branch or tag {ref}; it has "
        f"{', '.join(known[:SHOWN])}{more}."
    )
