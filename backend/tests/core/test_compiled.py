"""Statements that are compiled once say and store what those of the ORM do."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from roster.blobs.models import Blob
from roster.core.changes import Change
from roster.core.compiled import Asking, Inserting, in_slots, slots
from roster.core.db import Database
from roster.core.direct import slot

MADE = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
BLOBS = Inserting(Blob)
DIGESTS = ["a" * 64, "b" * 64, "c" * 64]


def _blob(digest: str) -> dict[str, object]:
    return {"digest": digest, "size": 1, "content": b"\x00x", "created_at": MADE}


@pytest.mark.parametrize("count", [1, 3])
async def test_rows_are_those_of_the_orm(database: Database, count: int) -> None:
    async with database.write() as session:
        await BLOBS.rows(session, [_blob(digest) for digest in DIGESTS[:count]])
        blob = await session.get_one(Blob, DIGESTS[0])
    assert (blob.size, blob.content, blob.created_at) == (1, b"\x00x", MADE)
    assert blob.redacted_at is None


async def test_values_that_are_missing_are_those_of_the_model(
    database: Database,
) -> None:
    async with database.write() as session:
        await Inserting(Change).rows(session, [{"origin": "here", "topics": ["x"]}])
        found = await session.exec(select(Change).where(Change.origin == "here"))
        change = found.one()
    assert change.topics == ["x"]
    assert change.made_at.tzinfo is not None


async def test_what_the_session_holds_is_written_first(database: Database) -> None:
    asking = Asking(
        select(Blob.digest, Blob.created_at).where(
            col(Blob.digest) == slot("digest", String())
        )
    )
    async with database.write() as session:
        session.add(Blob.model_validate(_blob(DIGESTS[0])))
        [row] = await asking.rows(session, {"digest": DIGESTS[0]})
        assert row == (DIGESTS[0], MADE)
        assert await asking.rows(session, {"digest": DIGESTS[1]}) == []


async def test_slots_that_are_left_hold_the_last_value(database: Database) -> None:
    values = in_slots("digest", DIGESTS)
    assert list(values.values()) == [*DIGESTS, DIGESTS[-1]]
    asking = Asking(
        select(Blob.digest).where(
            col(Blob.digest).in_(slots("digest", len(values), String()))
        )
    )
    async with database.write() as session:
        await BLOBS.rows(session, [_blob(digest) for digest in DIGESTS])
        rows = await asking.rows(session, values)
        none = await Asking(
            select(Blob.digest).where(
                col(Blob.digest).in_(slots("digest", 1, String()))
            )
        ).rows(session, in_slots("digest", []))
    assert sorted(row.digest for row in rows) == DIGESTS
    assert none == []


async def test_what_the_database_refuses_is_undone(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await _insert_twice(database)
    async with database.read() as session:
        assert (await session.exec(select(Blob.digest))).all() == []


async def _insert_twice(database: Database) -> None:
    async with database.write() as session:
        for _ in range(2):
            await BLOBS.rows(session, [_blob(DIGESTS[0])])
