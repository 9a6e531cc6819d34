"""Find out what a client lacks, in the way in which git's own server does."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from roster.git.asking import INFINITE, Asked
from roster.git.history import Commit, History
from roster.git.lines import FLUSH, line
from roster.git.objects import Id

BAND_64K, BAND_SMALL = 65_520, 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a client is told, and what it is sent after that.

    Attributes:
        said: Lines that come first.
        commits: To be sent; None: the client is to go on.
        known: Commits that it has, which those follow.
        band: How long the lines are in which objects are sent; 0: in none.
    """

    said: bytes
    commits: tuple[Commit, ...] | None = None
    known: tuple[Commit, ...] = ()
    band: int = 0


def answer(history: History, asked: Asked) -> Answer:
    """Answer one request of a client, which says all that it said before, too."""
    commits = history.commits
    if not asked.wants:
        return Answer(b"")
    for wanted in asked.wants:
        if wanted not in commits:
            return Answer(line(f"ERR upload-pack: not our ref {wanted.hex()}"))
    near = _near(history, asked)
    said = _boundary(history, asked, near) if asked.depth else b""
    common = [id_ for id_ in asked.haves if id_ in commits]
    more, goes_on = _acknowledged(history, asked, common)
    if not goes_on:
        return Answer(said + more)
    had = _had(history, asked, common)
    missing = [commits[id_] for id_ in near if id_ not in had]
    return Answer(
        said + more,
        commits=tuple(missing),
        known=tuple(_known(history, missing, had)),
        band=_band(asked),
    )


def _band(asked: Asked) -> int:
    if "side-band-64k" in asked.capabilities:
        return BAND_64K
    return BAND_SMALL if "side-band" in asked.capabilities else 0


def _near(history: History, asked: Asked) -> dict[Id, int]:
    """The commits that are wanted, and how far each is from a name that is.

    Without a depth, nothing is sent from before where the client's history begins.
    """
    near: dict[Id, int] = {}
    distance, next_ones = 1, list(asked.wants)
    while next_ones and distance <= (asked.depth or INFINITE):
        these = [id_ for id_ in dict.fromkeys(next_ones) if id_ not in near]
        near |= dict.fromkeys(these, distance)
        if not asked.depth:
            these = [id_ for id_ in these if id_ not in asked.shallow]
        parents = (history.commits[id_].parent for id_ in these)
        next_ones = [id_ for id_ in parents if id_ is not None]
        distance += 1
    return near


def _boundary(history: History, asked: Asked, near: dict[Id, int]) -> bytes:
    """Tell where the client's history begins from now on."""
    lines = []
    for id_, distance in near.items():
        has_more = history.commits[id_].parent is not None
        if distance == asked.depth and has_more:
            if id_ not in asked.shallow:
                lines.append(line(f"shallow {id_.hex()}"))
        elif id_ in asked.shallow:
            lines.append(line(f"unshallow {id_.hex()}"))
    return b"".join([*sorted(lines), FLUSH])


def _acknowledged(
    history: History, asked: Asked, common: list[Id]
) -> tuple[bytes, bool]:
    """Say which commits both have; and whether that is enough to begin."""
    detailed = "multi_ack_detailed" in asked.capabilities
    several = detailed or "multi_ack" in asked.capabilities
    lines = []
    if detailed:
        lines = [line(f"ACK {id_.hex()} common") for id_ in common]
    elif several:
        lines = [line(f"ACK {id_.hex()} continue") for id_ in common]
    if asked.done:
        lines.append(_last(common[-1:] if several else common[:1]))
        return b"".join(lines), True
    if not asked.haves:
        # Only the boundary was asked for as yet; of that no more is said.
        return (b"" if asked.depth else line("NAK")), False
    is_ready = detailed and bool(common) and _is_enough(history, asked, set(common))
    if is_ready:
        lines.append(line(f"ACK {common[-1].hex()} ready"))
    if several or not common:
        lines.append(line("NAK"))
    else:
        lines.append(_last(common[:1]))
    if is_ready and "no-done" in asked.capabilities:
        lines.append(_last(common[-1:]))
        return b"".join(lines), True
    return b"".join(lines), False


def _last(common: list[Id]) -> bytes:
    return line(f"ACK {common[0].hex()}") if common else line("NAK")


def _is_enough(history: History, asked: Asked, common: AbstractSet[Id]) -> bool:
    """Whether all that is wanted follows something that the client has."""
    leading: set[Id] = set(common)
    for wanted in asked.wants:
        passed = []
        id_: Id | None = wanted
        while id_ is not None and id_ not in leading:
            passed.append(id_)
            id_ = history.commits[id_].parent
        if id_ is None:
            return False
        leading.update(passed)
    return True


def _had(history: History, asked: Asked, common: Iterable[Id]) -> set[Id]:
    """All commits that the client has: those before them, too, where it goes on."""
    had: set[Id] = set()
    for first in common:
        id_: Id | None = first
        while id_ is not None and id_ not in had:
            had.add(id_)
            if id_ in asked.shallow:
                break
            id_ = history.commits[id_].parent
    return had


def _known(
    history: History, missing: Iterable[Commit], had: AbstractSet[Id]
) -> dict[Commit, None]:
    """The newest commit that the client has, before each one that it lacks."""
    found: dict[Commit, None] = {}
    passed: set[Id] = set()
    for one in missing:
        id_ = one.parent
        while id_ is not None and id_ not in passed:
            passed.add(id_)
            if id_ in had:
                found[history.commits[id_]] = None
                break
            id_ = history.commits[id_].parent
    return found
