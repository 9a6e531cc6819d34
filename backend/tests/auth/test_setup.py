import re
import stat
from pathlib import Path

import pytest
from sqlmodel import col, select

from roster.auth import setup
from roster.core.db import Database
from roster.settings import Settings
from roster.users.models import User
from tests.conftest import PASSWORD, SETUP_CODE, Connect, StartApp


@pytest.fixture
def without_code(settings: Settings) -> Settings:
    return settings.model_copy(update={"setup_code": None})


def code_file(settings: Settings) -> Path:
    return settings.data_dir / setup.FILE_NAME


async def test_a_code_of_the_settings_is_used_and_not_written(
    settings: Settings, database: Database
) -> None:
    assert await setup.current_code(settings, database) == SETUP_CODE
    assert not code_file(settings).exists()


async def test_a_code_is_made_once_for_its_owner_alone(
    without_code: Settings, database: Database
) -> None:
    code = await setup.current_code(without_code, database)

    assert code is not None
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", code)
    assert await setup.current_code(without_code, database) == code
    assert stat.S_IMODE(code_file(without_code).stat().st_mode) == 0o600


async def test_codes_differ() -> None:
    assert len({setup.new_code() for _ in range(100)}) == 100


async def test_the_code_is_gone_after_its_use(
    without_code: Settings, start_app: StartApp, connect: Connect, database: Database
) -> None:
    client = connect(await start_app(setup_code=None))
    code = await setup.current_code(without_code, database)
    body = {
        "username": "ada",
        "email": "ada@example.org",
        "password": PASSWORD,
        "setup_code": code,
    }

    assert (await client.post("/auth/register", json=body)).status_code == 201

    assert not code_file(without_code).exists()
    assert await setup.current_code(without_code, database) is None
    second = body | {"username": "bob", "email": "bob@example.org"}
    answer = await client.post("/auth/register", json=second)
    assert answer.status_code == 201
    async with database.read() as session:
        found = await session.exec(select(User.username).where(col(User.is_admin)))
        assert found.all() == ["ada"]


async def test_a_refused_first_registration_leaves_the_code(
    without_code: Settings, start_app: StartApp, connect: Connect, database: Database
) -> None:
    client = connect(await start_app(setup_code=None))
    code = await setup.current_code(without_code, database)
    body = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}

    answer = await client.post("/auth/register", json=body)

    assert answer.status_code == 422
    assert str(code) not in answer.text
    assert await setup.current_code(without_code, database) == code


async def test_a_code_left_behind_is_removed_at_the_next_start(
    without_code: Settings, database: Database, start_app: StartApp, connect: Connect
) -> None:
    client = connect(await start_app())
    body = {
        "username": "ada",
        "email": "ada@example.org",
        "password": PASSWORD,
        "setup_code": SETUP_CODE,
    }
    await client.post("/auth/register", json=body)
    without_code.data_dir.mkdir(parents=True, exist_ok=True)
    code_file(without_code).write_text("left behind by a process that was killed\n")

    assert await setup.current_code(without_code, database) is None
    assert not code_file(without_code).exists()
