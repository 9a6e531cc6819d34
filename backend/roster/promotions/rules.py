"""Who may do what with a promotion, and when: the problem that refuses it, or None.

The same answers refuse a request and explain a button that is off.
"""

from roster.core.actor import Actor, Caller
from roster.core.errors import Conflict, Forbidden, Problem
from roster.promotions.cases import Case
from roster.promotions.checks import checks_of
from roster.promotions.models import PromotionState, Verdict
from roster.promotions.schemas import (
    Blocker,
    CheckState,
    Obstacle,
    Permission,
    PromotionPermissions,
)
from roster.teams.access import Verb, may
from roster.teams.models import Role


class PromotionBlocked(Conflict):
    """The label cannot move yet; the detail names all that stands in its way.

    That may be a check that is not green, an approval that is missing, an objection
    that stands, or a freeze.
    """

    code, title = "promotion-blocked", "The promotion cannot be applied yet"


_SAID = {Verdict.approve: "You approved it.", Verdict.object: "You objected to it."}


def to_comment(case: Case, caller: Caller) -> Problem | None:
    if not isinstance(caller, Actor) or not may(case.role, Verb.edit):
        return Forbidden("This needs the role editor in the team; ask its owners.")
    if case.row.state == PromotionState.applied:
        return Conflict("It was applied, and never changes again; open another one.")
    if case.row.state == PromotionState.withdrawn:
        return Conflict("It was withdrawn; open another one.")
    if case.given_away:
        return Conflict("Another team asked for it; withdraw it, and open another one.")
    return None


def to_decide(case: Case, caller: Caller, verdict: Verdict) -> Problem | None:
    if problem := to_comment(case, caller):
        return problem
    if _is_author(case, caller):
        return Forbidden("You opened it; others have to decide about it.")
    if _is(caller, case.row.publisher_id):
        return Forbidden(
            "You published the revision that it is about; others have to decide."
        )
    if verdict is Verdict.approve and case.row.yank_reason is not None:
        return Conflict(f"Revision {case.row.number} was yanked.")
    if isinstance(caller, Actor) and case.said_by(caller.id) is verdict:
        return Conflict(_SAID[verdict])
    return None


def to_change(case: Case, caller: Caller) -> Problem | None:
    if problem := to_comment(case, caller):
        return problem
    if not _is_author(case, caller):
        # Else who changes it could approve what is then their own proposal.
        return Forbidden("Only who opened it changes it; open another one.")
    return None


def to_withdraw(case: Case, caller: Caller) -> Problem | None:
    problem = to_comment(case, caller)
    if problem and not (case.given_away and may(case.role, Verb.edit)):
        return problem
    if _is_author(case, caller) or may(case.role, Verb.manage):
        return None
    return Forbidden("Only who opened it and owners of the team withdraw it.")


def to_apply(case: Case, caller: Caller) -> Problem | None:
    if problem := to_comment(case, caller):
        return problem
    for_owners = case.policy is not None and case.policy.who_may_move is Role.owner
    if for_owners and not may(case.role, Verb.manage):
        return Forbidden(f"Only owners of the team move {case.row.label}.")
    if found := blockers(case):
        return PromotionBlocked(" ".join(blocker.detail for blocker in found))
    return None


def blockers(case: Case) -> list[Blocker]:
    """All that stands in the way, for a caller who may move the label."""
    found = []
    if case.policy and case.policy.frozen:
        why = case.policy.freeze_reason
        detail = f"{case.row.label} is frozen{f': {why}' if why else '.'}"
        found.append(Blocker(code=Obstacle.frozen, detail=detail))
    found += [
        Blocker(code=Obstacle.check_failed, detail=check.detail)
        for check in checks_of(case)
        if check.state is CheckState.failed
    ]
    missing = case.needed - len(case.standing(Verdict.approve))
    if missing > 0 and not _skips_approvals(case):
        detail = f"{missing} more approval{'s are' if missing > 1 else ' is'} needed."
        found.append(Blocker(code=Obstacle.approvals_missing, detail=detail))
    if against := case.standing(Verdict.object):
        names = ", ".join(said.username for said in against)
        detail = f"{names if case.of_member else 'Somebody'} objected."
        found.append(Blocker(code=Obstacle.objection, detail=detail))
    if case.present == case.row.number:
        detail = f"{case.row.label} points at revision {case.row.number} already."
        found.append(Blocker(code=Obstacle.already_there, detail=detail))
    return found


def permissions(case: Case, caller: Caller) -> PromotionPermissions:
    refusals = {
        "approve": to_decide(case, caller, Verdict.approve),
        "object": to_decide(case, caller, Verdict.object),
        "comment": to_comment(case, caller),
        "change": to_change(case, caller),
        "apply": to_apply(case, caller),
        "withdraw": to_withdraw(case, caller),
    }
    return PromotionPermissions(
        **{name: Permission.of(problem) for name, problem in refusals.items()}
    )


def _skips_approvals(case: Case) -> bool:
    """Owners go back without asking: the label was there before."""
    return bool(case.row.is_rollback) and may(case.role, Verb.manage)


def _is_author(case: Case, caller: Caller) -> bool:
    return _is(caller, case.row.author_id)


def _is(caller: Caller, user_id: object) -> bool:
    return isinstance(caller, Actor) and caller.id == user_id
