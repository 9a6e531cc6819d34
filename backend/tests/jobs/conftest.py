from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from roster.core.db import Database
from roster.jobs.models import Job
from roster.jobs.registry import JobKind, Run, Tools
from roster.jobs.runner import Runner
from roster.jobs.service import enqueue


async def nothing(run: Run) -> None:
    """Do nothing."""


# So that it can be asked for before a test says what it does.
JobKind("task", nothing)
MakeRunner = Callable[..., Runner]
Ask = Callable[..., Coroutine[None, None, UUID]]
AllJobs = Callable[[], Coroutine[None, None, list[Job]]]
TimePasses = Callable[[timedelta], Coroutine[None, None, None]]


@pytest.fixture
async def make_runner(app: FastAPI) -> AsyncGenerator[MakeRunner]:
    """Make runners of jobs of the kind `task`, which does what a test gives it."""
    async with AsyncExitStack() as running:

        def make(perform: Callable[[Run], Awaitable[None]], **changes: Any) -> Runner:
            tools = Tools(app.state.settings, app.state.database, app.state.keys)
            runner = Runner(tools, [JobKind("task", perform, **changes)])
            running.push_async_callback(runner.stop)
            return runner

        yield make


@pytest.fixture
def ask(database: Database) -> Ask:
    """Enqueue a job of the kind `task`, or one that this version does not know."""

    async def enqueue_one(kind: str = "task", **payload: Any) -> UUID:
        async with database.write() as session:
            if kind == "task":
                return enqueue(session, kind, payload).id
            job = Job(kind=kind, payload=payload)
            session.add(job)
            return job.id

    return enqueue_one


@pytest.fixture
def all_jobs(database: Database) -> AllJobs:
    async def load() -> list[Job]:
        async with database.read() as session:
            found = await session.exec(select(Job).order_by(col(Job.id)))
            return list(found.all())

    return load


@pytest.fixture
def time_passes(database: Database) -> TimePasses:
    """Let what jobs remember lie further back."""

    async def shift(by: timedelta) -> None:
        async with database.write() as session:
            for job in await session.exec(select(Job)):
                job.due_at -= by
                job.updated_at -= by
                if job.finished_at:
                    job.finished_at -= by

    return shift
