"""Keyset pages: each row once, in any order, with rows added in between."""

import asyncio
import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from roster.core.db import Database
from roster.core.errors import Invalid
from roster.core.paging import (
    Page,
    PageQuery,
    SortKey,
    by_id,
    by_text,
    by_time,
    cut,
    decode_cursor,
    encode_cursor,
    ordered,
)
from roster.teams.models import Team

START = datetime(2026, 1, 1, tzinfo=UTC)
TIME, NAME, ID = col(Team.created_at), col(Team.name), col(Team.id)
ORDERS: dict[str, list[SortKey]] = {
    "created_at": [by_time(TIME), by_id(ID)],
    "-created_at": [by_time(TIME, descending=True), by_id(ID, descending=True)],
    "name": [by_text(NAME), by_id(ID)],
    "-name": [by_text(NAME, descending=True), by_id(ID)],
    "-created_at,name": [
        by_time(TIME, descending=True),
        by_text(NAME),
        by_id(ID, descending=True),
    ],
}
# Few values, so that many rows are equal in all but their id.
rows = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["", "a", "b", "ä", "%", "'"])),
    max_size=25,
)


def read(order: str, team: Team) -> list[Any]:
    return [getattr(team, key.column.key) for key in ORDERS[order]]  # type: ignore[attr-defined]


def team_of(number: int, made: tuple[int, str]) -> Team:
    minutes, name = made
    made_at = START + timedelta(minutes=minutes)
    return Team(slug=f"team-{number}", name=name, created_at=made_at)


async def page_of(
    database: Database, order: str, query: PageQuery
) -> tuple[Sequence[Team], str | None]:
    statement = ordered(select(Team), order, ORDERS[order], query)
    async with database.read() as session:
        found = (await session.exec(statement)).all()
    return cut(found, order, query, lambda team: read(order, team))


async def add(database: Database, teams: Sequence[Team]) -> None:
    async with database.write() as session:
        session.add_all(teams)


async def empty(database: Database) -> None:
    async with database.write() as session:
        for team in await session.exec(select(Team)):
            await session.delete(team)


async def walk(
    database: Database, order: str, limit: int, between: Sequence[tuple[int, str]]
) -> list[Team]:
    """Go through all pages, adding a row after each page while there are any."""
    seen: list[Team] = []
    cursor: str | None = None
    number = 1000
    waiting = list(between)
    while True:
        page, cursor = await page_of(
            database, order, PageQuery(limit=limit, cursor=cursor)
        )
        assert len(page) <= limit
        seen.extend(page)
        if cursor is None:
            return seen
        assert len(page) == limit
        if waiting:
            number += 1
            await add(database, [team_of(number, waiting.pop())])


@pytest.mark.parametrize("order", ORDERS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(made=rows, between=rows, limit=st.integers(1, 30))
def test_a_walk_yields_each_row_once(
    database_url: str,
    order: str,
    made: list[tuple[int, str]],
    between: list[tuple[int, str]],
    limit: int,
) -> None:
    async def run() -> None:
        database = Database(database_url)
        try:
            await empty(database)
            before = [team_of(number, each) for number, each in enumerate(made)]
            ids = [team.id for team in before]
            await add(database, before)

            seen = [team.id for team in await walk(database, order, limit, between)]

            assert len(set(seen)) == len(seen)
            assert set(ids) <= set(seen)
        finally:
            await database.dispose()

    asyncio.run(run())


async def test_the_order_is_that_of_the_keys(database_url: str) -> None:
    database = Database(database_url)
    made = [team_of(number, (number % 3, "x")) for number in range(10)]
    await add(database, made)

    seen = await walk(database, "-created_at", 3, [])

    expected = sorted(made, key=lambda team: (team.created_at, team.id), reverse=True)
    assert [team.id for team in seen] == [team.id for team in expected]
    await database.dispose()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "ä",
        "=",
        "A" * 2000,
        encode_cursor("name", ["a"]),
        encode_cursor("name", ["a", "no id"]),
        encode_cursor("name", ["a", "b", "c"]),
        encode_cursor("-name", ["a", "00000000-0000-7000-8000-000000000000"]),
        encode_cursor("created_at", ["a", "00000000-0000-7000-8000-000000000000"]),
        "bnVsbA",  # null
        "W10",  # []
        "e30",  # {}
        "WyJuYW1lIiwxLDJd",  # ["name",1,2]
        "WyJuYW1lIixudWxsLCJhIl0",  # ["name",null,"a"]
    ],
)
def test_a_cursor_that_is_not_of_this_list_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        decode_cursor(cursor, "name", ORDERS["name"])

    assert [error.loc for error in refusal.value.errors] == ["cursor"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (by_time(TIME), "0001-01-01T00:00:00+23:00"),
        (by_time(TIME), "9999-12-31T23:59:59-23:00"),
        (by_time(TIME), "2026-01-01T00:00:00"),
        (by_time(TIME), 7),
        (by_text(NAME), "a\0b"),
        (by_text(NAME), "\ud800"),
        (by_text(NAME), 7),
        (by_id(ID), 7),
    ],
)
def test_a_forged_cursor_brings_no_value_that_a_database_would_choke_on(
    key: SortKey, value: object
) -> None:
    # In the form that a client may send, which ours need not be able to write.
    forged = json.dumps(["order", value]).encode()
    cursor = base64.urlsafe_b64encode(forged).decode().rstrip("=")

    with pytest.raises(Invalid):
        decode_cursor(cursor, "order", [key])


def test_a_cursor_survives_its_way() -> None:
    team = Team(slug="a", name="ä/?&= 🦊", created_at=START)
    for order, keys in ORDERS.items():
        values = read(order, team)
        cursor = encode_cursor(order, values)
        assert cursor.isascii()
        assert not set(cursor) & set("+/=&?")
        assert decode_cursor(cursor, order, keys) == values


def test_an_empty_page() -> None:
    assert cut([], "name", PageQuery(), str) == ([], None)
    assert Page[int](items=[]).model_dump() == {
        "items": [],
        "next_cursor": None,
        "total": None,
    }


@pytest.mark.parametrize("limit", [0, -1, 201, "many"])
async def test_a_limit_has_limits(ada: Any, limit: object) -> None:
    answer = await ada.get("/teams", params={"limit": limit})

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == ["limit"]
