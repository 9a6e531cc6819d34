"""What must be true of a revision, looked at whenever somebody asks."""

from collections.abc import Callable

from roster.promotions.cases import Case
from roster.promotions.schemas import Check, CheckState
from roster.teams.policy_schemas import Requirement


def checks_of(case: Case) -> list[Check]:
    """Those of the label's policy, and the one that holds without any policy."""
    wanted = set(case.policy.checks) if case.policy else set()
    wanted.add(Requirement.not_yanked)
    found = []
    for requirement in Requirement:
        if requirement in wanted:
            fault, fine = _LOOKS[requirement](case)
            found.append(
                Check(
                    name=requirement,
                    state=CheckState.failed if fault else CheckState.passed,
                    detail=fault or fine,
                )
            )
    return found


_Look = Callable[[Case], tuple[str, str]]
"""From a promotion to what is wrong, or nothing, and what it says if nothing is."""


def _counted(count: int, word: str) -> tuple[str, str]:
    some = f"{count} {word}{'' if count == 1 else 's'}"
    return f"The checks of the file found {some}." if count else "", f"No {word}s."


def _licence(case: Case) -> tuple[str, str]:
    licence = case.row.licence or case.row.component_licence
    return "" if licence else "It has no licence.", f"The licence is {licence}."


def _not_deprecated(case: Case) -> tuple[str, str]:
    fault = "The component is deprecated." if case.row.deprecated_at else ""
    return fault, "The component is not deprecated."


def _not_yanked(case: Case) -> tuple[str, str]:
    number, reason = case.row.number, case.row.yank_reason
    fault = "" if reason is None else f"Revision {number} was yanked: {reason}"
    return fault, f"Revision {number} is not yanked."


_LOOKS: dict[Requirement, _Look] = {
    Requirement.no_errors: lambda case: _counted(case.row.errors, "error"),
    Requirement.no_warnings: lambda case: _counted(case.row.warnings, "warning"),
    Requirement.licence: _licence,
    Requirement.not_deprecated: _not_deprecated,
    Requirement.not_yanked: _not_yanked,
}
