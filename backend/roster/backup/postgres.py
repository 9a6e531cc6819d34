"""The programs of PostgreSQL, run with the address of a database."""

import asyncio
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from roster.backup.errors import BackupError
from roster.core.database_roles import NOT_PERMITTED
from roster.settings import Settings

ASIDE = "replaced_"
"""Begins the names of the schemas where replaced databases are kept."""
_VERSION_ROWS = re.compile(r"TABLE DATA public alembic_version\b")


@dataclass(frozen=True)
class Programs:
    dump: Path
    restore: Path
    major: int


async def find_programs(settings: Settings) -> Programs:
    """Find pg_dump, and pg_restore beside it.

    Raises:
        BackupError: They are not there.
    """
    wanted = str(settings.pg_dump or "pg_dump")
    found = shutil.which(wanted)
    if found is None:
        message = (
            f"There is no program {wanted}: install the client programs of PostgreSQL, "
            "or name pg_dump in ROSTER_PG_DUMP."
        )
        raise BackupError(message)
    dump = Path(found)
    restore = dump.with_name("pg_restore")
    if not restore.exists():
        message = f"There is no pg_restore beside {dump}: both are needed."
        raise BackupError(message)
    told = await _run(dump, ["--version"], {})
    version = re.search(r"\) (\d+)", told)
    return Programs(dump, restore, int(version[1]) if version else 0)


def require_version(programs: Programs, connection: Connection) -> None:
    """Refuse programs that are older than the server.

    Raises:
        BackupError: They are.
    """
    number = connection.scalar(text("SELECT current_setting('server_version_num')"))
    server = int(number or 0) // 10_000
    if programs.major < server:
        message = (
            f"{programs.dump} is of PostgreSQL {programs.major} and the server of "
            f"{server}: name a pg_dump of version {server} or newer in ROSTER_PG_DUMP."
        )
        raise BackupError(message)


async def dump(programs: Programs, url: str, snapshot: str, to: Path) -> None:
    """Write what a snapshot shows, in PostgreSQL's own format."""
    arguments = ["--format=custom", f"--snapshot={snapshot}", f"--file={to}"]
    arguments += ["--no-owner", "--no-privileges", f"--exclude-schema={ASIDE}*"]
    await _run(programs.dump, arguments, _environment(url))


async def restore(
    programs: Programs, url: str, file: Path, *, versioned: bool = True
) -> None:
    """Bring a dump back in one transaction.

    Args:
        programs: Of PostgreSQL.
        url: An empty database, as the role that is to own the tables.
        file: The dump.
        versioned: Say which migration it is at; without, nothing can start with it.
    """
    environment = _environment(url)
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner"]
    arguments += ["--no-privileges", "--no-comments", f"--dbname={_name(url)}"]
    with tempfile.NamedTemporaryFile("w", prefix="roster-") as listed:
        if not versioned:
            whole = await _run(programs.restore, ["--list", str(file)], {})
            listed.writelines(
                f"{line}\n"
                for line in whole.splitlines()
                if not _VERSION_ROWS.search(line)
            )
            listed.flush()
            arguments.append(f"--use-list={listed.name}")
        await _run(programs.restore, [*arguments, str(file)], environment)


async def read_through(programs: Programs, file: Path) -> None:
    """Read a dump to its end, into nowhere."""
    await _run(programs.restore, ["--file=/dev/null", str(file)], {})


@asynccontextmanager
async def temporary_database(url: str) -> AsyncGenerator[str | None]:
    """Make a database for the moment; None where the role may not make any."""
    name = f"roster_check_{secrets.token_hex(4)}"
    engine = create_async_engine(
        url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_PERMITTED:
            raise
        yield None
        return
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        await engine.dispose()


def _name(url: str) -> str:
    return make_url(url).database or ""


def _environment(url: str) -> dict[str, str]:
    """What the programs are told: a password is no argument, which all could read."""
    parts: URL = make_url(url)
    told = {
        "PGHOST": parts.host or parts.query.get("host"),
        "PGPORT": str(parts.port) if parts.port else parts.query.get("port"),
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "PGDATABASE": parts.database,
        "PGSSLMODE": parts.query.get("ssl") or parts.query.get("sslmode"),
    }
    return {name: str(value) for name, value in told.items() if value}


async def _run(program: Path, arguments: list[str], environment: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        told, problems = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if process.returncode:
        lines = problems.decode(errors="replace").strip().splitlines() or ["no reason"]
        message = f"{program.name} failed: {lines[0]}"
        raise BackupError(message)
    return told.decode(errors="replace")
