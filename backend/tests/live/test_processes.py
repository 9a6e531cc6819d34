"""Several processes on one database, and one that is really served."""

import json
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from websockets.sync.client import connect as open_socket

from roster.main import create_app
from roster.serve import Server
from roster.settings import Settings
from tests.components.conftest import agent_file, create
from tests.conftest import PASSWORD, SETUP_CODE, StartApp
from tests.live.conftest import seal_all
from tests.live.wire import Stream
from tests.services.valkey import ValkeyServer

HOURS = 10_000.0
START_SECONDS = 30


async def hears_of(
    listening: FastAPI, working: FastAPI, ada: httpx.AsyncClient
) -> None:
    async with Stream(listening, ada) as stream:
        await stream.begin()
        made = await create(ada, "ada")
        await seal_all(working)
        while (await stream.event())["target"]["id"] != made["id"]:
            pass


async def test_a_message_wakes_the_other_process(
    start_app: StartApp, app: FastAPI, ada: httpx.AsyncClient, valkey: ValkeyServer
) -> None:
    working = await start_app(redis_url=valkey.url)
    listening = await start_app(redis_url=valkey.url)
    listening.state.hub.pace = replace(listening.state.hub.pace, poll_seconds=HOURS)
    await hears_of(listening, working, ada)


async def test_a_process_looks_by_itself_where_no_message_comes(
    start_app: StartApp, app: FastAPI, ada: httpx.AsyncClient
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
    listening = await start_app(redis_url=SecretStr(nobody))
    await hears_of(listening, app, ada)


@contextmanager
def serving(settings: Settings) -> Generator[tuple[Server, str]]:
    """Serve as `make run` does, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        config = uvicorn.Config(
            create_app(settings), lifespan="on", log_level="error", ws_max_size=1024
        )
        server = Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        until = time.monotonic() + START_SECONDS
        while not server.started and thread.is_alive():
            assert time.monotonic() < until
            time.sleep(0.01)
        try:
            yield server, f"127.0.0.1:{place.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def test_a_server_ends_its_streams_and_itself(settings: Settings) -> None:
    running = settings.model_copy(update={"run_jobs": True})
    account = {"username": "ada", "password": PASSWORD}
    more = {"email": "ada@example.org", "setup_code": SETUP_CODE}
    with serving(running) as (server, place), _client(place) as api:
        assert api.post("/auth/register", json=account | more).is_success
        token = api.post("/auth/token", data=account).json()["access_token"]
        api.headers["Authorization"] = f"Bearer {token}"
        with (
            api.stream("GET", "/events") as stream,
            open_socket(f"ws://{place}/api/v1/ws", proxy=None) as other,
        ):
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("event"))
            other.send(json.dumps({"token": token}))
            assert json.loads(other.recv(START_SECONDS))["type"] == "ready"
            agent = {"team": "ada", "content": agent_file("reviewer")}
            made = api.post("/agents", json=agent).json()
            told = json.loads(other.recv(START_SECONDS))
            while told["event"]["target"]["id"] != made["id"]:
                told = json.loads(other.recv(START_SECONDS))
            assert any(made["id"] in line for line in lines)

            server.should_exit = True
            # To its very end: it was not cut off.
            assert [line for line in lines if "data" in line] == []


def _client(place: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://{place}/api/v1", timeout=START_SECONDS, trust_env=False
    )
