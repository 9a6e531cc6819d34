"""After `roster keys reencrypt` the old encryption keys may go."""

from typing import Any

import httpx
import pyotp
from cryptography.fernet import Fernet
from fastapi import FastAPI
from sqlmodel import select

from roster.audit.models import AuditEvent
from roster.auth.models import TotpFactor
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.secrets.models import Secret
from roster.settings import Settings
from roster.upkeep import Reencrypted, reencrypt
from tests.conftest import PASSWORD, Connect, StartApp
from tests.ops.conftest import Roster
from tests.secrets.conftest import KEY, VALUE, make_server, reveal, write


async def seed_of(database: Database, key: str) -> str:
    async with database.read() as session:
        return Cipher([key]).decrypt(
            (await session.exec(select(TotpFactor))).one().secret
        )


async def test_values_are_sealed_with_the_first_key(
    start_app: StartApp,
    connect: Connect,
    ada: httpx.AsyncClient,
    app: FastAPI,
    settings: Settings,
    database: Database,
) -> None:
    [old] = app.state.keys.encryption
    new = Fernet.generate_key().decode()
    server = await make_server(ada, "ada")
    await write(ada, server)
    started = await ada.post("/auth/factors/totp", json={"password": PASSWORD})
    seed: str = started.json()["secret"]

    both = settings.model_copy(update={"encryption_keys": [new, old]})
    assert await reencrypt(both) == Reencrypted(done=2, lost=0)

    client = connect(await start_app(encryption_keys=[new]))
    client.headers["Authorization"] = ada.headers["Authorization"]
    assert (await reveal(client, server)).json() == {"key": KEY, "value": VALUE}
    assert await seed_of(database, new) == seed
    code = {"code": pyotp.TOTP(seed).now()}
    assert (await client.post("/auth/factors/totp/confirm", json=code)).is_success
    async with database.read() as session:
        statement = select(AuditEvent).where(AuditEvent.action == "keys.reencrypted")
        event = (await session.exec(statement)).one()
    assert event.details == {"values": 2, "lost": 0}

    # The old key alone opens nothing now, and what it cannot open is left alone.
    before = await stored(database)
    assert await reencrypt(settings) == Reencrypted(done=0, lost=2)
    assert await stored(database) == before


async def stored(database: Database) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(Secret.sealed))).all())


async def test_the_command_says_what_it_did(
    ada: httpx.AsyncClient, app: FastAPI, roster: Roster
) -> None:
    server = await make_server(ada, "ada")
    await write(ada, server)

    rotated = roster("keys", "rotate", "--kind", "encryption")
    done = roster("keys", "reencrypt")
    lost = roster(
        "keys", "reencrypt", ROSTER_ENCRYPTION_KEYS=app.state.keys.encryption[0]
    )

    assert "roster keys reencrypt" in rotated.stdout
    assert (done.returncode, done.stdout) == (
        0,
        "Encrypted with the first key: 1 values.\n",
    )
    assert lost.returncode == 1
    assert lost.stderr.startswith("1 values were encrypted with a key that is not")
