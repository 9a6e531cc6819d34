"""What an operator does at the command line."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import select

from roster.audit.models import AuditEvent
from roster.audit.sealer import seal_batch
from roster.core import keys
from roster.core.db import Database
from roster.core.keys import KeyKind
from roster.settings import Settings
from roster.upkeep import NoDatabaseError, rotate_keys, verify_chain
from tests.ops.conftest import Roster


async def test_an_intact_chain_is_reported(
    app: FastAPI, ada: httpx.AsyncClient, roster: Roster, database: Database
) -> None:
    sealed = await seal_batch(database, app.state.chain)

    done = roster("audit-verify")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The chain of audit events is intact: ")
    assert f"{sealed} sealed, 0 waiting" in done.stdout


async def test_a_broken_chain_fails_with_one_sentence(
    app: FastAPI, ada: httpx.AsyncClient, roster: Roster, database: Database
) -> None:
    await seal_batch(database, app.state.chain)
    other = "other:" + "k" * 48

    done = roster("audit-verify", ROSTER_AUDIT_KEYS=other)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "The chain of audit events is broken: Event 1 was sealed with a key that is "
        "not here; see ROSTER_AUDIT_KEYS.\n"
    )


@pytest.mark.parametrize(
    "command", [["audit-verify"], ["keys", "rotate"], ["keys", "reencrypt"]]
)
def test_without_a_database_nothing_is_made(
    app: FastAPI, roster: Roster, tmp_path: Path, command: list[str]
) -> None:
    missing = tmp_path / "missing.db"
    url = f"sqlite+aiosqlite:///{missing}"
    away = "postgresql+asyncpg://nobody:hidden-word@127.0.0.1:9/none?ssl=disable"

    absent = roster(*command, ROSTER_DATABASE_URL=url)
    unreachable = roster(*command, ROSTER_DATABASE_URL=away)

    for done in (absent, unreachable):
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "Traceback" not in done.stderr
        assert "hidden-word" not in done.stderr
    assert f"There is no database at {missing}" in absent.stderr
    assert "does not answer" in unreachable.stderr
    assert not missing.exists()


async def test_rotating_is_recorded_and_says_what_to_do(
    app: FastAPI, settings: Settings, roster: Roster, database: Database
) -> None:
    before = app.state.keys

    done = roster("keys", "rotate")
    other = roster("keys", "rotate", "--kind", "encryption")

    assert done.returncode == other.returncode == 0, done.stderr + other.stderr
    assert done.stdout.startswith("A new signing key is in front")
    assert "Restart Roster" in done.stdout
    after = keys.load_or_create(settings)
    assert list(after.signing)[1:] == list(before.signing)
    assert after.encryption[1:] == before.encryption
    for secret in (*after.signing.values(), *after.encryption):
        assert secret not in done.stdout + done.stderr + other.stdout + other.stderr
    async with database.read() as session:
        events = (
            await session.exec(select(AuditEvent.action, AuditEvent.target_name))
        ).all()
    assert [tuple(event) for event in events] == [
        ("keys.rotated", "signing keys"),
        ("keys.rotated", "encryption keys"),
    ]


async def test_what_cannot_be_rotated_is_not_recorded(
    app: FastAPI, roster: Roster, database: Database
) -> None:
    given = "given:" + "k" * 48

    done = roster("keys", "rotate", ROSTER_SIGNING_KEYS=given)

    assert done.returncode == 1
    assert "put a new one in front there" in done.stderr
    async with database.read() as session:
        assert (await session.exec(select(AuditEvent))).all() == []


def test_every_kind_can_be_named(roster: Roster, app: FastAPI) -> None:
    done = roster("keys", "rotate", "--kind", "nonsense")

    assert done.returncode == 2
    for kind in KeyKind:
        assert kind.value in done.stderr


async def test_the_same_from_within(
    app: FastAPI, ada: httpx.AsyncClient, settings: Settings, database: Database
) -> None:
    await seal_batch(database, app.state.chain)

    await rotate_keys(settings, KeyKind.audit)

    report = await verify_chain(settings)
    assert (report.intact, report.unsealed) == (True, 1)
    for url in (
        f"sqlite+aiosqlite:///{settings.data_dir / 'missing.db'}",
        "postgresql+asyncpg://nobody@127.0.0.1:9/none?ssl=disable",
    ):
        elsewhere = settings.model_copy(update={"database_url": SecretStr(url)})
        with pytest.raises(NoDatabaseError):
            await verify_chain(elsewhere)
        with pytest.raises(NoDatabaseError):
            await rotate_keys(elsewhere, KeyKind.signing)
    assert len(keys.load_or_create(settings).signing) == 1
