"""Who made a token is told before it stops working, once."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select, update

from roster.auth import api_token_jobs
from roster.auth.models import ApiToken
from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.models import Job
from roster.jobs.registry import Tools
from roster.jobs.runner import Runner
from roster.users.models import User
from tests.auth.test_api_tokens import make

RunDaily = Callable[[], Coroutine[None, None, list[Mapping[str, Any]]]]


@pytest.fixture
def run_daily(app: FastAPI, database: Database) -> RunDaily:
    """Do the daily job again; gives what mails it has asked for so far."""

    async def run() -> list[Mapping[str, Any]]:
        tools = Tools(app.state.settings, database, app.state.keys)
        runner = Runner(tools, api_token_jobs.JOBS)
        async with database.write() as session:
            session.add(Job(kind="tokens.warn"))
        await runner.drain()
        async with database.read() as session:
            mails = await session.exec(
                select(Job.payload).where(Job.kind == "mail.token_expires")
            )
            return list(mails.all())

    return run


async def ends_in(database: Database, days: float) -> None:
    async with database.write() as session:
        ends = utc_now() + timedelta(days=days)
        await session.exec(update(ApiToken).values(expires_at=ends))


async def test_it_is_told_once_a_week_before(
    ada: httpx.AsyncClient, database: Database, run_daily: RunDaily
) -> None:
    made = await make(ada)
    me = (await ada.get("/users/me")).json()
    await ends_in(database, 7.1)
    assert await run_daily() == []
    await ends_in(database, 6.9)

    expected = [{"user_id": me["id"], "token_id": made["id"]}]
    assert await run_daily() == expected
    assert await run_daily() == expected


async def test_after_it_was_rotated_it_is_told_again(
    ada: httpx.AsyncClient, database: Database, run_daily: RunDaily
) -> None:
    made = await make(ada)
    await ends_in(database, 1)
    assert len(await run_daily()) == 1

    await ada.post(f"/auth/tokens/{made['id']}/rotate")
    assert len(await run_daily()) == 1
    await ends_in(database, 1)
    assert len(await run_daily()) == 2


@pytest.mark.parametrize("what", ["short", "revoked", "expired", "deactivated"])
async def test_nobody_is_told_of_what_is_no_loss(
    ada: httpx.AsyncClient, database: Database, run_daily: RunDaily, what: str
) -> None:
    made = await make(ada, expires_in_days=7 if what == "short" else 90)
    await ends_in(database, -1 if what == "expired" else 1)
    if what == "revoked":
        await ada.delete(f"/auth/tokens/{made['id']}")
    if what == "deactivated":
        async with database.write() as session:
            await session.exec(
                update(User).where(col(User.username) == "ada").values(is_active=False)
            )

    assert await run_daily() == []
