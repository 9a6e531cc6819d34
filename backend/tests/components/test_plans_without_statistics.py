"""A page reads little before anybody has counted the rows of a table, too.

So it is after an import, until autovacuum comes by; on SQLite it is always so. What
PostgreSQL takes each step for says nothing there: what it reads does.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bench.filling import fill
from roster.core.db import Database
from roster.core.direct import IN_ORDER
from tests.components.conftest import create
from tests.components.test_plans import (
    GROWING,
    Statement,
    nodes,
    objections_of_sqlite,
    recorded,
)

COMPONENTS = 3_000
READ = 1_200
"""More rows of one table are not read for a page of 50."""
PAGES_ASKED = [
    "/components",
    "/components?sort=-name",
    "/agents",
    "/agents?sort=updated_at",
    "/agents?sort=-errors",
    "/agents?team=bench-0",
    "/agents?team=bench-0&sort=-errors",
    "/agents?health=fine&sort=name",
    "/agents?visibility=public&licence=MIT",
    "/agents?model=opus&sort=name",
    "/agents?label=production",
    "/agents?label=nobody",
    "/agents?tool=Nobody&sort=name",
    "/agents?q=reviews&sort=name",
    "/components?q=reviews&sort=-updated_at",
    "/components?q=reviews",
]


@pytest.fixture
async def filled(ada: httpx.AsyncClient, database: Database) -> None:
    await create(ada, "ada")
    await fill(database, "ada", COMPONENTS, analyzes=False)


def read_by(plan: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """How many rows of tables that grow each step looks at."""
    for node in nodes(plan):
        if node.get("Relation Name") in GROWING:
            each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            yield each * node["Actual Loops"], node.get("Index Name", node["Node Type"])


async def rows_read(database: Database, statement: Statement) -> tuple[float, str]:
    """The most that a step of a statement reads, and by which index it does."""
    asked, given, _ = statement
    async with database.reader.connect() as connection:
        for setting in IN_ORDER.split(";"):
            await connection.exec_driver_sql(setting.replace("SET", "SET LOCAL"))
        explained = await connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}", tuple(given)
        )
        found = explained.scalar_one()
    [whole] = json.loads(found) if isinstance(found, str) else found
    return max(read_by(whole["Plan"]))


async def scanned(database: Database, statement: Statement) -> list[str]:
    asked, given, _ = statement
    async with database.reader.connect() as connection:
        explained = await connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {asked}", tuple(given)
        )
        rows = [(one.id, one.parent, one.detail) for one in explained]
    # What few rows are found by is put into order afterwards.
    return [one for one in objections_of_sqlite(rows) if "TEMP" not in one]


async def test_a_page_reads_little_without_statistics(
    ada: httpx.AsyncClient, database: Database, filled: None
) -> None:
    for address in PAGES_ASKED:
        with recorded(database) as statements:
            answer = await ada.get(address)
        assert answer.status_code == 200, f"{address}: {answer.text}"
        pages = [one for one in statements if " AS page " in one[0]]
        assert pages, address
        for page in pages:
            if database.dialect == "sqlite":
                assert not await scanned(database, page), address
            else:
                count, index = await rows_read(database, page)
                assert count <= READ, f"{address}: {count} rows by {index}"
