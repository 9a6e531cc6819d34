"""What would become of each file of an import: pure decisions on rows.

A file takes a name in the team: its target name, or else its own. Where two
different files want one name, or a deleted component holds it, that is a clash, and
the person decides. Everything else has an outcome and a decision to begin with.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from roster.components.models import Component
from roster.imports.models import Decision, ImportFile, Outcome

FIXED = frozenset({Outcome.left_aside, Outcome.refused})

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


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of one file, seen from the present state of the team."""

    outcome: Outcome
    reason: str
    decision: Decision | None
    component: Component | None = None
    twin: ImportFile | None = None
    """An earlier file with the same bytes and name, which stands for this one."""


Key = tuple[str, str]
"""A kind, and a name: what no two components of a team share."""
Components = dict[Key, Component]


def key_of(file: ImportFile) -> Key:
    return file.kind or "", name_of(file)


def name_of(file: ImportFile) -> str:
    return file.target_name or file.name or ""


def can_be_imported(file: ImportFile) -> bool:
    return file.outcome not in FIXED


def digest_of(file: ImportFile, decision: Decision | None) -> str | None:
    """Digest of the revision that a decision would make."""
    return file.repaired_digest if decision is Decision.repaired else file.digest


def by_key(files: Iterable[ImportFile]) -> dict[Key, list[ImportFile]]:
    """The files that want a name of their kind, in the order of their paths."""
    groups: dict[Key, list[ImportFile]] = defaultdict(list)
    for file in sorted(files, key=attrgetter("path", "id")):
        if can_be_imported(file):
            groups[key_of(file)].append(file)
    return groups


def plan(
    files: Sequence[ImportFile],
    components: Mapping[Key, Component],
    *,
    chosen: frozenset[UUID] = frozenset(),
    hidden: frozenset[UUID] = frozenset(),
) -> list[tuple[ImportFile, Plan]]:
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
    group: list[ImportFile],
    component: Component | None,
    chosen: frozenset[UUID],
    hidden: frozenset[UUID],
) -> list[tuple[ImportFile, Plan]]:
    first: dict[str | None, ImportFile] = {}
    for file in group:
        if file.decision is not Decision.skip:
            first.setdefault(file.digest, file)
    contested = len(first) > 1
    deleted = component is not None and component.deleted_at is not None
    begun = component is not None and component.id in hidden
    reason = DELETED if deleted else BEGUN if begun else CLASH
    component = None if begun else component
    plans = []
    for file in group:
        skipped = file.decision is Decision.skip
        if not skipped and first[file.digest] is not file:
            made = _twin(file, first[file.digest], component)
        elif deleted or begun or (contested and not skipped):
            kept = skipped or file.outcome is Outcome.clash or file.id in chosen
            decision = file.decision if kept else None
            made = Plan(Outcome.clash, reason, decision, component)
        else:
            made = _uncontested(file, component)
        plans.append((file, made))
    return plans


def _twin(file: ImportFile, first: ImportFile, component: Component | None) -> Plan:
    reason = f"The same bytes as {first.path}; they are taken once."
    decision = file.decision or Decision.original
    return Plan(Outcome.unchanged, reason, decision, component, twin=first)


def _uncontested(file: ImportFile, component: Component | None) -> Plan:
    decision = file.decision
    latest = component.latest_digest if component is not None else None
    if latest is not None:
        undecided = decision in {None, Decision.skip}
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


def settle(file: ImportFile, made: Plan) -> None:
    """Write a plan to its row: this is what the person sees and agrees to."""
    file.outcome = made.outcome
    file.reason = made.reason
    file.decision = made.decision
    file.component_id = made.component.id if made.component is not None else None
    file.seen_digest = (
        made.component.latest_digest if made.component is not None else None
    )
