"""Jobs that do what a test says, asked for by somebody, in an app that shows them."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from roster.core.db import Database
from roster.jobs.models import Job
from roster.jobs.registry import JobKind, Run
from roster.jobs.runner import Runner
from roster.jobs.service import enqueue
from roster.teams.models import Team
from roster.users.models import User

Answer = dict[str, Any]
Offer = Callable[..., Runner]
AskFor = Callable[..., Coroutine[None, None, str]]
Load = Callable[[str], Coroutine[None, None, Job]]


@pytest.fixture
def offer(app: FastAPI) -> Offer:
    """Let the app know one kind of job alone: `task`, which does what a test gives."""

    def make(perform: Callable[[Run], Awaitable[None]], **changes: Any) -> Runner:
        kind = JobKind("task", perform, **changes)
        runner = Runner(app.state.runner.tools, [kind])
        app.state.runner = runner
        app.state.watch._kinds = runner.kinds.by_name
        return runner

    return make


@pytest.fixture
def ask_for(database: Database) -> AskFor:
    """Ask for a `task` as somebody, in the name of a team."""

    async def make(
        username: str | None = None, team: str | None = None, **fields: Any
    ) -> str:
        async with database.write() as session:
            user_id = await _id(
                session, select(User.id).where(User.username == username)
            )
            team_id = await _id(session, select(Team.id).where(col(Team.slug) == team))
            job = enqueue(
                session, "task", {}, actor_id=user_id, team_id=team_id, **fields
            )
            return str(job.id)

    return make


async def _id(session: Any, statement: Any) -> UUID | None:
    found: UUID | None = (await session.exec(statement)).first()
    return found


@pytest.fixture
def load(database: Database) -> Load:
    async def one(job_id: str) -> Job:
        async with database.read() as session:
            return await session.get_one(Job, UUID(job_id))

    return one


async def read(client: httpx.AsyncClient, job_id: str, **params: Any) -> Answer:
    answer = await client.get(f"/jobs/{job_id}", params=params)
    assert answer.status_code == 200, answer.text
    found: Answer = answer.json()
    return found


async def listed(client: httpx.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/jobs", params=params)
    assert answer.status_code == 200, answer.text
    return [job["id"] for job in answer.json()["items"]]


async def messages(client: httpx.AsyncClient, job_id: str, **params: Any) -> list[str]:
    answer = await client.get(f"/jobs/{job_id}/log", params=params)
    assert answer.status_code == 200, answer.text
    return [line["message"] for line in answer.json()["items"]]
