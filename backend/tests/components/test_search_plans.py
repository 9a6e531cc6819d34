"""What is asked in words is found by its indexes, on tables with statistics.

On PostgreSQL statements of a search are planned once for all questions; so it is that
plan which is looked at, both as it is run and with nothing forbidden to the planner.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from bench.filling import fill
from roster.core.db import Database
from roster.core.direct import IN_ORDER, LOOKS_UP
from roster.search import vocabulary
from roster.search.models import SearchDocument
from tests.components.conftest import create
from tests.components.test_plans import (
    GROWING,
    Statement,
    nodes,
    objections_of_sqlite,
    recorded,
)

COMPONENTS = 4_000
GENERIC = "SET plan_cache_mode = force_generic_plan"
INDEXES = {
    "sqlite": {
        "head": "component_heads VIRTUAL TABLE INDEX",
        "anywhere": "component_search VIRTUAL TABLE INDEX",
        "name": "ix_search_documents_name",
        "trigram": "search_trigrams USING PRIMARY KEY",
    },
    "postgresql": {
        "head": "ix_search_documents_heads",
        "anywhere": "ix_search_documents_terms",
        "name": "ix_search_documents_name",
        "trigram": "pk_search_trigrams",
    },
}
QUESTIONS = {
    "keeper": ["head", "anywhere"],
    "zither": ["head", "anywhere"],
    "reviews drafts": ["head", "anywhere"],
    "somebody": ["head", "name"],
    "xylophnoes": ["head", "trigram"],
    "zither ketp": ["head", "anywhere", "trigram"],
    "keeper&team=ada": ["head"],
    "somebody&model=sonnet": ["head"],
    "somebody&team=ada": ["head"],
    "xylophone&highlights=true": ["head", "anywhere"],
}
"""What is asked, and by what it is to be found."""


@pytest.fixture
async def filled(ada: httpx.AsyncClient, database: Database, owner_url: str) -> None:
    await create(
        ada, "ada", "needle-keeper", description="Finds xylophones.", body="Zither.\n"
    )
    await fill(database, "ada", COMPONENTS)
    async with database.write() as session:
        words = (f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(500))
        await vocabulary.learn(session, words)
        # So many names hold a word that the one that is the word is looked for.
        names = select(SearchDocument.rowid).limit(1_000)
        await session.exec(
            update(SearchDocument)
            .where(col(SearchDocument.rowid).in_(names))
            .values(name=col(SearchDocument.name) + " somebody")
        )
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    await engine.dispose()


async def objections(database: Database, statement: Statement) -> tuple[str, list[str]]:
    asked, given, is_direct = statement
    if database.dialect == "sqlite":
        async with database.reader.connect() as connection:
            explained = await connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {asked}", tuple(given)
            )
            rows = [(one.id, one.parent, one.detail) for one in explained]
        # What is sorted is what an index gave.
        wrong = [one for one in objections_of_sqlite(rows) if "TEMP" not in one]
        return "\n".join(line for *_, line in rows), wrong
    if not is_direct:
        assert "search_" not in asked, asked
        return "", []  # of who asks, and of what is marked
    settings = LOOKS_UP if "search_" in asked else IN_ORDER
    as_run = await generic_plan(database, statement, settings)
    wrong = [*scans(as_run)]
    if "search_" in asked:
        wrong += scans(await generic_plan(database, statement, GENERIC))
    return json.dumps(as_run), wrong


async def generic_plan(
    database: Database, statement: Statement, settings: str
) -> dict[str, Any]:
    """The plan that serves for all values."""
    asked, given, _ = statement
    async with database.reader.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(f"PREPARE asked AS {asked}; {settings}")
        values = ", ".join(["NULL"] * len(given))
        run = f"asked({values})" if given else "asked"
        found = await raw.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE {run}")
        await raw.execute("DEALLOCATE asked; RESET ALL")
    [whole] = json.loads(found) if isinstance(found, str) else found
    plan: dict[str, Any] = whole["Plan"]
    return plan


def scans(plan: dict[str, Any]) -> Iterator[str]:
    """What reads a table that grows, and not by a condition of an index."""
    for node in nodes(plan):
        table = node.get("Relation Name")
        by_index = {"Bitmap Heap Scan", "Index Scan", "Index Only Scan"}
        if table not in {*GROWING, "search_trigrams"}:
            continue
        is_newest = (
            node["Node Type"] == "Index Only Scan" and "pk_" in node["Index Name"]
        )
        conditions = {"Index Cond", "Recheck Cond"} & node.keys()
        if node["Node Type"] not in by_index or not (conditions or is_newest):
            yield f"{node['Node Type']} of {table}"


async def test_words_are_found_by_their_indexes(
    ada: httpx.AsyncClient, database: Database, filled: None
) -> None:
    for question, names in QUESTIONS.items():
        with recorded(database) as statements:
            answer = await ada.get(f"/agents?q={question}")
        assert answer.status_code == 200, answer.text
        plans = []
        for statement in statements:
            plan, wrong = await objections(database, statement)
            assert not wrong, f"{question}: {wrong}\n{statement[0]}\n{plan}"
            plans.append(plan)
        for name in names:
            index = INDEXES[database.dialect][name]
            assert any(index in plan for plan in plans), f"{question}: {name}: {plans}"
