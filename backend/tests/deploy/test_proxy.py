"""Two API processes behind Caddy, with workers, Valkey and PostgreSQL: all real."""

import asyncio
import json
import os
import re
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Generator
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from websockets.asyncio.client import connect as open_socket

from roster.ops.spa import content_security_policy
from roster.settings import Settings
from tests.components.conftest import agent_file
from tests.conftest import TEMPLATE
from tests.deploy.conftest import SECONDS, client_at, is_ready, set_up, until
from tests.deploy.stand import Stand, data_of, standing
from tests.services.postgres import PostgresServer
from tests.services.valkey import ValkeyServer

MIB = 1024 * 1024
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
IMPORTED = "imported"


@pytest.fixture(scope="module")
def stand(
    postgres: PostgresServer,
    valkey_server: ValkeyServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Stand]:
    valkey_server.empty()
    folder = tmp_path_factory.mktemp("stand")
    name = f"stand_{uuid4().hex}"
    postgres.create_database(name, template=TEMPLATE, owned=True)
    settings = Settings(
        environment="test",
        data_dir=folder / "data",
        database_url=SecretStr(postgres.application_url(name)),
        migration_database_url=SecretStr(postgres.owner_url(name)),
        redis_url=valkey_server.url,
    )
    with standing(folder, settings) as started:
        yield started
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def token(stand: Stand) -> str:
    """Ada's, who set the instance up and signed in, both through the proxy."""

    async def sign_in() -> str:
        async with client_at(f"http://{stand.place}") as client:
            await set_up(client)
            return client.headers["Authorization"]

    return asyncio.run(sign_in())


@pytest.fixture
async def ada(stand: Stand, token: str) -> AsyncGenerator[httpx.AsyncClient]:
    signed_in = {"Authorization": token}
    async with client_at(f"http://{stand.place}", headers=signed_in) as client:
        yield client


async def make(client: httpx.AsyncClient, name: str) -> str:
    body = {"team": "ada", "content": agent_file(name)}
    key = {"Idempotency-Key": uuid4().hex}
    made = await client.post("/api/v1/agents", json=body, headers=key)
    assert made.status_code == 201, made.text
    return f"/api/v1/components/{made.json()['id']}"


async def test_pages_have_a_nonce_of_their_own(stand: Stand) -> None:
    async with client_at(f"http://{stand.place}", headers=BROWSER) as client:
        pages = [await client.get(path) for path in ("/", "/teams/ada?tab=1")]
    nonces = []
    for page in pages:
        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith("text/html")
        assert page.headers["Cache-Control"] == "no-store"
        found = set(re.findall(r'nonce="([\w-]{22,})"', page.text))
        assert len(found) == 1
        nonce = found.pop()
        nonces.append(nonce)
        sent = page.headers["Content-Security-Policy"].replace("'self' ;", "'self';")
        assert sent == content_security_policy(nonce)
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert "Server" not in page.headers
        assert "ETag" not in page.headers
    assert nonces[0] != nonces[1]


async def test_files_come_as_they_were_compressed_at_build_time(stand: Stand) -> None:
    script = "/assets/app-1a2b3c.js"
    expected = {"br": b"of brotli", "gzip": b"of gzip", "identity": b"plain"}
    async with client_at(f"http://{stand.place}") as client:
        for coding, content in expected.items():
            asked = {"Accept-Encoding": coding}
            async with client.stream("GET", script, headers=asked) as answer:
                raw = b"".join([part async for part in answer.aiter_raw()])
            assert raw == content
            assert answer.headers.get("Content-Encoding", "identity") == coding
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        icon = await client.get("/favicon.svg")
        assert icon.headers["Cache-Control"] == "no-cache"
        absent = ["/assets/gone.js", "/.vite/manifest.json", "/nothing", "/metrics"]
        for path in absent:
            answer = await client.get(path)
            assert answer.status_code == 404, path
            assert "immutable" not in answer.headers.get("Cache-Control", "")


async def test_json_is_compressed_and_its_tag_still_works(
    ada: httpx.AsyncClient,
) -> None:
    place = await make(ada, "compressed")
    for coding in ("zstd", "gzip"):
        asked = {"Accept-Encoding": coding}
        async with ada.stream("GET", place, headers=asked) as answer:
            assert answer.headers["Content-Encoding"] == coding
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.headers["Content-Security-Policy"].startswith("default-src")
        tag = answer.headers["ETag"]
        assert tag.endswith(f'-{coding}"')
        again = {"If-None-Match": tag, **asked}
        assert (await ada.get(place, headers=again)).status_code == 304
        visibility = {"zstd": "internal", "gzip": "private"}[coding]
        changed = await ada.patch(
            place, json={"visibility": visibility}, headers={"If-Match": tag}
        )
        assert changed.is_success, changed.text
        stale = await ada.patch(
            place, json={"visibility": visibility}, headers={"If-Match": tag}
        )
        assert stale.status_code == 412


async def test_what_one_wrote_the_other_knows_within_a_second(
    stand: Stand, token: str
) -> None:
    signed_in = {"Authorization": token}
    async with (
        client_at(stand.address_of(0), headers=signed_in) as first,
        client_at(stand.address_of(1), headers=signed_in) as second,
    ):
        place = await make(first, "known-to-both")
        await asyncio.sleep(1)
        found = await second.get(place)
        changed = await first.patch(
            place,
            json={"visibility": "internal"},
            headers={"If-Match": found.headers["ETag"]},
        )
        assert changed.is_success, changed.text
        await asyncio.sleep(1)
        assert (await second.get(place)).json()["visibility"] == "internal"


async def test_events_come_at_once_through_stream_and_socket(
    stand: Stand, token: str, ada: httpx.AsyncClient
) -> None:
    heard: list[str] = []
    async with (
        asyncio.timeout(SECONDS),
        ada.stream("GET", "/api/v1/events") as stream,
        open_socket(f"ws://{stand.place}/api/v1/ws", proxy=None) as other,
    ):
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        while not (await anext(lines)).startswith("event"):
            pass
        await other.send(json.dumps({"token": token.removeprefix("Bearer ")}))
        assert json.loads(await other.recv())["type"] == "ready"
        made = (await make(ada, "heard-of")).rpartition("/")[2]
        while made not in str(await other.recv()):
            pass
        async for line in lines:
            heard.append(line)
            if made in line:
                break
    assert data_of(heard)


async def archive_of(size: int) -> AsyncIterator[bytes]:
    """An upload that no process could hold back without being seen to grow."""
    boundary = b"--upload\r\n"
    yield boundary + b'Content-Disposition: form-data; name="team"\r\n\r\nada\r\n'
    name = b'name="files"; filename="large.md"'
    yield boundary + b"Content-Disposition: form-data; " + name + b"\r\n\r\n"
    for _ in range(size // MIB):
        yield b"x" * MIB
    yield b"\r\n--upload--\r\n"


def most_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


async def test_a_large_upload_is_passed_on_as_it_comes(
    stand: Stand, ada: httpx.AsyncClient
) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=upload"}
    before = most_memory(stand.proxy.pid)
    answer = await ada.post(
        "/api/v1/imports", content=archive_of(56 * MIB), headers=form
    )
    # The API's own words, of which the last byte had arrived.
    assert answer.headers["Content-Type"].startswith("application/")
    assert answer.status_code in {201, 202, 413, 422}, answer.text
    assert most_memory(stand.proxy.pid) - before < 24 * MIB


async def test_workers_do_what_the_api_wrote_down(ada: httpx.AsyncClient) -> None:
    files = [("files", ("agents/imported.md", agent_file(IMPORTED).encode()))]
    begun = await ada.post("/api/v1/imports", data={"team": "ada"}, files=files)
    assert begun.is_success, begun.text
    place = f"/api/v1/imports/{begun.json()['id']}"

    async def is_read() -> bool:
        found: bool = (await ada.get(place)).json()["state"] != "reading"
        return found

    await until(is_read, "the import")


async def ask_meanwhile(
    ada: httpx.AsyncClient, place: str, happens: Awaitable[object]
) -> int:
    """Read by several clients while something happens; nobody gets an error."""
    waiting = asyncio.ensure_future(happens)
    asked = 0

    async def ask() -> None:
        nonlocal asked
        while not waiting.done():
            answer = await ada.get(place)
            assert answer.status_code == 200, answer.text
            asked += 1

    await asyncio.gather(*[ask() for _ in range(4)])
    await waiting
    return asked


async def test_no_reader_notices_that_a_process_is_killed(
    stand: Stand, ada: httpx.AsyncClient
) -> None:
    place = await make(ada, "outlives")

    async def kill_and_start() -> None:
        await asyncio.sleep(0.3)
        os.kill(stand.apis[0].pid, signal.SIGKILL)
        await stand.apis[0].wait()
        await asyncio.sleep(1)
        stand.apis[0].start()
        await until(lambda: is_ready(stand.ports[0]), "the process")

    assert await ask_meanwhile(ada, place, kill_and_start()) > 10


async def test_a_rolling_restart_fails_nobody(
    stand: Stand, ada: httpx.AsyncClient
) -> None:
    place = await make(ada, "restarted")

    async def restart() -> None:
        for number in (0, 1):
            await stand.apis[number].end()
            stand.apis[number].start()
            await until(partial(is_ready, stand.ports[number]), "the process")
            # The proxy asks each second.
            await asyncio.sleep(2.5)

    async def write() -> int:
        number = 0
        while not restarting.done():
            await make(ada, f"written-{number}")
            number += 1
        return number

    restarting = asyncio.ensure_future(restart())
    writing = asyncio.ensure_future(write())
    assert await ask_meanwhile(ada, place, restarting) > 10
    assert await writing
