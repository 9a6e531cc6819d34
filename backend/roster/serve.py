"""Start an instance: take the port, bring the database up to date, say where it is."""

import asyncio
import errno
import fcntl
import gc
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url
from sqlalchemy.exc import ProgrammingError
from uvicorn.supervisors import ChangeReload

from roster.auth.setup import current_code
from roster.core.connection import Connection
from roster.core.database_roles import NOT_PERMITTED, RoleError
from roster.core.db import Database
from roster.core.keys import load_or_create
from roster.core.migrate import MIGRATIONS, is_current, upgrade
from roster.mail.transports import outbox_of
from roster.main import create_app
from roster.settings import Settings

BACKLOG = 2048
SHUTDOWN_SECONDS = 10
DRAIN_TICK = 0.1
FIRST_REQUEST_SECONDS = 1.0
FIRST_REQUEST_TICK = 0.02
KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps a connection to here, which it would else find closed."""
LONGEST_SOCKET_MESSAGE = 16 * 1024
RELOAD = "roster.serve:application"
SOURCE = Path(__file__).resolve().parent


class CannotStartError(Exception):
    """What is in the way of a start, as one sentence for the person who tried."""


def settings_here() -> Settings:
    """Read the environment and, below it, the file `.env` of this folder."""
    return Settings(_env_file=".env")


def application() -> FastAPI:
    """Build the app anew, at each reload."""
    return create_app(settings_here())


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, drain_seconds: float = 0.0) -> None:
        super().__init__(config)
        self._drain_seconds = drain_seconds

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What is there stays. To look for garbage in it would hold everybody up for
        # thirty milliseconds, now and then.
        gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that it ends, go on while others hear of it, and end the streams.

        It would wait for the streams of events, for nothing.
        """
        state = self.lifespan.state
        if "health" in state:
            state["health"].draining()
        await self._drain()
        state["hub"].close()
        await self._hear_who_was_let_in()
        await super().shutdown(sockets)

    async def _drain(self) -> None:
        until = time.monotonic() + self._drain_seconds
        # A second signal, which may come, sets no event.
        while time.monotonic() < until and not self.force_exit:  # noqa: ASYNC110 - as above
            await asyncio.sleep(DRAIN_TICK)

    async def _hear_who_was_let_in(self) -> None:
        """Let in nobody more, and wait for what the last ones came to ask.

        Their connections would be closed as those that wait for nothing are.
        """
        for server in self.servers:
            server.close()
        until = time.monotonic() + FIRST_REQUEST_SECONDS
        while True:
            await asyncio.sleep(FIRST_REQUEST_TICK)
            connections = self.server_state.connections
            silent = any(
                getattr(connection, "cycle", connection) is None
                for connection in connections
            )
            if not silent or time.monotonic() >= until:
                return


def serve(
    settings: Settings, *, host: str, port: int, reload: bool, workers: int
) -> None:
    """Run until told to stop.

    Raises:
        CannotStartError: The address cannot be listened on, or the database is away.
    """
    if reload and workers > 1:
        message = "Restarting when code changes needs one process: leave out WORKERS."
        raise CannotStartError(message)
    # Taken first and kept: a second start fails before it touches anything, and who
    # opens the page early waits a moment instead of being turned away.
    listening = listen(host, port)
    with listening:
        migrate(settings, beside=True)
        address = address_of(listening, host)
        settings = settings.served_at(address)
        if workers > 1:
            # What is made at the first start is made once.
            load_or_create(settings)
            announce(settings, address)
            become_supervisor(settings, listening, address, workers)
        app: FastAPI | str = RELOAD if reload else _made(settings)
        announce(settings, address)
        config = configuration(app, settings, reload=reload)
        server = Server(config, drain_seconds=settings.drain_seconds)
        # Raised once more by uvicorn when Ctrl+C has already stopped it in good order.
        with suppress(KeyboardInterrupt):
            if reload:
                ChangeReload(config, target=server.run, sockets=[listening]).run()
            else:
                server.run(sockets=[listening])


def _made(settings: Settings) -> FastAPI:
    # No garbage is looked for in what is made to stay: that takes half of the time.
    gc.disable()
    try:
        return create_app(settings)
    finally:
        gc.freeze()
        gc.enable()


def configuration(
    app: FastAPI | str, settings: Settings, *, reload: bool = False
) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=reload,
        reload=reload,
        reload_dirs=[str(SOURCE)] if reload else None,
        lifespan="on",
        # What it says goes where our own lines go: see core/log.py.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        http=Connection,
        ws_max_size=LONGEST_SOCKET_MESSAGE,
        # Messages are short, and it takes memory for each socket.
        ws_per_message_deflate=False,
    )


def become_supervisor(
    settings: Settings, listening: socket.socket, address: str, workers: int
) -> NoReturn:
    """Let the small program that watches processes take the place of this one."""
    sys.stdout.flush()
    listening.set_inheritable(True)
    where = [str(listening.fileno()), address]
    how = [str(workers), str(settings.drain_seconds)]
    program = [sys.executable, "-m", "roster.supervisor", *where, *how]
    environment = {**os.environ, "ROSTER_WORKERS": str(workers)}
    os.execve(sys.executable, program, environment)  # noqa: S606 - without a shell


def listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        message = f"{host!r} is not an address of this machine: choose another HOST."
        raise CannotStartError(message) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise CannotStartError(_why_not(error, host, port)) from error
    return listening


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use: stop what listens there, or choose another one, "
            f"such as PORT={port + 1}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than you have: choose one above 1023."
    return f"Cannot listen on {host} port {port}: {error.strerror}."


def address_of(listening: socket.socket, host: str) -> str:
    """Give the address to open in a browser on this machine."""
    bound, port = listening.getsockname()[:2]
    here = ip_address(bound)
    if here.is_loopback or here.is_unspecified:
        return f"http://localhost:{port}"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def migrate(settings: Settings, *, beside: bool = False) -> None:
    """Bring the database to this version's schema; of two that try, one waits.

    Args:
        settings: Of the instance.
        beside: Whether this process goes on for long, and has no threads as yet: what
            migrating takes in memory is then another's.
    """
    if not MIGRATIONS.is_dir():
        # The package that pip makes is for those who use an instance.
        message = (
            f"There are no migrations at {MIGRATIONS}: run an instance from a checkout "
            "or from its image, not from the installed package."
        )
        raise CannotStartError(message)
    # What the data folder gets is for its owner alone, whoever made the folder.
    os.umask(0o077)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with _one_at_a_time(settings.data_dir / ".migrating"):
            url, application = settings.migration_database, _application(settings)
            if beside and not is_current(url):
                _in_a_child(lambda: upgrade(url, application=application))
            # Nothing is left to do, or it says why it cannot be done.
            upgrade(url, application=application)
    except RoleError as error:
        raise CannotStartError(str(error)) from error
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_PERMITTED:
            raise
        message = (
            "The database is not up to date, and the role in ROSTER_DATABASE_URL may "
            "not change its tables: name their owner in ROSTER_MIGRATION_DATABASE_URL."
        )
        raise CannotStartError(message) from error
    except OSError as error:
        named = make_url(settings.database)
        place = named.host or named.database
        message = f"The database at {place} does not answer: {error}."
        raise CannotStartError(message) from error


def _in_a_child(work: Callable[[], None]) -> None:
    if sys.platform != "linux":
        return  # elsewhere libraries do not take a fork well
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _application(settings: Settings) -> str | None:
    """The role of the application, where another one owns the tables."""
    if settings.migration_database_url is None:
        return None
    return make_url(settings.database).username


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def announce(settings: Settings, address: str) -> None:
    typer.echo(f"\n  Roster is at {address}")
    if code := asyncio.run(_setup_code(settings)):
        typer.echo(f"  Setup code for the first account: {code}")
    if settings.smtp_url is None:
        outbox = outbox_of(settings).resolve()
        outbox.mkdir(mode=0o700, exist_ok=True)
        typer.echo(f"  Mail is written into the folder {outbox}")
    typer.echo("  Stop it with Ctrl+C.\n")


async def _setup_code(settings: Settings) -> str | None:
    database = Database(settings.database, pool_size=1)
    try:
        return await current_code(settings, database)
    finally:
        await database.dispose()
