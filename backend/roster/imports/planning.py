"""What would become of each file of an import: pure decisions on rows.

A file takes a name in the team: its target name, or else its own. Where two
different files want one name, or a deleted component holds it, that is a clash, and
the person decides. Everything else has an outcome and a decision to begin with.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol, TypeVar
from uuid import UUID

from roster.components.models import Component
from roster.imports.models import Decision, Outcome

FIXED = frozenset({Outcome.left_aside, Outcome.refused})
TAKES_NOTHING = frozenset({Decision.skip, Decision.reuse})
"""Decisions with which a file needs no name of its own."""

NEW = "The team has none of this kind and name yet."
CHANGED = "It differs from the newest revision."
SAME = "It equals the newest revision."
SAME_REPAIRED = "Repaired, it equals the newest revision."
NEEDS_REPAIR = "It holds errors that can be mended without changing what it means."
CLASH = "Other files of this import have the same name and differ."
DELETED = (
    "A deleted component has this name, and names are never given twice. Restore it, "
    "or choose another name."
)
BEGUN = "Somebody has begun a component of this name. Choose another name."
TAKEN_OTHER = (
    "Another file of this name equals the newest revision, and stays. Take this one to "
    "change that."
)
MOVED = (
    "Somebody published in the meantime what this would change. Look at it and decide "
    "again."
)


class File(Protocol):
    """What planning knows of a file, and decides about it."""

    id: UUID
    path: str
    kind: str | None
    name: str | None
    target_name: str | None
    digest: str | None
    repaired_digest: str | None
    needs_repair: bool
    outcome: Outcome
    reason: str
    decision: Decision | None
    component_id: UUID | None
    seen_digest: str | None
    result: str | None


AnyFile = TypeVar("AnyFile", bound=File)


@dataclass(slots=True)
class Wanting:
    """A file that is not stored yet."""

    id: UUID
    path: str
    outcome: Outcome
    kind: str | None = None
    name: str | None = None
    digest: str | None = None
    repaired_digest: str | None = None
    needs_repair: bool = False
    reason: str = ""
    target_name: str | None = None
    decision: Decision | None = None
    component_id: UUID | None = None
    seen_digest: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """A component that has, or had, a name that a file wants."""

    id: UUID
    latest_number: int
    latest_digest: str
    is_deleted: bool
    is_published: bool

    @classmethod
    def of(cls, component: Component) -> "Present":
        return cls(
            component.id,
            component.latest_number,
            component.latest_digest,
            component.deleted_at is not None,
            component.published_at is not None,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of one file, seen from the present state of the team."""

    outcome: Outcome
    reason: str
    decision: Decision | None
    component: Present | None = None
    twin: File | None = None
    """An earlier file with the same bytes and name, which stands for this one."""


Key = tuple[str, str]
"""A kind, and a name: what no two components of a team share."""
Components = dict[Key, Present]


def key_of(file: File) -> Key:
    return file.kind or "", name_of(file)


def name_of(file: File) -> str:
    return file.target_name or file.name or ""


def can_be_imported(file: File) -> bool:
    return file.outcome not in FIXED


def is_open(file: File) -> bool:
    """Whether it can be imported, and nothing has become of it yet."""
    return can_be_imported(file) and file.result is None


def takes_name(file: File) -> bool:
    return file.decision not in TAKES_NOTHING


def digest_of(file: File, decision: Decision | None) -> str | None:
    """Digest of the revision that a decision would make."""
    return file.repaired_digest if decision is Decision.repaired else file.digest


def by_key(files: Iterable[AnyFile]) -> dict[Key, list[AnyFile]]:
    """The open files that want a name of their kind, in the order of their paths."""
    groups: dict[Key, list[AnyFile]] = defaultdict(list)
    for file in sorted(files, key=attrgetter("path", "id")):
        if is_open(file):
            groups[key_of(file)].append(file)
    return groups


def plan(
    files: Iterable[AnyFile],
    components: Mapping[Key, Present],
    *,
    chosen: frozenset[UUID] = frozenset(),
    hidden: frozenset[UUID] = frozenset(),
) -> list[tuple[AnyFile, Plan]]:
    """Decide again about files, all of those that want one of their names among them.

    Args:
        files: Rows with their decisions so far; rows that are fixed are left out.
        components: The team's components by key, the deleted ones too.
        chosen: Ids of files that the person has just decided: that stands, while a
            decision made for them does not survive a new clash.
        hidden: Ids of components that others began, and the person does not see.
    """
    plans = []
    for key, group in by_key(files).items():
        plans += _plan_name(group, components.get(key), chosen, hidden)
    return plans


def _plan_name(
    group: list[AnyFile],
    component: Present | None,
    chosen: frozenset[UUID],
    hidden: frozenset[UUID],
) -> list[tuple[AnyFile, Plan]]:
    first: dict[str | None, AnyFile] = {}
    for file in group:
        if takes_name(file):
            first.setdefault(file.digest, file)
    settled = _settled(group, first, component)
    contested = len(first) > 1 and settled is None
    deleted = component is not None and component.is_deleted
    begun = component is not None and component.id in hidden
    reason = DELETED if deleted else BEGUN if begun else CLASH
    component = None if begun else component
    plans = []
    for file in group:
        takes = takes_name(file)
        if settled is not None and file.digest != settled:
            made = Plan(Outcome.clash, TAKEN_OTHER, Decision.skip, component)
        elif takes and first[file.digest] is not file:
            made = _twin(file, first[file.digest], component)
        elif deleted or begun or (contested and takes):
            kept = not takes or file.outcome is Outcome.clash or file.id in chosen
            decision = file.decision if kept else None
            made = Plan(Outcome.clash, reason, decision, component)
        elif file.reason == MOVED and file.decision is None:
            made = Plan(Outcome.clash, MOVED, None, component)
        else:
            made = _uncontested(file, component)
        plans.append((file, made))
    return plans


def _settled(
    group: Sequence[AnyFile],
    first: Mapping[str | None, AnyFile],
    component: Present | None,
) -> str | None:
    """Digest of the one of several files that was taken before, if nobody chose yet."""
    if component is None or component.is_deleted or not component.is_published:
        return None
    if len(first) < 2 or any(  # noqa: PLR2004 - two are a clash
        file.decision is not None or file.outcome is Outcome.clash for file in group
    ):
        return None
    latest = component.latest_digest
    same = [
        file.digest
        for file in first.values()
        if latest in {file.digest, file.repaired_digest}
    ]
    return same[0] if same else None


def moved(component: Present | None) -> Plan:
    """Somebody was faster: the person has to see it, and decide again."""
    return Plan(Outcome.clash, MOVED, None, component)


def _twin(file: File, first: File, component: Present | None) -> Plan:
    reason = f"The same bytes as {first.path}; they are taken once."
    decision = file.decision or Decision.original
    return Plan(Outcome.unchanged, reason, decision, component, twin=first)


def _uncontested(file: File, component: Present | None) -> Plan:
    decision = file.decision
    latest = component.latest_digest if component is not None else None
    if latest is not None:
        undecided = decision is None or decision in TAKES_NOTHING
        if latest == file.digest and (undecided or decision is Decision.original):
            return Plan(
                Outcome.unchanged, SAME, decision or Decision.original, component
            )
        if latest == file.repaired_digest and (
            undecided or decision is Decision.repaired
        ):
            return Plan(
                Outcome.unchanged,
                SAME_REPAIRED,
                decision or Decision.repaired,
                component,
            )
    if file.needs_repair:
        return Plan(
            Outcome.needs_repair, NEEDS_REPAIR, decision or Decision.repaired, component
        )
    outcome, reason = (
        (Outcome.new, NEW) if component is None else (Outcome.changed, CHANGED)
    )
    return Plan(outcome, reason, decision or Decision.original, component)


def settle(file: File, made: Plan) -> None:
    """Write a plan to its row: this is what the person sees and agrees to."""
    file.outcome = made.outcome
    file.reason = made.reason
    file.decision = made.decision
    file.component_id = made.component.id if made.component is not None else None
    file.seen_digest = (
        made.component.latest_digest if made.component is not None else None
    )
