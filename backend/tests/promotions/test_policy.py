"""What a team's policy asks of a promotion, and who may then move the label."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, update

from roster.auth.models import TotpFactor
from roster.components.models import Component
from roster.core.db import Database
from roster.core.model import utc_now
from roster.teams.models import Team
from roster.users.models import User
from tests.components.conftest import agent_file
from tests.promotions.conftest import ANY, Crew


@pytest.mark.parametrize("approvals", [0, 1])
@pytest.mark.parametrize("who_may_move", ["editor", "owner"])
async def test_who_moves_it_after_how_many_approvals(
    crew: Crew, who_may_move: str, approvals: int
) -> None:
    await crew.protect(who_may_move=who_may_move, approvals=approvals)
    promotion = await crew.open(2)
    for_owners = who_may_move == "owner"
    early = await promotion.do(crew.bob, "apply")
    if for_owners:
        assert early.status_code == 403
        assert early.json()["detail"] == "Only owners of the team move production."
    elif approvals:
        assert early.status_code == 409
    if approvals:
        assert (await promotion.do(crew.ada, "apply")).status_code == 409
        await promotion.approve(crew.cleo)
    if for_owners:
        assert (await promotion.do(crew.bob, "apply")).status_code == 403
    if early.status_code != 200:
        mover = crew.ada if for_owners else crew.bob
        assert (await promotion.do(mover, "apply")).status_code == 200
    assert await crew.label() == 2


async def test_a_freeze_stops_everybody(crew: Crew) -> None:
    await crew.protect(approvals=0, frozen=True, freeze_reason="The fair is on.")
    promotion = await crew.open(2)
    assert promotion.blocked_by() == ["frozen"]
    refused = await promotion.do(crew.ada, "apply")
    assert refused.status_code == 409
    assert refused.json()["detail"] == "production is frozen: The fair is on."
    await crew.protect(approvals=0, frozen=True)
    await promotion.read()
    [blocker] = promotion.seen["blockers"]
    assert blocker["detail"] == "production is frozen."
    await crew.protect(approvals=0)
    assert (await promotion.do(crew.ada, "apply")).status_code == 200


async def test_all_checks_must_be_green(crew: Crew, database: Database) -> None:
    """They are looked at as things are now, not as they were when it was opened."""
    broken = agent_file(description="Reviews: a change.", tools=None)
    answer = await crew.ada.post(
        f"{crew.base}/revisions", json={"content": broken}, headers=ANY
    )
    assert answer.status_code == 201, answer.text
    health = answer.json()["health"]
    everything = [
        "no_errors",
        "no_warnings",
        "licence",
        "not_deprecated",
        "not_yanked",
    ]
    await crew.protect(approvals=0, checks=everything)
    promotion = await crew.open(4)
    found = {one["name"]: one for one in promotion.seen["checks"]}
    assert list(found) == everything
    for name, word in (("no_errors", "error"), ("no_warnings", "warning")):
        count = health[f"{word}s"]
        assert found[name]["state"] == ("failed" if count else "passed")
        assert str(count or "No") in found[name]["detail"]
    assert health["warnings"] + health["errors"] > 0
    assert found["licence"]["detail"] == "It has no licence."
    assert found["not_deprecated"]["state"] == "passed"
    await promotion.change(crew.bob, number=3)
    changed: dict[str, Any] = {"licence": "MIT", "deprecated_at": utc_now()}
    async with database.write() as session:
        await session.exec(update(Component).values(**changed))
    await promotion.read()
    found = {one["name"]: one for one in promotion.seen["checks"]}
    assert found["licence"]["detail"] == "The licence is MIT."
    assert found["not_deprecated"]["detail"] == "The component is deprecated."
    assert promotion.blocked_by() == ["check_failed"]
    assert (await promotion.do(crew.bob, "apply")).status_code == 409
    async with database.write() as session:
        await session.exec(update(Component).values(deprecated_at=None))
    assert (await promotion.do(crew.bob, "apply")).status_code == 200


async def test_a_word_without_a_second_factor_where_one_is_required(
    crew: Crew, database: Database
) -> None:
    await crew.protect(approvals=1)
    promotion = await crew.open(2)
    await promotion.approve(crew.cleo)
    async with database.write() as session:
        await session.exec(
            update(Team)
            .where(col(Team.slug) == "platform")
            .values(require_second_factor=True)
        )
    await _add_factor(database, (await crew.ada.get("/users/me")).json()["id"])
    await promotion.read()
    assert promotion.lapsed()["cleo"] is not None
    await _add_factor(database, (await crew.cleo.get("/users/me")).json()["id"])
    await promotion.read()
    assert promotion.lapsed() == {"cleo": None}


async def _add_factor(database: Database, user_id: str) -> None:
    async with database.write() as session:
        user = await session.get_one(User, UUID(user_id))
        session.add(
            TotpFactor(user_id=user.id, secret="encrypted", confirmed_at=utc_now())
        )


async def test_policy_that_changes_meanwhile(crew: Crew) -> None:
    await crew.protect(approvals=0)
    promotion = await crew.open(2)
    await crew.protect(approvals=2)
    assert (await promotion.do(crew.bob, "apply")).status_code == 409
    gone = await crew.ada.delete(
        "/teams/platform/policy/labels/production", headers=ANY
    )
    assert gone.status_code == 204
    assert (await promotion.do(crew.bob, "apply")).status_code == 200
