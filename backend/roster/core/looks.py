"""How each kind of database is asked what other processes changed."""

import sqlite3
from contextlib import suppress

import orjson
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from roster.core.topics import EVERYTHING

MOST_ROWS = 2000
"""More than these at once are about everything."""
BUSY_SECONDS = 0.05
"""SQLite is asked in the thread of the event loop."""
News = list[list[str]]
"""The topics of each transaction that another process committed."""

_TOO_MANY: News = [[EVERYTHING]]
_NEW_ON_SQLITE = """
SELECT id, origin, topics FROM changes WHERE id > ? ORDER BY id LIMIT ?
"""
# Numbers are given before a commit, so a row may come up after one of a higher number:
# what counts is that the last snapshot did not see its transaction.
_NEW_ON_POSTGRES = text("""
SELECT present.snapshot, changes.origin, changes.topics
FROM (SELECT CAST(pg_current_snapshot() AS text) AS snapshot) AS present
LEFT JOIN changes
    ON changes.transaction >= :least
    AND NOT pg_visible_in_snapshot(
        CAST(CAST(changes.transaction AS text) AS xid8),
        CAST(CAST(:seen AS text) AS pg_snapshot)
    )
    AND changes.origin <> :origin
LIMIT :most
""")
_SNAPSHOT = text("SELECT CAST(pg_current_snapshot() AS text)")


class SqliteLook:
    """A connection of its own, in the thread of the event loop: a look takes 5 µs."""

    def __init__(self, url: str) -> None:
        self._path = make_url(url).database or ""
        self._connection: sqlite3.Connection | None = None
        self._version = 0
        self._last: int | None = None
        """The newest row that was read."""

    async def read(self, origin: str) -> News:
        try:
            return self._read(origin)
        except sqlite3.Error:
            await self.close()
            raise

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, origin: str) -> News:
        connection = self._connection
        is_new = connection is None
        if connection is None:
            connection = self._connection = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, isolation_level=None
            )
            connection.execute("PRAGMA query_only=ON")
        # Asked first: what is committed in between is read twice, and not missed.
        [version] = connection.execute("PRAGMA data_version").fetchone()
        if version == self._version and not is_new:
            return []
        if self._last is None:
            self._last, self._version = self._newest(connection), version
            return []
        given = (self._last, MOST_ROWS + 1)
        rows = connection.execute(_NEW_ON_SQLITE, given).fetchall()
        self._version = version
        if len(rows) > MOST_ROWS:
            self._last = self._newest(connection)
            return _TOO_MANY
        if rows:
            self._last = rows[-1][0]
        return [orjson.loads(topics) for _, by, topics in rows if by != origin]

    @staticmethod
    def _newest(connection: sqlite3.Connection) -> int:
        [newest] = connection.execute("SELECT max(id) FROM changes").fetchone()
        return newest or 0


class PostgresLook:
    """A connection of its own, so that it waits for no request."""

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=1,
            max_overflow=0,
            isolation_level="AUTOCOMMIT",
            json_deserializer=orjson.loads,
            connect_args={"timeout": 2},
            hide_parameters=True,
        )
        self._seen: str | None = None

    async def read(self, origin: str) -> News:
        async with self._engine.connect() as connection:
            if self._seen is None:
                self._seen = (await connection.execute(_SNAPSHOT)).scalar_one()
                return []
            seen = {
                "least": int(self._seen.partition(":")[0]),
                "seen": self._seen,
                "origin": origin,
                "most": MOST_ROWS + 1,
            }
            rows = (await connection.execute(_NEW_ON_POSTGRES, seen)).all()
            self._seen = rows[0].snapshot
            if len(rows) > MOST_ROWS:
                return _TOO_MANY
            return [
                orjson.loads(row.topics) if isinstance(row.topics, str) else row.topics
                for row in rows
                if row.origin is not None
            ]

    async def close(self) -> None:
        with suppress(OSError):
            await self._engine.dispose()
