"""Whose turn it is: nobody waits for all that somebody else asked for."""

from datetime import timedelta
from uuid import UUID

import httpx
from sqlmodel import col, select, update

from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs import claims
from roster.jobs.claims import Taker
from roster.jobs.models import Job
from roster.jobs.service import enqueue
from roster.users.models import User
from tests.jobs.conftest import nothing

__all__ = ["nothing"]

TAKER = Taker({"task": 5})


async def _ask(database: Database, username: str, times: int) -> None:
    async with database.write() as session:
        found = await session.exec(select(User.id).where(User.username == username))
        user_id = found.one()
        for number in range(times):
            enqueue(session, "task", {"number": number}, actor_id=user_id)


async def _take(database: Database) -> tuple[str, int]:
    """Take a job; tell who asked for it, and which of theirs it is."""
    async with database.write() as session:
        job = await claims.take(session, TAKER)
        assert job is not None
        assert job.actor_id is not None
        user = await session.get_one(User, job.actor_id)
        return user.username, job.payload["number"]


async def test_who_asks_for_much_waits_for_their_own(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    await _ask(database, "ada", 4)
    await _ask(database, "bob", 2)

    taken = [await _take(database) for _ in range(6)]

    assert taken == [
        ("ada", 0),
        ("bob", 0),
        ("ada", 1),
        ("bob", 1),
        ("ada", 2),
        ("ada", 3),
    ]


async def test_what_is_lost_takes_nobodys_turn(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    await _ask(database, "ada", 2)
    first = await _take(database)
    async with database.write() as session:
        long_ago = utc_now() - 2 * claims.LOST_AFTER
        await session.exec(
            update(Job)
            .where(col(Job.started_at).is_not(None))
            .values(updated_at=long_ago)
        )
    await _ask(database, "bob", 1)

    assert [first, await _take(database)] == [("ada", 0), ("ada", 0)]
    assert await _take(database) == ("bob", 0)
    assert await _take(database) == ("ada", 1)


async def test_teams_take_turns_where_nobody_asked(
    ada: httpx.AsyncClient, database: Database
) -> None:
    teams: list[UUID] = []
    for slug in ("one", "two"):
        made = await ada.post("/teams", json={"slug": slug, "name": slug})
        teams.append(UUID(made.json()["id"]))
    async with database.write() as session:
        due = utc_now() - timedelta(minutes=1)
        for team_id in (teams[0], teams[0], teams[1]):
            enqueue(session, "task", {}, team_id=team_id, due_at=due)

    seen = []
    for _ in range(3):
        async with database.write() as session:
            job = await claims.take(session, TAKER)
            assert job is not None
            seen.append(job.team_id)

    assert seen == [teams[0], teams[1], teams[0]]
