"""What a release says, it says for ever; and its numbers have no gaps."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from roster.collections.models import Release, ReleaseEntry
from roster.core.db import Database
from roster.teams.models import Role
from tests.collections.conftest import (
    ANY,
    Join,
    collect,
    create,
    publish,
    put,
    release,
    released,
)
from tests.components.conftest import agent_file
from tests.teams.conftest import make_team


async def resolved(
    client: httpx.AsyncClient, collection: dict[str, Any]
) -> tuple[bytes, bytes]:
    """The lock of the first release, and all that it locks."""
    place = f"/collections/{collection['id']}/releases/1"
    lock, archive = [await client.get(f"{place}/{what}") for what in ("lock", "export")]
    assert (lock.status_code, archive.status_code) == (200, 200), lock.text
    return lock.content, archive.content


async def test_invariant_4_a_lock_resolves_to_the_same_bytes_for_ever(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, join: Join
) -> None:
    await make_team(ada, "elsewhere")
    agents = {
        name: await create(ada, "ada", name, visibility="internal")
        for name in ("yanked", "renamed", "deleted", "moved", "published", "labelled")
    }
    foreign = await create(bob, "bob", "foreign", visibility="internal")
    kit = await collect(ada, "kit", *agents.values(), foreign, visibility="internal")
    await released(ada, kit)
    before = await resolved(bob, kit)

    def of(name: str, rest: str = "") -> str:
        return f"/components/{agents[name]['id']}{rest}"

    steps: Sequence[httpx.Response] = [
        await ada.post(of("yanked", "/revisions/1/yank"), json={"reason": "It loops."}),
        await ada.post(of("renamed", "/rename"), json={"name": "new"}, headers=ANY),
        await ada.delete(of("deleted"), headers=ANY),
        await ada.post(
            of("moved", "/transfer"), json={"team": "elsewhere"}, headers=ANY
        ),
        await publish(
            ada, agents["published"], agent_file("published", body="Second.\n")
        ),
        await ada.put(of("labelled", "/labels/beta"), json={"number": 1}, headers=ANY),
        await bob.delete(f"/components/{foreign['id']}", headers=ANY),
        await ada.put(
            f"/collections/{kit['id']}/entries", json={"entries": []}, headers=ANY
        ),
        await ada.post(
            f"/collections/{kit['id']}/rename", json={"name": "tools"}, headers=ANY
        ),
        await ada.post(f"/collections/{kit['id']}/archive"),
        await ada.delete("/teams/elsewhere", params={"confirm": "elsewhere"}),
    ]
    assert all(step.is_success for step in steps), [step.text for step in steps]
    assert await resolved(bob, kit) == before
    assert await resolved(ada, kit) == before

    detail = (await bob.get(f"/collections/{kit['id']}/releases/1")).json()
    by_name = {entry["name"]: entry for entry in detail["entries"]}
    assert by_name["yanked"]["yanked"]
    assert by_name["renamed"]["reference"] == "agent:ada/new"
    assert by_name["renamed"]["identifier"] == "roster:agent:ada/renamed@1"
    gone = [name for name, entry in by_name.items() if entry["deleted"]]
    assert sorted(gone) == ["deleted", "foreign", "moved"]
    await hide_and_show(ada, bob, join, kit, of("published"), before)


async def hide_and_show(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    join: Join,
    kit: dict[str, Any],
    published: str,
    before: tuple[bytes, bytes],
) -> None:
    # A collection that was deleted is not there; once restored, nothing has changed.
    place = f"/collections/{kit['id']}"
    await ada.delete(place, params={"confirm": "tools"}, headers=ANY)
    assert (await bob.get(f"{place}/releases/1/lock")).status_code == 404
    await ada.post(f"{place}/restore")
    assert await resolved(bob, kit) == before
    # What is hidden from somebody is not told to them by an old lock.
    await ada.patch(published, json={"visibility": "private"}, headers=ANY)
    assert (await bob.get(f"{place}/releases/1/lock")).status_code == 404
    await join("bob", "ada", Role.viewer)
    assert await resolved(bob, kit) == before


async def test_invariant_2_numbers_of_releases_have_no_gaps(
    ada: httpx.AsyncClient,
) -> None:
    """Twenty at once: each is one of 1..n, or says that nothing changed."""
    agents = [await create(ada, "ada", f"agent-{number}") for number in range(3)]
    kit = await collect(ada, "kit", *agents)

    async def change_and_release(number: int) -> httpx.Response:
        chosen = agents[number % 3 :] + agents[: number % 3]
        await put(ada, kit, *({"component_id": one["id"]} for one in chosen))
        return await release(ada, kit)

    answers = await asyncio.gather(*(change_and_release(n) for n in range(20)))
    made = [a.json()["number"] for a in answers if a.status_code == 201]
    others = [a.json()["type"] for a in answers if a.status_code != 201]
    assert sorted(made) == list(range(1, len(made) + 1))
    assert set(others) <= {"/problems/unchanged"}
    path = f"/collections/{kit['id']}/releases"
    listed = (await ada.get(path, params={"limit": 50})).json()["items"]
    digests = [one["digest"] for one in listed]
    assert len(digests) == len(made)
    assert all(a != b for a, b in pairwise(digests))


async def test_invariant_2_many_at_once_of_one_state_make_one(
    ada: httpx.AsyncClient,
) -> None:
    kit = await collect(ada, "kit", await create(ada, "ada"))
    answers = await asyncio.gather(*(release(ada, kit) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 19]


async def test_invariant_1_the_database_refuses_to_change_a_release(
    ada: httpx.AsyncClient, database: Database
) -> None:
    agent = await create(ada, "ada")
    kit = await collect(ada, "kit", agent)
    await released(ada, kit)
    async with database.read() as session:
        one = (await session.exec(select(Release))).one()
    line = {
        "release_id": one.id,
        "position": 1,
        "component_id": UUID(agent["id"]),
        "kind": "agent",
        "team": "ada",
        "name": "smuggled",
        "number": 1,
        "digest": "0" * 64,
        "shadowed": False,
    }
    attempts: list[Any] = [
        update(Release).values(notes="Other"),
        update(Release).values(digest="0" * 64),
        update(Release).values(entry_count=2),
        delete(Release),
        update(ReleaseEntry).values(number=2),
        update(ReleaseEntry).values(release_id=uuid4()),
        delete(ReleaseEntry),
        insert(ReleaseEntry).values(line),
        delete(Release).where(col(Release.number) == 1),
    ]
    if database.dialect == "postgresql":
        attempts += [
            text("TRUNCATE release_entries"),
            text("TRUNCATE releases CASCADE"),
        ]
    else:
        row = ", ".join(f":{name}" for name in line)
        replace = text(f"INSERT OR REPLACE INTO release_entries VALUES ({row})")  # noqa: S608 - names of ours
        attempts.append(
            replace.bindparams(
                **{**line, "position": 0, "release_id": one.id.hex}
                | {"component_id": UUID(agent["id"]).hex}
            )
        )
    for attempt in attempts:
        with pytest.raises(DBAPIError):
            async with database.write() as session:
                await session.exec(attempt)
    answer = await ada.get(f"/collections/{kit['id']}/releases/1")
    assert [entry["name"] for entry in answer.json()["entries"]] == ["reviewer"]
