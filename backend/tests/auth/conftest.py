from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from roster.auth.models import AuthSession
from roster.core.db import Database
from tests.conftest import PASSWORD, SETUP_CODE

Register = Callable[..., Coroutine[None, None, httpx.Response]]
SignInAs = Callable[..., Coroutine[None, None, httpx.AsyncClient]]
SignIn = Callable[..., Coroutine[None, None, httpx.Response]]
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
