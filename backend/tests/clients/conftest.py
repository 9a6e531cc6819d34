"""A server that really listens, for clients that know nothing of its inside."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from fastapi import FastAPI

from roster.main import create_app
from roster.settings import Settings

START_SECONDS = 30

Serve = Callable[..., str]
DoJobs = Callable[[], None]


@contextmanager
def listening(app: FastAPI) -> Generator[str]:
    """Serve on a free port of the loopback; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        config = uvicorn.Config(app, lifespan="on", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        try:
            until = time.monotonic() + START_SECONDS
            while not server.started:
                assert thread.is_alive(), "The server did not start."
                assert time.monotonic() < until, "The server starts too slowly."
                time.sleep(0.01)
            yield f"http://127.0.0.1:{place.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def serve(settings: Settings) -> Generator[Serve]:
    """Serve this test's database, with some settings changed."""
    with ExitStack() as running:

        def start(**changes: object) -> str:
            app = create_app(settings.model_copy(update=changes))
            return running.enter_context(listening(app))

        yield start


@pytest.fixture
def do_jobs(settings: Settings) -> DoJobs:
    """Do what waits for it beside the server, which does no jobs by itself.

    So no repository is fetched from that an odd request names.
    """

    async def drain() -> None:
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            await app.state.runner.drain()

    return lambda: asyncio.run(drain())


@pytest.fixture
def address(serve: Serve) -> str:
    return serve()
