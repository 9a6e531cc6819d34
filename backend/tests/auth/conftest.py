from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.auth.models import AuthSession
from roster.auth.throttle import Throttle
from roster.core.db import Database
from roster.jobs.models import Job
from tests.conftest import PASSWORD, SETUP_CODE

Register = Callable[..., Coroutine[None, None, httpx.Response]]
SignInAs = Callable[..., Coroutine[None, None, httpx.AsyncClient]]
SignIn = Callable[..., Coroutine[None, None, httpx.Response]]
Age = Callable[[int], None]
Rows = Callable[[str], Coroutine[None, None, Any]]
TimePasses = Callable[[timedelta], Coroutine[None, None, None]]


@pytest.fixture
def register(anonymous: httpx.AsyncClient) -> Register:
    """Ask for an account; by default for Ada's, with the setup code."""

    async def ask(**changes: Any) -> httpx.Response:
        body = {
            "username": "ada",
            "email": "ada@example.org",
            "password": PASSWORD,
            "setup_code": SETUP_CODE,
        }
        return await anonymous.post("/auth/register", json=body | changes)

    return ask


@pytest.fixture
def sign_in(ada: httpx.AsyncClient, anonymous: httpx.AsyncClient) -> SignIn:
    """Sign in over a client of its own; by default as Ada."""

    async def ask(**changes: str) -> httpx.Response:
        form = {"username": "ada", "password": PASSWORD}
        return await anonymous.post("/auth/token", data=form | changes)

    return ask


@pytest.fixture
def sign_in_as(new_client: Callable[[], httpx.AsyncClient]) -> SignInAs:
    """Give a client that is signed in with an account that exists."""

    async def enter(username: str, password: str = PASSWORD) -> httpx.AsyncClient:
        client = new_client()
        answer = await client.post(
            "/auth/token", data={"username": username, "password": password}
        )
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    return enter


@pytest.fixture
def time_passes(database: Database) -> TimePasses:
    """Let what sessions remember lie further back."""

    async def shift(by: timedelta) -> None:
        async with database.write() as session:
            for family in await session.exec(select(AuthSession)):
                family.created_at -= by
                family.rotated_at -= by
                family.last_used_at -= by
                family.expires_at -= by

    return shift


def age(throttle: Throttle, seconds: int) -> None:
    """Let what one process counted be that much older."""
    for key in throttle._own.expirations:
        throttle._own.expirations[key] -= seconds


@pytest.fixture
def guesses_age(app: FastAPI) -> Age:
    return lambda seconds: age(app.state.throttle, seconds)


@pytest.fixture
def events(database: Database) -> Callable[[str], Coroutine[None, None, Any]]:
    """Give what the audit holds of one kind, oldest first."""

    async def load(action: str) -> Any:
        async with database.read() as session:
            found = await session.exec(
                select(AuditEvent)
                .where(AuditEvent.action == action)
                .order_by(col(AuditEvent.id))
            )
            return found.all()

    return load


@pytest.fixture
def jobs(database: Database) -> Callable[[str], Coroutine[None, None, Any]]:
    """Give what the jobs of one kind were asked to do."""

    async def load(kind: str) -> Any:
        async with database.read() as session:
            found = await session.exec(select(Job.payload).where(Job.kind == kind))
            return found.all()

    return load


@pytest.fixture
def families(database: Database) -> Callable[[], Coroutine[None, None, Any]]:
    """Give all sessions, oldest first."""

    async def load() -> Any:
        async with database.read() as session:
            found = await session.exec(
                select(AuthSession).order_by(col(AuthSession.id))
            )
            return found.all()

    return load
