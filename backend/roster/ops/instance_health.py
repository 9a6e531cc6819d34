"""How an instance is, as administrators see it."""

import platform

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from roster import __version__
from roster.core.model import utc_now
from roster.ops import schema
from roster.ops.health import Health, worst_of
from roster.ops.models import DatabaseHealth, InstanceHealth, ProcessHealth
from roster.ops.sampling import usage
from roster.settings import Settings

VERSIONS = {
    "sqlite": "SELECT sqlite_version()",
    "postgresql": "SELECT current_setting('server_version')",
}
SIZES = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_database_size(current_database())",
}


async def describe(
    session: AsyncSession, settings: Settings, health: Health
) -> InstanceHealth:
    parts = await health.look()
    now = utc_now()
    used = usage()
    return InstanceHealth(
        status=worst_of(parts),
        checked_at=now,
        parts=parts,
        version=__version__,
        python=platform.python_version(),
        environment=settings.environment,
        database=await _database(session),
        process=ProcessHealth(
            started_at=health.started_at,
            uptime_seconds=round((now - health.started_at).total_seconds(), 1),
            memory_bytes=used.memory_bytes,
            open_files=used.open_files,
            does_jobs=settings.embeds_jobs,
        ),
    )


async def _database(session: AsyncSession) -> DatabaseHealth:
    connection = await session.connection()
    engine = connection.dialect.name
    version = (await connection.execute(text(VERSIONS[engine]))).scalar_one()
    size = (await connection.execute(text(SIZES[engine]))).scalar_one()
    return DatabaseHealth(
        engine="sqlite" if engine == "sqlite" else "postgresql",
        version=str(version).split(" ")[0],
        database_schema=await schema.present(session),
        needed_schema=schema.head(),
        bytes=size,
    )
