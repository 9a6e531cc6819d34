"""From asking for a label to be moved until it is moved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest

from roster.promotions.models import PromotionComment
from tests.conftest import Connect, StartApp
from tests.promotions.conftest import ANY, Crew, Events
from tests.teams.conftest import put_member


async def test_two_approve_and_it_is_applied(crew: Crew, events: Events) -> None:
    await crew.move(1)
    await crew.protect(approvals=2, checks=["no_errors"])
    promotion = await crew.open(3)
    opened = promotion.seen
    assert (opened["from_number"], opened["number"]) == (1, 3)
    assert opened["component"]["reference"] == "agent:platform/reviewer"
    assert opened["diff"] == f"/api/v1{crew.base}/revisions/3/diff?against=1"
    assert [(one["name"], one["state"]) for one in opened["checks"]] == [
        ("no_errors", "passed"),
        ("not_yanked", "passed"),
    ]
    assert opened["permissions"]["apply"]["reason"] == "2 more approvals are needed."
    early = await promotion.do(crew.bob, "apply")
    assert early.status_code == 409
    assert early.json()["type"].endswith("/problems/promotion-blocked")
    comment = await promotion.do(crew.dora, "comments", {"body": "Tried **it**."})
    assert [one["body"] for one in comment.json()["comments"]] == ["Tried **it**."]
    await promotion.approve(crew.cleo)
    assert promotion.blocked_by() == ["approvals_missing"]
    assert promotion.seen["blockers"][0]["detail"] == "1 more approval is needed."
    await promotion.approve(crew.dora)
    assert (promotion.seen["approvals"], promotion.blocked_by()) == (2, [])
    assert (await promotion.read(crew.bob))["permissions"]["apply"]["allowed"]
    applied = await promotion.do(crew.bob, "apply")
    assert applied.status_code == 200, applied.text
    done = await promotion.read()
    assert (done["state"], done["approvals"]) == ("applied", 2)
    assert (done["from_number"], done["ended_by"]["username"]) == (1, "bob")
    assert promotion.lapsed() == {"cleo": None, "dora": None}
    assert await crew.label() == 3
    _compare_events(await events())
    await _compare_history(crew, done["id"])


def _compare_events(told: Sequence[Any]) -> None:
    assert [(action, who) for action, who, _ in told] == [
        ("label.moved", "bob"),
        ("promotion.opened", "bob"),
        ("promotion.commented", "dora"),
        ("promotion.approved", "cleo"),
        ("promotion.approved", "dora"),
        ("label.moved", "bob"),
        ("promotion.applied", "bob"),
    ]
    assert told[-1][2] == {
        "label": "production",
        "number": 3,
        "from": 1,
        "approved_by": ["cleo", "dora"],
    }


async def _compare_history(crew: Crew, promotion_id: str) -> None:
    history = await crew.ada.get(f"{crew.base}/labels/production/history?count=true")
    moves = history.json()
    assert moves["total"] == 2
    assert [(one["before"], one["number"], one["by"]) for one in moves["items"]] == [
        (1, 3, "bob"),
        (None, 1, "bob"),
    ]
    assert [one["promotion"] for one in moves["items"]] == [promotion_id, None]


async def test_what_has_ended_stays_as_it_is(crew: Crew) -> None:
    await crew.protect(approvals=0)
    applied, withdrawn = await crew.open(2), await crew.open(3)
    assert (await applied.do(crew.cleo, "apply")).status_code == 200
    forbidden = await withdrawn.do(crew.cleo, "withdraw")
    assert forbidden.status_code == 403
    assert (await withdrawn.do(crew.bob, "withdraw")).status_code == 200
    for ended, clue in ((applied, "applied"), (withdrawn, "withdrawn")):
        for verb in ("approve", "object", "apply", "withdraw"):
            answer = await ended.do(crew.cleo, verb)
            assert answer.status_code == 409, verb
            assert clue in answer.json()["detail"]
        answer = await ended.do(crew.cleo, "comments", {"body": "Late."})
        assert answer.status_code == 409
        assert (await ended.change(crew.bob, number=1)).status_code == 409
        assert (await ended.read())["blockers"] == []
        assert not any(one["allowed"] for one in ended.seen["permissions"].values())
    third = await crew.open(3)
    assert (await third.do(crew.ada, "withdraw")).json()["state"] == "withdrawn"


async def test_nobody_decides_about_their_own(crew: Crew, events: Events) -> None:
    await crew.protect(approvals=1)
    promotion = await crew.open(2)
    for verb in ("approve", "object"):
        own = await promotion.do(crew.bob, verb)
        published = await promotion.do(crew.ada, verb)
        stranger = await promotion.do(crew.eve, verb)
        statuses = [own.status_code, published.status_code, stranger.status_code]
        assert statuses == [403, 403, 404]
        assert "opened" in own.json()["detail"]
        assert "published" in published.json()["detail"]
    permissions = (await promotion.read(crew.bob))["permissions"]
    assert not permissions["approve"]["allowed"]
    assert [name for name, one in permissions.items() if one["allowed"]] == [
        "comment",
        "change",
        "withdraw",
    ]
    assert [action for action, _, _ in await events()] == ["promotion.opened"]


async def test_an_objection_stands_until_it_is_answered(crew: Crew) -> None:
    await crew.protect(approvals=1)
    promotion = await crew.open(2)
    await promotion.approve(crew.cleo)
    objected = await promotion.do(crew.dora, "object")
    assert objected.json()["objections"] == 1
    assert promotion.blocked_by() == ["objection"]
    assert (await promotion.do(crew.dora, "object")).status_code == 409
    refused = await promotion.do(crew.bob, "apply")
    assert "dora objected." in refused.json()["detail"]
    changed = await promotion.change(crew.bob, number=3)
    assert changed.json()["objections"] == changed.json()["approvals"] == 0
    assert promotion.lapsed() == dict.fromkeys(
        ("cleo", "dora"), "It was about revision 2."
    )
    await promotion.do(crew.dora, "object")
    await promotion.approve(crew.dora)
    again = await promotion.do(crew.dora, "approve")
    assert again.json()["detail"] == "You approved it."
    assert (await promotion.do(crew.bob, "apply")).status_code == 200


async def test_what_cannot_be_promoted(crew: Crew) -> None:
    await crew.move(1)
    await crew.yank(2)
    place = f"{crew.base}/promotions"
    wrong: list[tuple[dict[str, Any], int]] = [
        ({"label": "latest", "number": 1}, 409),
        ({"label": "production", "number": 1}, 409),
        ({"label": "production", "number": 2}, 409),
        ({"label": "production", "number": 9}, 422),
        ({"label": "Production", "number": 3}, 422),
        ({"label": "production", "number": 3, "message": "x" * 2001}, 422),
        ({"label": "production"}, 422),
    ]
    for body, status in wrong:
        answer = await crew.bob.post(place, json=body)
        assert answer.status_code == status, answer.text
    body = {"label": "production", "number": 3}
    assert (await crew.eve.post(place, json=body)).status_code == 404
    promotion = await crew.open(3)
    for number, status in ((1, 409), (2, 409), (9, 422)):
        answer = await promotion.change(crew.bob, number=number)
        assert answer.status_code == status, answer.text
    assert (await promotion.change(crew.bob)).status_code == 422
    assert (await promotion.change(crew.cleo, number=3)).status_code == 403
    same = await promotion.change(crew.bob, number=3)
    assert same.json()["etag"] == promotion.seen["etag"]
    before = promotion.seen["etag"]
    reworded = await promotion.change(crew.bob, message="Better words.")
    assert reworded.json()["message"] == "Better words."
    assert reworded.json()["etag"] != before


async def test_a_label_that_is_not_protected_needs_nobody(crew: Crew) -> None:
    promotion = await crew.open(2, "beta")
    assert (promotion.seen["policy"], promotion.seen["diff"]) == (None, None)
    assert promotion.seen["approvals_needed"] == 0
    applied = await promotion.do(crew.cleo, "apply")
    assert applied.status_code == 200, applied.text
    assert await crew.label("beta") == 2


async def test_what_it_is_based_on(crew: Crew) -> None:
    """Whoever decides has seen where the label points, and to where it is to move."""
    await crew.move(1)
    promotion = await crew.open(2)
    for verb in ("approve", "object", "apply"):
        answer = await crew.cleo.post(f"{promotion.path}/{verb}")
        assert answer.status_code == 428
    assert (await crew.bob.patch(promotion.path, json={"number": 3})).status_code == 428
    await crew.move(3)
    for verb in ("approve", "object", "apply"):
        assert (await promotion.do(crew.cleo, verb)).status_code == 412
    assert (await promotion.change(crew.bob, number=1)).status_code == 412
    await promotion.read()
    assert promotion.seen["from_number"] == 3
    await promotion.approve(crew.cleo)


async def test_comments_are_bounded(crew: Crew) -> None:
    promotion = await crew.open(2)
    for body, status in (("", 422), (" ", 422), ("x" * 10_001, 422), ("\u202e", 422)):
        answer = await promotion.do(crew.cleo, "comments", {"body": body})
        assert answer.status_code == status
    async with crew.database.write() as session:
        session.add_all(
            PromotionComment(
                promotion_id=UUID(promotion.seen["id"]),
                author_id=UUID(promotion.seen["author"]["id"]),
                body=f"{number}",
            )
            for number in range(199)
        )
    last = await promotion.do(crew.cleo, "comments", {"body": "Enough."})
    assert last.json()["comments"][-1]["body"] == "Enough."
    full = await promotion.do(crew.cleo, "comments", {"body": "One more."})
    assert full.status_code == 409
    assert len((await promotion.read())["comments"]) == 200


async def test_readers_read(crew: Crew, sign_up: Any) -> None:
    """What is hidden is as if it were not there; what is seen may still be refused."""
    promotion = await crew.open(2)
    missing = f"/promotions/{crew.id}"
    body = {"body": "Hello."}
    for path in (promotion.path, missing):
        assert (await crew.eve.get(path)).status_code == 404
        answers = [
            await crew.eve.patch(path, json={"number": 3}, headers=ANY),
            await crew.eve.post(f"{path}/comments", json=body),
            await crew.eve.post(f"{path}/withdraw"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
    assert (await crew.eve.get("/promotions?count=true")).json() == {
        "items": [],
        "next_cursor": None,
        "total": 0,
    }
    await put_member(crew.ada, "eve", "viewer", "platform")
    seen = await promotion.read(crew.eve)
    assert not any(one["allowed"] for one in seen["permissions"].values())
    assert "editor" in seen["permissions"]["approve"]["reason"]
    for verb in ("approve", "object", "apply", "withdraw"):
        assert (await promotion.do(crew.eve, verb)).status_code == 403
    assert (await promotion.do(crew.eve, "comments", body)).status_code == 403
    etag = (await crew.ada.get(crew.base)).headers["etag"]
    gone = await crew.ada.delete(crew.base, headers={"If-Match": etag})
    assert gone.status_code == 204
    assert (await crew.ada.get(promotion.path)).status_code == 404
    assert (await promotion.do(crew.cleo, "apply")).status_code == 404


@pytest.mark.parametrize("scope", ["read", "write", "publish"])
async def test_tokens_do_not_decide(crew: Crew, new_client: Any, scope: str) -> None:
    await crew.protect(approvals=1)
    promotion = await crew.open(2)
    made = await crew.cleo.post(
        "/auth/tokens", json={"name": "CI", "scopes": ["read", scope]}
    )
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    client: httpx.AsyncClient = new_client()
    client.headers.update(headers)
    assert (await promotion.do(client, "approve")).status_code == 403
    comment = await promotion.do(client, "comments", {"body": "Built."})
    assert comment.status_code == (200 if scope == "write" else 403)
    applied = await promotion.do(client, "apply")
    assert applied.status_code == (409 if scope == "publish" else 403)


async def test_only_members_see_the_discussion(
    crew: Crew, connect: Connect, start_app: StartApp
) -> None:
    await crew.protect(approvals=2)
    promotion = await crew.open(2)
    await promotion.do(crew.dora, "comments", {"body": "A customer is angry."})
    await promotion.do(crew.dora, "object")
    await promotion.read()
    await promotion.approve(crew.cleo)
    assert len(promotion.seen["voices"]) == 2
    public = {"visibility": "public", "licence": "MIT"}
    opened = await crew.ada.patch(crew.base, json=public, headers=ANY)
    assert opened.is_success, opened.text
    anybody = connect(await start_app(public_read=True))
    for client in (crew.eve, anybody):
        answer = await client.get(promotion.path)
        seen = answer.json()
        assert (seen["member"], seen["voices"], seen["comments"]) == (False, [], [])
        assert (seen["approvals"], seen["objections"]) == (1, 1)
        assert "cleo" not in answer.text
        assert "dora" not in answer.text
    refused = await promotion.do(crew.eve, "comments", {"body": "Me, too."})
    assert refused.status_code == 403
    assert (await anybody.post(f"{promotion.path}/comments")).status_code == 401
    activity = {
        name: {one["action"] for one in (await client.get("/stats")).json()["activity"]}
        for name, client in (("dora", crew.dora), ("eve", crew.eve))
    }
    said = {f"promotion.{verb}" for verb in ("approved", "objected", "commented")}
    assert said < activity["dora"]
    assert "promotion.opened" in activity["eve"]
    assert said.isdisjoint(activity["eve"])
    await put_member(crew.ada, "eve", "viewer", "platform")
    member = await promotion.read(crew.eve)
    assert member["member"]
    assert [one["body"] for one in member["comments"]] == ["A customer is angry."]
    assert promotion.lapsed() == {"cleo": None, "dora": None}
