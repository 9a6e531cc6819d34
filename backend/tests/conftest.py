"""Real engines for every test: SQLite always, PostgreSQL beside it.

Each test gets a database of its own, copied from one that Alembic migrated.
"""

import os
import shutil
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import make_url

from roster.core.db import Database
from roster.core.migrate import upgrade
from roster.main import create_app
from roster.settings import Settings
from tests.leaks import Listener, Watch, pytest_runtest_makereport, read_stored, watch
from tests.services.apps import APPS
from tests.services.git_server import GitServer
from tests.services.git_server import git_server as serve_git
from tests.services.mails import Mail, MailReader
from tests.services.postgres import APPLICATION, PostgresServer
from tests.services.process import compiling_once, spare_what_stays
from tests.services.valkey import ValkeyServer

__all__ = ["pytest_runtest_makereport", "watch"]

HERE = Path(__file__).parent
PASSWORD = "correct horse battery"
SETUP_CODE = "setup-code-for-tests"
# Each worker of a run migrates its own.
TEMPLATE = f"roster_template_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

LONGEST = (
    "drills/test_drills.py",
    "house/test_authorization.py",
    "clients/test_fuzz.py",
    "clients/test_peers.py",
    "caches/",
    "house/test_query_counts.py",
    "deploy/",
    "drills/",
    "ops/test_profile.py",
    "imports/test_kill.py",
    "blobs/test_memory.py",
    "workers/",
)
"""Begun first, so that no worker of a run is left alone with one of them at its end."""

SignUp = Callable[..., Coroutine[None, None, httpx.AsyncClient]]
StartApp = Callable[..., Coroutine[None, None, FastAPI]]
Connect = Callable[[FastAPI], httpx.AsyncClient]
Mails = Callable[[], Coroutine[None, None, list[Mail]]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn_of)


def _turn_of(item: pytest.Item) -> int:
    place = item.path.relative_to(HERE).as_posix()
    found = (turn for turn, one in enumerate(LONGEST) if place.startswith(one))
    return next(found, len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Generator[None]:
    with compiling_once():
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Generator[PostgresServer]:
    server = PostgresServer.start()
    server.create_roles()
    server.create_database(TEMPLATE, owned=True)
    upgrade(server.owner_url(TEMPLATE), application=APPLICATION)
    yield server
    server.drop_database(TEMPLATE)
    server.stop()


@pytest.fixture(scope="session")
def valkey_server() -> Generator[ValkeyServer]:
    server = ValkeyServer.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(valkey_server: ValkeyServer) -> ValkeyServer:
    """A Valkey with nothing in it."""
    valkey_server.empty()
    return valkey_server


@pytest.fixture
def git_server(tmp_path: Path) -> Generator[GitServer]:
    """Serves the git repositories that a test adds to it, over http on loopback."""
    with serve_git(tmp_path / "git") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "roster.db"
        shutil.copyfile(template, path)
        yield f"sqlite+aiosqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"test_{uuid4().hex}"
    server.create_database(name, template=TEMPLATE, owned=True)
    yield server.application_url(name)
    server.drop_database(name)


@pytest.fixture
def owner_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """The same database, as the role that its tables belong to."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return database_url
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.owner_url(url.database or "")


@pytest.fixture(scope="session")
def usual_settings() -> Settings:
    """What the settings of all tests have in common: reading them takes a while."""
    return Settings(
        environment="test",
        setup_code=SETUP_CODE,
        bcrypt_rounds=4,
        # A machine that is busy with all tests is no fault of the one that waits.
        database_wait_seconds=30,
        # All of it, so that no secret hides in a level that was off: see leaks.py.
        log_level="debug",
        log_format="json",
        # Done when a test says so: see the fixture `mails`.
        run_jobs=False,
    )


@pytest.fixture
def settings(usual_settings: Settings, database_url: str, tmp_path: Path) -> Settings:
    own = {"data_dir": tmp_path / "data", "database_url": SecretStr(database_url)}
    return usual_settings.model_copy(update=own, deep=True)


@pytest.fixture
async def start_app(settings: Settings, watch: Watch) -> AsyncGenerator[StartApp]:
    """Start applications on this test's database, with some settings changed."""
    apps: list[FastAPI] = []
    async with AsyncExitStack() as running:

        async def start(**changes: Any) -> FastAPI:
            app = create_app(settings.model_copy(update=changes))
            app.add_middleware(Listener, watch=watch)
            await running.enter_async_context(app.router.lifespan_context(app))
            apps.append(app)
            return app

        yield start
        await read_stored(watch, apps)
    # Routes and mappers, of which the first application of a process makes the most.
    spare_what_stays()


@pytest.fixture
async def app(start_app: StartApp) -> FastAPI:
    return await start_app()


@pytest.fixture
def database(app: FastAPI) -> Database:
    database: Database = app.state.database
    return database


@pytest.fixture
async def connect() -> AsyncGenerator[Connect]:
    """Make clients of an application that nobody is signed in with."""
    async with AsyncExitStack() as open_clients:

        def make(app: FastAPI) -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            client = httpx.AsyncClient(
                transport=transport, base_url="http://roster.test/api/v1"
            )
            APPS[client] = app
            open_clients.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def mails(app: FastAPI) -> Mails:
    """Do the jobs that are due, and give the mails that this wrote, oldest first."""
    reader = MailReader()
    return lambda: reader(app)


@pytest.fixture
def new_client(app: FastAPI, connect: Connect) -> Callable[[], httpx.AsyncClient]:
    return lambda: connect(app)


@pytest.fixture
def anonymous(new_client: Callable[[], httpx.AsyncClient]) -> httpx.AsyncClient:
    return new_client()


@pytest.fixture
def sign_up(new_client: Callable[[], httpx.AsyncClient]) -> SignUp:
    """Register a person and return a client that is signed in as them.

    The first one of a test sets the instance up and so administers it.
    """
    registered: list[str] = []

    async def register(username: str) -> httpx.AsyncClient:
        client = new_client()
        body = {
            "username": username,
            "email": f"{username}@example.org",
            "password": PASSWORD,
        }
        if not registered:
            body["setup_code"] = SETUP_CODE
        answer = await client.post("/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        registered.append(username)
        answer = await client.post(
            "/auth/token", data={"username": username, "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    return register


@pytest.fixture
async def ada(sign_up: SignUp) -> httpx.AsyncClient:
    """A person with an account, who set the instance up."""
    return await sign_up("ada")


@pytest.fixture
async def bob(ada: httpx.AsyncClient, sign_up: SignUp) -> httpx.AsyncClient:
    """Another person, in no team with Ada."""
    return await sign_up("bob")
