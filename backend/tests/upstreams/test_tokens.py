"""The tokens of repositories as they are stored, and who a job still acts for."""

from uuid import UUID

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel import select

from roster.core.crypto import Cipher, NotOpenedError
from roster.core.db import Database
from roster.repositories.models import Repository as Row
from roster.repositories.sealing import seal, token_of
from roster.settings import Settings
from roster.upkeep import Reencrypted, reencrypt
from tests.services.git_server import Repository
from tests.teams.conftest import make_team, put_member
from tests.upstreams.conftest import Follower, agents

TOKEN = "wT5x-Jq8m-Rk2V"


def test_a_token_is_for_its_repository_and_address() -> None:
    cipher = Cipher([Fernet.generate_key().decode()])
    team = UUID(int=1)
    first = Row(team_id=team, url="https://git.example.org/a.git", created_by=team)
    other = Row(team_id=team, url="https://git.example.org/b.git", created_by=team)
    assert token_of(cipher, first) is None
    first.sealed_token = seal(cipher, first, SecretStr(TOKEN))
    found = token_of(cipher, first)
    assert found is not None
    assert found.get_secret_value() == TOKEN
    other.sealed_token = first.sealed_token
    with pytest.raises(NotOpenedError):
        token_of(cipher, other)
    first.url = "https://elsewhere.example.org/a.git"
    with pytest.raises(NotOpenedError):
        token_of(cipher, first)
    with pytest.raises(NotOpenedError):
        token_of(Cipher([Fernet.generate_key().decode()]), other)


async def test_tokens_are_sealed_anew_with_other_keys(
    follower: Follower,
    remote: Repository,
    settings: Settings,
    app: FastAPI,
    database: Database,
) -> None:
    await follower.take(remote, token=TOKEN)
    [old] = app.state.keys.encryption
    new = Fernet.generate_key().decode()
    both = settings.model_copy(update={"encryption_keys": [new, old]})
    assert await reencrypt(both) == Reencrypted(done=1, lost=0)
    async with database.read() as session:
        row = (await session.exec(select(Row))).one()
    found = token_of(Cipher([new]), row)
    assert found is not None
    assert found.get_secret_value() == TOKEN


async def test_who_lost_the_right_updates_nothing_any_more(
    follower: Follower, bob: httpx.AsyncClient, remote: Repository
) -> None:
    await make_team(follower.client)
    await put_member(follower.client, "bob", "editor")
    owner = Follower(follower.client, "backend")
    id_ = await owner.take(remote)
    remote.commit(agents("elm", "fir", body="You run.\n"))
    await owner.check(id_)
    asked = await bob.post(f"/repositories/{id_}/update")
    assert asked.status_code == 202
    await put_member(follower.client, "bob", "viewer")
    await owner.work()
    job = await owner.get(f"/jobs/{asked.json()['id']}")
    assert job["state"] == "failed"
    assert "may not publish in the team any more" in job["error"]
    assert (await owner.repository(id_))["updates"] == 2


async def test_what_an_api_token_asked_for_ends_with_it(
    follower: Follower, remote: Repository
) -> None:
    id_ = await follower.take(remote)
    remote.commit(agents("elm", body="You run.\n"))
    await follower.check(id_)
    body = {"name": "CI", "scopes": ["read", "publish", "write"]}
    made = (await follower.client.post("/auth/tokens", json=body)).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    address = f"/repositories/{id_}/update"
    asked = await follower.client.post(address, headers=headers)
    assert asked.status_code == 202, asked.text
    gone = await follower.client.delete(f"/auth/tokens/{made['id']}")
    assert gone.status_code == 204
    await follower.work()
    job = await follower.get(f"/jobs/{asked.json()['id']}")
    assert job["state"] == "failed"
    assert "API token" in job["error"]
    assert (await follower.repository(id_))["updates"] == 1
