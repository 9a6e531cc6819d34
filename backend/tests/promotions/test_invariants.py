"""What a promotion is about never changes under those who decided about it."""

import asyncio
from collections import Counter
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from roster.components.models import Component
from roster.core.db import Database
from roster.core.model import utc_now
from roster.promotions.models import Promotion as Row
from roster.promotions.models import (
    PromotionApproval,
    PromotionComment,
    PromotionState,
    Verdict,
)
from tests.components.test_races import until_someone_waits
from tests.promotions.conftest import ANY, Crew, Events, Promotion


async def test_a_promotion_whose_revision_changes_under_it(crew: Crew) -> None:
    """Approvals lapse with the revision, the label's place, and a withdrawal."""
    await crew.protect(approvals=1)
    promotion, other = await crew.open(2), await crew.open(1)
    await promotion.approve(crew.cleo)
    await promotion.change(crew.bob, number=3)
    assert promotion.lapsed() == {"cleo": "It was about revision 2."}
    assert (promotion.seen["approvals"], promotion.blocked_by()) == (
        0,
        ["approvals_missing"],
    )
    assert (await promotion.do(crew.bob, "apply")).status_code == 409
    await promotion.approve(crew.cleo)
    assert promotion.lapsed() == {"cleo": None}
    await other.approve(crew.cleo)
    assert (await other.do(crew.bob, "apply")).status_code == 200
    stale = await promotion.do(crew.bob, "apply")
    assert stale.status_code == 412
    seen = await promotion.read()
    assert promotion.lapsed() == {"cleo": "The label moved in the meantime."}
    assert seen["from_number"] == 1
    assert (await promotion.do(crew.bob, "apply")).status_code == 409
    await promotion.approve(crew.cleo)
    await crew.yank(3)
    await promotion.read()
    assert promotion.lapsed() == {"cleo": "The revision was yanked."}
    assert promotion.blocked_by() == ["check_failed", "approvals_missing"]
    assert "It loops." in seen_details(promotion)
    assert (await promotion.do(crew.cleo, "approve")).status_code == 409
    assert (await promotion.do(crew.dora, "object")).status_code == 200
    assert (await promotion.do(crew.bob, "apply")).status_code == 409
    assert await crew.label() == 1


def seen_details(promotion: Promotion) -> str:
    return " ".join(blocker["detail"] for blocker in promotion.seen["blockers"])


async def test_a_word_counts_only_as_long_as_its_member_may_edit(crew: Crew) -> None:
    await crew.protect(approvals=2)
    promotion = await crew.open(2)
    await promotion.approve(crew.cleo, crew.dora)
    gone = "Who said it may not edit in the team any more."
    members = "/teams/platform/members"
    removed = await crew.ada.delete(f"{members}/cleo", headers=ANY)
    assert removed.status_code == 204
    demoted = await crew.ada.put(
        f"{members}/dora", json={"role": "viewer"}, headers=ANY
    )
    assert demoted.status_code == 200
    await promotion.read()
    assert promotion.lapsed() == {"cleo": gone, "dora": gone}
    assert (await promotion.do(crew.bob, "apply")).status_code == 409
    await crew.ada.put(f"{members}/dora", json={"role": "editor"}, headers=ANY)
    await promotion.read()
    assert promotion.lapsed() == {"cleo": gone, "dora": None}
    dora = (await crew.dora.get("/users/me")).json()["id"]
    off = await crew.ada.patch(f"/users/{dora}", json={"is_active": False}, headers=ANY)
    assert off.status_code == 200, off.text
    await promotion.read()
    assert promotion.lapsed()["dora"] == gone
    await crew.protect(approvals=0)
    assert (await promotion.do(crew.bob, "apply")).status_code == 200


async def test_concurrent_label_moves(crew: Crew, events: Events) -> None:
    """Of those that are based on one state one wins, and none is lost."""
    etag = (await crew.ada.get(crew.base)).headers["etag"]
    clients = (crew.ada, crew.bob, crew.cleo, crew.dora)
    answers = await asyncio.gather(
        *(
            client.put(
                f"{crew.base}/labels/{label}",
                json={"number": number},
                headers={"If-Match": etag},
            )
            for client in clients
            for label in ("beta", "stable")
            for number in (1, 2)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 15}
    numbers = [number for _ in range(4) for number in (1, 2, 3)]
    answers = await asyncio.gather(*(crew.move(number, "beta") for number in numbers))
    assert {answer.status_code for answer in answers} == {200}
    moves = [
        details
        for action, _, details in await events()
        if action == "label.moved" and details["label"] == "beta"
    ]
    for before, after in pairwise(moves):
        assert after["before"] == before["number"]
    assert await crew.label("beta") == moves[-1]["number"]


async def test_applied_twice_at_once_it_has_one_effect(
    crew: Crew, events: Events
) -> None:
    await crew.protect(approvals=1)
    promotion, rival = await crew.open(2), await crew.open(3)
    await promotion.approve(crew.cleo)
    await rival.approve(crew.cleo)
    headers = {"If-Match": promotion.seen["etag"]}
    answers = await asyncio.gather(
        *(
            client.post(f"{promotion.path}/apply", headers=headers)
            for client in (crew.ada, crew.bob, crew.cleo, crew.dora)
        ),
        crew.bob.post(f"{rival.path}/apply", headers={"If-Match": rival.seen["etag"]}),
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 4}
    told = [action for action, _, _ in await events()]
    assert told.count("promotion.applied") == told.count("label.moved") == 1
    anyway = await asyncio.gather(
        *(crew.bob.post(f"{promotion.path}/apply", headers=ANY) for _ in range(3))
    )
    assert {answer.status_code for answer in anyway} == {409}


async def test_deleted_while_an_application_waited(crew: Crew) -> None:
    promotion = await crew.open(2)
    async with crew.database.write() as session:
        found = await session.exec(
            select(Component).where(Component.id == UUID(crew.id)).with_for_update()
        )
        component = found.one()
        waiting = asyncio.create_task(promotion.do(crew.bob, "apply"))
        await until_someone_waits(crew.database)
        component.deleted_at = utc_now()
    assert (await waiting).status_code == 404


async def test_the_label_came_there_by_itself(crew: Crew) -> None:
    promotion = await crew.open(2)
    await crew.move(2)
    await promotion.read()
    assert promotion.blocked_by() == ["already_there"]
    assert (await promotion.do(crew.bob, "apply")).status_code == 409


async def test_applied_published_and_yanked_at_once(crew: Crew, events: Events) -> None:
    """Whatever comes first, a label never comes to point at what was yanked before."""
    await crew.protect(approvals=0)
    promotion = await crew.open(3)
    applied, published, yanked = await asyncio.gather(
        promotion.do(crew.bob, "apply"),
        crew.publish(crew.ada, "c.\n"),
        crew.ada.post(
            f"{crew.base}/revisions/3/yank", json={"reason": "It loops."}, headers=ANY
        ),
    )
    assert published == 4
    assert yanked.is_success, yanked.text
    assert applied.status_code in {200, 409}
    assert await crew.label() == (3 if applied.is_success else None)
    listed = (await crew.ada.get(f"{crew.base}/labels")).json()["items"]
    assert listed[0]["number"] == 4
    moved = [action for action, _, _ in await events() if action == "label.moved"]
    assert len(moved) == applied.is_success
    if not applied.is_success:
        assert "yanked" in applied.json()["detail"]


@pytest.mark.parametrize("verb", ["apply", "withdraw"])
async def test_the_database_keeps_what_has_ended(
    crew: Crew, database: Database, verb: str
) -> None:
    await crew.protect(approvals=1)
    promotion, still_open = await crew.open(2), await crew.open(3)
    await promotion.approve(crew.cleo)
    await promotion.do(crew.dora, "comments", {"body": "Fine."})
    assert (await promotion.do(crew.bob, verb)).status_code == 200
    before = await promotion.read()
    id_ = UUID(promotion.seen["id"])
    dora = UUID((await crew.dora.get("/users/me")).json()["id"])
    of_it = col(PromotionApproval.promotion_id) == id_
    said: dict[str, Any] = {"verdict": Verdict.approve, "number": 2}
    key = {"promotion_id": id_, "user_id": dora}
    refused = [
        update(Row).where(col(Row.id) == id_).values(message="Else."),
        update(Row).where(col(Row.id) == id_).values(state=PromotionState.open),
        delete(Row).where(col(Row.id) == id_),
        delete(Row).where(col(Row.id) == UUID(still_open.seen["id"])),
        insert(PromotionApproval).values(**key, **said),
        update(PromotionApproval).where(of_it).values(number=3),
        delete(PromotionApproval).where(of_it),
        update(PromotionComment).values(body="Else."),
        delete(PromotionComment),
    ]
    for statement in refused:
        with pytest.raises(IntegrityError, match="is immutable"):
            async with database.write() as session:
                await session.exec(statement)
    assert await promotion.read() == before
