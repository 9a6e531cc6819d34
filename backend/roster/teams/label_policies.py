"""Which labels a team protects, and how. A protected one moves by promotion alone."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import record
from roster.core.actor import Actor
from roster.core.caching import require_match, tags_in
from roster.core.errors import Conflict, NotFound, PreconditionRequired, Stale
from roster.core.model import utc_now
from roster.teams.models import LabelPolicy, Team
from roster.teams.policy_schemas import LabelPolicyWrite, state_of
from roster.teams.service import target

LATEST = "latest"


class LabelProtected(Conflict):
    """The team protects this label: open a promotion, which others can approve.

    ``POST /api/v1/components/{id}/promotions`` with the label, the number of the
    revision and a message opens one. An owner may change the team's policy.
    """

    code, title = "label-protected", "The label is protected"


async def policy_of(
    session: AsyncSession, team_id: UUID, label: str
) -> LabelPolicy | None:
    """How a label is protected, if it is, for as long as the transaction lasts."""
    found = await session.exec(
        select(LabelPolicy)
        .where(LabelPolicy.team_id == team_id, LabelPolicy.label == label)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return found.first()


async def require_unprotected(session: AsyncSession, team_id: UUID, label: str) -> None:
    """Let a label be changed at once only where the team does not protect it.

    Raises:
        LabelProtected: It does.
    """
    if await policy_of(session, team_id, label) is not None:
        raise protected(label)


def protected(label: str) -> LabelProtected:
    return LabelProtected(
        f"The team protects {label}: it is not moved or taken away at once. Open a "
        "promotion for it."
    )


async def policies_of(session: AsyncSession, team_id: UUID) -> list[LabelPolicy]:
    found = await session.exec(
        select(LabelPolicy)
        .where(LabelPolicy.team_id == team_id)
        .order_by(col(LabelPolicy.label))
    )
    return list(found)


async def put(  # noqa: PLR0913 - one for each part of the request
    session: AsyncSession,
    team: Team,
    label: str,
    data: LabelPolicyWrite,
    *,
    if_match: str | None,
    if_none_match: str | None,
    actor: Actor,
) -> LabelPolicy:
    """Protect a label, or change how it is; the team's row is locked.

    Raises:
        Conflict: The label moves by itself.
        PreconditionRequired: Neither what is there nor that nothing is was named.
        Stale: What is there is not what the request is based on.
    """
    if label == LATEST:
        raise Conflict("latest moves by itself; protect another label.")
    policy = await policy_of(session, team.id, label)
    _require_state(policy, if_match, if_none_match)
    before = (
        policy.model_dump(include=set(LabelPolicyWrite.model_fields)) if policy else {}
    )
    wanted = data.model_dump()
    if not data.frozen:
        wanted["freeze_reason"] = None
    if policy is None:
        policy = LabelPolicy(team_id=team.id, label=label, **wanted)
    elif before != wanted:
        policy.version += 1
        policy.updated_at = utc_now()
    session.add(policy.sqlmodel_update(wanted))
    if before != wanted:
        details = {"label": label, "from": before or None, "to": wanted}
        record(session, "policy.changed", target(team), by=actor, details=details)
    await session.flush()
    return policy


def _require_state(
    policy: LabelPolicy | None, if_match: str | None, if_none_match: str | None
) -> None:
    fresh = if_none_match is not None and "*" in tags_in(if_none_match)
    if policy is not None and not fresh:
        require_match(if_match, state_of(policy))
    elif policy is not None:
        raise Stale("This label is protected already; read its policy, and change it.")
    elif if_match is not None:
        raise Stale("This label is not protected, or not any more.")
    elif not fresh:
        raise PreconditionRequired(
            "Send If-None-Match: * to protect a label that is not protected yet."
        )


async def remove(
    session: AsyncSession,
    team: Team,
    label: str,
    if_match: str | None,
    *,
    actor: Actor,
) -> None:
    """Let a label move at once again; the team's row is locked.

    Raises:
        NotFound: It is not protected.
    """
    policy = await policy_of(session, team.id, label)
    if policy is None:
        raise NotFound(f"The team does not protect {label}.")
    require_match(if_match, state_of(policy))
    before = policy.model_dump(include=set(LabelPolicyWrite.model_fields))
    await session.delete(policy)
    details = {"label": label, "from": before, "to": None}
    record(session, "policy.changed", target(team), by=actor, details=details)
    await session.flush()
