"""Fetching from another instance what one of its lock files lists."""

import json
from collections.abc import Awaitable, Callable, Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from roster.components.kinds import kind_of
from roster.fetching.errors import FetchError, Reason
from roster.fetching.rosters import LockFetched, fetch_lock
from roster.main import create_app
from roster.settings import Settings
from roster.uploads.archive import Incoming, Limits
from roster.uploads.spool import Spool
from roster.uploads.unpacking import unpack
from tests.clients.conftest import listening
from tests.collections.conftest import collect, released
from tests.components.conftest import agent_file
from tests.components.skills import FILES, packed, skill_file
from tests.fetching.conftest import Names, Scripts, said

LIMITS = Limits(files=100, file_bytes=1024 * 1024, unpacked_bytes=2**26)
COMMAND = "---\ndescription: Tidies up.\n---\nTidy up.\n"
SERVER = '{"command": "npx", "args": ["-y", "server-files"]}\n'


@dataclass
class Peer:
    """Another instance, with a release and a token that may read it."""

    address: str
    lock: bytes
    token: SecretStr
    components: dict[str, dict[str, Any]]


@pytest.fixture
def address(settings: Settings) -> Generator[str]:
    with ExitStack() as running:
        yield running.enter_context(listening(create_app(settings)))


@pytest.fixture
async def peer(ada: httpx.AsyncClient, address: str) -> Peer:
    runs = packed({"SKILL.md": skill_file(), **FILES}, runs=("scripts/collect.sh",))
    answers = {
        "agent": await ada.post(
            "/agents", json={"team": "ada", "content": agent_file("reviewer")}
        ),
        "skill": await ada.post(
            "/skills", data={"team": "ada"}, files={"files": ("s.zip", runs)}
        ),
        "command": await ada.post(
            "/commands", json={"team": "ada", "content": COMMAND, "name": "tidy"}
        ),
        "server": await ada.post(
            "/servers", json={"team": "ada", "content": SERVER, "name": "files"}
        ),
    }
    made = {}
    for kind, answer in answers.items():
        assert answer.status_code == 201, answer.text
        made[kind] = answer.json()
    collection = await collect(ada, "kit", *made.values())
    number = (await released(ada, collection))["number"]
    lock = await ada.get(f"/collections/{collection['id']}/releases/{number}/lock")
    body = {"name": "Other instance", "scopes": ["read"]}
    token = (await ada.post("/auth/tokens", json=body)).json()["token"]
    return Peer(address, lock.content, SecretStr(token), made)


Fetch = Callable[..., Awaitable[LockFetched]]


@pytest.fixture
def fetching(peer: Peer, loopback: Settings, spool: Spool) -> Fetch:
    async def fetch(lock: bytes = peer.lock, **changes: Any) -> LockFetched:
        asked = {"address": peer.address, "token": peer.token, **changes}
        return await fetch_lock(
            lock,
            asked.pop("address"),
            asked.pop("token"),
            spool,
            **{"settings": loopback, **asked},
        )

    return fetch


def files_of(fetched: LockFetched, spool: Spool) -> dict[str, Incoming]:
    return {one.path: one for one in unpack(fetched.parts, spool, LIMITS).files}


def with_agent(peer: Peer, *changes: dict[str, Any]) -> bytes:
    """The lock with the entry of the agent changed, once for each of these."""
    lock = json.loads(peer.lock)
    [agent] = [entry for entry in lock["entries"] if entry["kind"] == "agent"]
    lock["entries"].remove(agent)
    lock["entries"] += [{**agent, **values} for values in changes]
    return json.dumps(lock).encode()


async def test_all_that_a_lock_lists_is_fetched_as_it_was_published(
    peer: Peer, fetching: Fetch, spool: Spool
) -> None:
    told: list[tuple[int, int]] = []
    fetched = await fetching(on_progress=lambda *done: told.append(done))

    assert fetched.refusals == []
    assert fetched.instance == peer.address
    assert told[-1] == (4, 4)
    found = files_of(fetched, spool)
    assert {path: spool.read(one.span) for path, one in found.items() if one.span} == {
        "ada/agents/reviewer.md": agent_file("reviewer").encode(),
        "ada/commands/tidy.md": COMMAND.encode(),
        "ada/servers/files.json": SERVER.encode(),
        "ada/skills/release-notes/SKILL.md": skill_file(),
        **{f"ada/skills/release-notes/{path}": data for path, data in FILES.items()},
    }
    runs = [path for path, one in found.items() if one.mode == "100755"]
    assert runs == ["ada/skills/release-notes/scripts/collect.sh"]


async def test_an_import_recognises_what_was_fetched(
    fetching: Fetch, spool: Spool
) -> None:
    found = files_of(await fetching(), spool)
    kinds = {
        path: kind.name
        for path, one in found.items()
        if one.span and (kind := kind_of(path, spool.read(one.span)))
    }
    assert kinds == {
        "ada/agents/reviewer.md": "agent",
        "ada/commands/tidy.md": "command",
        "ada/servers/files.json": "server",
        "ada/skills/release-notes/SKILL.md": "skill",
    }


async def test_what_is_not_what_was_locked_is_refused_and_the_rest_is_taken(
    peer: Peer, fetching: Fetch, spool: Spool
) -> None:
    fetched = await fetching(with_agent(peer, {"digest": "ab" * 32}))

    [refusal] = fetched.refusals
    assert refusal.path == "agent:ada/reviewer@1"
    assert "its digest differs" in refusal.reason
    assert "ada/agents/reviewer.md" not in files_of(fetched, spool)
    assert "ada/commands/tidy.md" in files_of(fetched, spool)


async def test_each_entry_is_refused_with_its_own_reason(
    peer: Peer, fetching: Fetch, spool: Spool
) -> None:
    told: list[tuple[dict[str, Any], str]] = [
        ({"name": "../../etc"}, "no entry of a lock"),
        ({"digest": None}, "no entry of a lock"),
        ({"number": True}, "no entry of a lock"),
        ({"number": 99}, "It is not there"),
        ({"name": "ada/nothing"}, "It is not there"),
        ({"name": "nobody/reviewer"}, "It is not there"),
        ({"shadowed": True}, "comes first"),
        ({"kind": "hook"}, "knows no components of kind hook"),
    ]
    fetched = await fetching(with_agent(peer, *(values for values, _ in told)))

    assert len(fetched.refusals) == len(told)
    for refusal, (_, reason) in zip(fetched.refusals, told, strict=True):
        assert reason in refusal.reason
    assert len(files_of(fetched, spool)) == 6


async def test_what_was_deleted_renamed_or_is_hidden(
    peer: Peer,
    fetching: Fetch,
    spool: Spool,
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
) -> None:
    agent = peer.components["agent"]["id"]
    command = peer.components["command"]["id"]
    for answer in (
        await ada.delete(f"/components/{agent}", headers={"If-Match": "*"}),
        await ada.post(
            f"/components/{command}/rename",
            json={"name": "neat"},
            headers={"If-Match": "*"},
        ),
    ):
        assert answer.is_success, answer.text

    fetched = await fetching()
    assert [one.reason for one in fetched.refusals] == ["It was deleted there."]
    assert "ada/commands/tidy.md" in files_of(fetched, spool)

    body = {"name": "Of Bob", "scopes": ["read"]}
    token = SecretStr((await bob.post("/auth/tokens", json=body)).json()["token"])
    fetched = await fetching(token=token)
    assert len(fetched.refusals) == 4
    assert fetched.parts == []


async def test_a_token_is_asked_for_and_must_be_right(
    peer: Peer, fetching: Fetch
) -> None:
    with pytest.raises(FetchError, match="wants an API token") as needs:
        await fetching(token=None)
    assert needs.value.reason is Reason.needs_token
    wrong = SecretStr(peer.token.get_secret_value()[:-3] + "abc")
    with pytest.raises(FetchError, match="refuses the API token") as refused:
        await fetching(token=wrong)
    assert refused.value.reason is Reason.wrong_token


async def test_the_address_is_asked_for_unless_the_lock_says_it(
    peer: Peer, fetching: Fetch, spool: Spool
) -> None:
    with pytest.raises(FetchError, match="give its address"):
        await fetching(address=None)
    lock = json.dumps({**json.loads(peer.lock), "instance": peer.address}).encode()
    fetched = await fetching(lock, address=None)
    assert fetched.instance == peer.address


async def test_a_private_instance_is_not_asked(
    peer: Peer, fetching: Fetch, limits: Settings
) -> None:
    with pytest.raises(FetchError, match="ROSTER_FETCH_ALLOWED"):
        await fetching(settings=limits)
    names = Names(other_example=["10.0.0.1"])
    with pytest.raises(FetchError, match="public internet"):
        await fetching(address="https://other.example/", resolver=names)


async def test_what_is_larger_than_is_taken_is_refused(
    peer: Peer, fetching: Fetch, loopback: Settings, spool: Spool
) -> None:
    tiny = loopback.model_copy(update={"fetch_bytes": 100})
    fetched = await fetching(settings=tiny)
    assert {"bytes that are taken" in one.reason for one in fetched.refusals} == {True}


@pytest.mark.parametrize(
    "lock",
    [
        b"",
        b"[]",
        b"{}",
        b"{" * 100_000,
        b'{"lock": 1, "entries": {}}',
        b'{"lock": 2, "entries": []}',
        b"\xff",
    ],
)
async def test_what_is_no_lock_is_refused(
    lock: bytes, loopback: Settings, spool: Spool
) -> None:
    with pytest.raises(FetchError, match="lock file") as refusal:
        await fetch_lock(lock, "https://a.example", None, spool, settings=loopback)
    assert refusal.value.reason is Reason.broken


LOCK = {
    "lock": 1,
    "later": "what is not known yet",
    "entries": [
        {"kind": "agent", "name": "a/b", "number": 1, "digest": "ab" * 32, "new": 1}
    ],
}


async def test_what_answers_as_no_roster_does_is_none(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    server = await script()
    lock = json.dumps(LOCK).encode()
    for reply in (
        said(b"<html>", kind="text/html"),
        said(b"[]", kind="application/json"),
        said(b"[" * 100_000, kind="application/json"),
        said(b'{"id": 1}', kind="application/json"),
    ):
        server.replies["/api/v1/resolve"] = reply
        with pytest.raises(FetchError, match="There is no Roster"):
            await fetch_lock(lock, server.url, None, spool, settings=loopback)
    server.replies["/api/v1/resolve"] = said(b"", status="503 Busy")
    with pytest.raises(FetchError, match="busy") as refusal:
        await fetch_lock(lock, server.url, None, spool, settings=loopback)
    assert refusal.value.may_pass


async def test_an_archive_that_means_harm_is_refused(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    found = b'{"id": "../../x", "component": {}}'
    server = await script()
    server.replies["/api/v1/resolve"] = said(found, kind="application/json")
    place = "/api/v1/components/..%2F..%2Fx/revisions/1"
    lock = json.dumps(LOCK).encode()
    for archive, reason in (
        (packed({"../up.md": b"x"}), "leads out"),
        (packed({"AGENT.md": bytes(10_000_000)}), "100 times"),
        (b"PK\x03\x04", "not a zip"),
        (packed({"AGENT.md": b"other"}), "digest differs"),
    ):
        server.replies[place] = said(archive, kind="application/zip")
        fetched = await fetch_lock(lock, server.url, None, spool, settings=loopback)
        [refusal] = fetched.refusals
        assert reason in refusal.reason
        assert fetched.parts == []


async def test_a_lock_of_nothing_gives_nothing(
    loopback: Settings, spool: Spool
) -> None:
    lock = b'{"lock": 1, "entries": []}'
    fetched = await fetch_lock(lock, "https://a.b/x/", None, spool, settings=loopback)
    assert (fetched.parts, fetched.refusals) == ([], [])
    assert fetched.instance == "https://a.b/x"
