"""Whatever changes, nobody is answered what they were answered before.

Beside the application stands one that keeps nothing, which everybody is answered the
truth by, and one that stands for another process.
"""

import hashlib
from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from tests.auth.test_second_factor import ASKED, Phone
from tests.caches.world import World, ask, outcomes
from tests.components.conftest import agent_file, create, publish
from tests.conftest import Connect, SignUp, StartApp

Change = Callable[[World], Awaitable[None]]


@pytest.fixture
async def world(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, sign_up: SignUp
) -> World:
    made = World(
        {
            "ada": ada,
            "bob": bob,
            "cyd": await sign_up("cyd"),
            "dan": await sign_up("dan"),
        }
    )
    await made.begin()
    return made


async def publish_more(world: World) -> None:
    content = agent_file("closed", body="More of it.\n")
    answer = await publish(world.clients["bob"], {"id": world.ids["closed"]}, content)
    assert answer.is_success, answer.text


async def make_another(world: World) -> None:
    await create(world.clients["bob"], "kit", "another", visibility="internal")


async def set_label(world: World) -> None:
    path = f"/components/{world.ids['open']}/labels/stable"
    await ask(world.clients["ada"], "PUT", path, json={"number": 1})


async def hide(world: World) -> None:
    body = {"visibility": "private"}
    path = f"/components/{world.ids['inner']}"
    await ask(world.clients["ada"], "PATCH", path, json=body)


async def show(world: World) -> None:
    body = {"visibility": "internal"}
    path = f"/components/{world.ids['closed']}"
    await ask(world.clients["ada"], "PATCH", path, json=body)


async def deprecate(world: World) -> None:
    path = f"/components/{world.ids['open']}/deprecation"
    body = {"message": "Old.", "successor": "agent:kit/inner"}
    await ask(world.clients["ada"], "PUT", path, json=body)


async def succeed_by_begun(world: World) -> None:
    path = f"/components/{world.ids['open']}/deprecation"
    body = {"message": "Old.", "successor": "agent:kit/begun"}
    await ask(world.clients["ada"], "PUT", path, json=body)


async def delete(world: World) -> None:
    await ask(world.clients["ada"], "DELETE", f"/components/{world.ids['open']}")


async def yank(world: World) -> None:
    path = f"/components/{world.ids['open']}/revisions/1/yank"
    await ask(world.clients["ada"], "POST", path, json={"reason": "It is wrong."})


async def redact(world: World) -> None:
    digest = hashlib.sha256(world.contents["open"].encode()).hexdigest()
    body = {"team": "kit", "reason": "It names somebody."}
    await ask(world.clients["ada"], "POST", f"/blobs/{digest}/redact", json=body)


async def begin_draft(world: World) -> None:
    path = f"/components/{world.ids['inner']}/draft"
    bob = world.clients["bob"]
    seen = (await bob.get(f"/components/{world.ids['inner']}")).json()
    body = {"content": agent_file("inner"), "base_digest": seen["latest"]["digest"]}
    answer = await bob.put(path, json=body, headers={"If-None-Match": "*"})
    assert answer.is_success, answer.text


async def promote_member(world: World) -> None:
    await world.set_role("cyd", "owner")


async def add_member(world: World) -> None:
    await world.set_role("dan", "viewer")


async def remove_member(world: World) -> None:
    await ask(world.clients["ada"], "DELETE", "/teams/kit/members/bob")


async def revoke_token(world: World) -> None:
    token_id = world.ids["bob's token"]
    await ask(world.clients["bob"], "DELETE", f"/auth/tokens/{token_id}")


async def sign_out(world: World) -> None:
    await ask(world.clients["cyd"], "POST", "/auth/logout-all")


async def require_second_factor(world: World) -> None:
    ada = world.clients["ada"]
    begun = await ask(ada, "POST", "/auth/factors/totp", json=ASKED)
    code = {"code": Phone(begun["secret"]).code()}
    await ask(ada, "POST", "/auth/factors/totp/confirm", json=code)
    await ask(ada, "PATCH", "/teams/kit", json={"require_second_factor": True})


async def rename_team(world: World) -> None:
    await ask(world.clients["ada"], "PATCH", "/teams/kit", json={"name": "Tools"})


async def rename_person(world: World) -> None:
    body = {"display_name": "Ada L."}
    await ask(world.clients["ada"], "PATCH", "/users/me", json=body)


async def let_everybody_read(world: World) -> None:
    body = {"public_read": True}
    await ask(world.clients["ada"], "PATCH", "/instance/policy", json=body)


async def let_nobody_read_again(world: World) -> None:
    body = {"public_read": False}
    await ask(world.clients["ada"], "PATCH", "/instance/policy", json=body)


async def deactivate(world: World) -> None:
    me = await ask(world.clients["bob"], "GET", "/users/me")
    await ask(
        world.clients["ada"], "PATCH", f"/users/{me['id']}", json={"is_active": False}
    )


async def delete_team(world: World) -> None:
    await ask(world.clients["ada"], "DELETE", "/teams/kit?confirm=kit")


CHANGES: list[Change] = [
    publish_more,
    make_another,
    set_label,
    deprecate,
    hide,
    succeed_by_begun,
    yank,
    redact,
    show,
    begin_draft,
    promote_member,
    add_member,
    let_everybody_read,
    let_nobody_read_again,
    rename_team,
    rename_person,
    require_second_factor,
    remove_member,
    revoke_token,
    sign_out,
    deactivate,
    delete,
    delete_team,
]


@pytest.mark.usefixtures("_punctual")
async def test_each_change_is_seen_by_all_at_once(
    world: World,
    app: FastAPI,
    start_app: StartApp,
    connect: Connect,
) -> None:
    del world.headers["bob's pen"]
    truth, other = await start_app(cache_bytes=0), await start_app()
    for one in (app, other):
        await world.read(one, connect)
    for change in CHANGES:
        await change(world)

        await truth.state.following.look()
        expected = await world.read(truth, connect)
        assert await world.read(app, connect) == expected, change.__name__
        before = outcomes(app)["hit"]
        assert await world.read(app, connect) == expected, change.__name__
        given = sum(status == httpx.codes.OK for status, _, _ in expected.values())
        assert outcomes(app)["hit"] - before > given / 2, change.__name__
        # It does so by itself, four times a second.
        await other.state.following.look()
        assert await world.read(other, connect) == expected, change.__name__


async def test_what_was_said_of_a_role_is_not_said_to_another(
    world: World, app: FastAPI, start_app: StartApp, connect: Connect
) -> None:
    """Callers are asked in both directions, so that each finds what others left."""
    world.paths += ["/agents/facets", "/instance"]
    truth = await start_app(cache_bytes=0)
    expected = await world.read(truth, connect)
    for _ in range(2):
        world.headers = dict(reversed(world.headers.items()))
        await app.state.following.look()
        assert await world.read(app, connect) == expected
    assert {status for status, _, _ in expected.values()} == {200, 401, 403, 404}
