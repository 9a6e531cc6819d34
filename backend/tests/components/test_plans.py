"""What is asked for most finds its rows by an index, on tables with statistics.

Nothing may be scanned or sorted that grows with the registry.
"""

import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select

from bench.filling import fill
from roster.audit.models import AuditEvent
from roster.components.models import Revision, RevisionSource
from roster.core.db import Database
from roster.core.direct import IN_ORDER
from roster.jobs.models import Job, JobState
from roster.users.models import User
from tests.components.conftest import create

DONE = JobState.succeeded
COMPONENTS = 4_000
OTHERS = 3_000
SORTED = 300
"""More rows are not sorted for one page."""
GROWING = {
    "components",
    "revisions",
    "labels",
    "component_facets",
    "component_names",
    "search_documents",
    "audit_events",
    "jobs",
}
PAGES = [["SCAN", name] for name in ("page", *(f"anon_{n}" for n in range(1, 9)))]
"""What SQLite sorts again: the rows of one page."""
Statement = tuple[str, Any, bool]
"""Its text, its parameters, and whether it went past the engine."""

INDEXES = {
    "/components": "ix_components_updated_at_id",
    "/agents": "ix_components_kind_updated_at_id",
    "/agents?sort=updated_at": "ix_components_kind_updated_at_id",
    "/agents?sort=created_at": "ix_components_kind_created_at_id",
    "/agents?sort=-created_at": "ix_components_kind_created_at_id",
    "/agents?sort=name": "ix_components_kind_name_id",
    "/components?sort=-name": "ix_components_kind_name_id",
    "/agents?sort=description_tokens": "ix_components_kind_description_tokens_id",
    "/agents?sort=-errors": "ix_components_kind_errors_id",
    "/agents?team=bench-0": "ix_components_team_id_kind_updated_at_id",
    "/agents?visibility=public&licence=MIT": "ix_components_kind_updated_at_id",
    "/agents?health=fine&sort=name": "ix_components_kind_name_id",
    "/agents?deprecated=false": "ix_components_kind_updated_at_id",
    "/agents?model=opus&sort=name": "",
    "/agents?label=production": "",
    "/agents?updated_since=2024-01-01T00:00:00Z": "ix_components_kind_updated_at_id",
    "/agents/{id}": "",
    "/components/{id}": "",
    "/components/{id}/labels": "",
    "/components/{id}/revisions": "",
    "/components/{id}/revisions/1": "",
    "/resolve?ref={reference}": "",
    "/jobs": "",
    "/audit-events": "",
}
"""What is asked, and the index that its rows are found by in their order; empty where
there is more than one good way."""
_BY_ID = ("sqlite_autoindex_components_1", "pk_components")
_BY_TEAM = ("sqlite_autoindex_components_2", "components_team_id_kind")
RARE = {
    "/agents?label=nobody": _BY_ID,
    "/agents?tool=Nobody&sort=name": _BY_ID,
    "/agents?team=bench-0&sort=-errors": _BY_TEAM,
}
"""What finds so few that only these are looked at, and put into order."""
FACETS = {
    "/agents/facets": "ix_components_kind_updated_at_id",
    "/components/facets": "ix_components_updated_at_id",
    "/agents/facets?model=opus": "ix_components_kind_updated_at_id",
    "/agents/facets?label=production": "ix_components_kind_updated_at_id",
    "/agents/facets?team=bench-0": "ix_components_team_id_kind_updated_at_id",
}
AFTER = [address for address in INDEXES if "sort=" in address]


@contextmanager
def recorded(database: Database) -> Generator[list[Statement]]:
    """Collect statements with their parameters."""
    found: list[Statement] = []

    def note(_connection: object, _cursor: object, asked: str, *rest: Any) -> None:
        if asked.lstrip().startswith(("SELECT", "WITH")):
            found.append((asked, rest[0], False))

    engine = database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    database.direct.on_statement = lambda *one: found.append((*one, True))
    try:
        yield found
    finally:
        database.direct.on_statement = None
        event.remove(engine, "before_cursor_execute", note)


async def fill_around(database: Database, component_id: UUID) -> None:
    """Give one component many revisions, and the instance jobs and events."""
    async with database.write() as session:
        user_id = (await session.exec(select(User.id))).first()
        revision = {
            "component_id": component_id,
            "manifest": {},
            "author_id": user_id,
            "source": RevisionSource.api,
        }
        await session.exec(
            insert(Revision),
            params=[
                {**revision, "number": number, "digest": f"{number:064}"}
                for number in range(2, OTHERS)
            ],
        )
        await session.exec(
            insert(Job),
            params=[{"kind": "blobs.collect", "actor_id": user_id, "state": DONE}]
            * OTHERS,
        )
        await session.exec(
            insert(AuditEvent),
            params=[{"action": "component.read", "actor_id": user_id}] * OTHERS,
        )


@pytest.fixture
async def filled(
    ada: httpx.AsyncClient, database: Database, owner_url: str
) -> dict[str, str]:
    """A component among many others."""
    made = await create(ada, "ada")
    await fill(database, "ada", COMPONENTS)
    await fill_around(database, UUID(made["id"]))
    engine = create_async_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    await engine.dispose()
    return {"id": made["id"], "reference": made["reference"]}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def objections_of_postgres(plan: dict[str, Any]) -> Iterator[str]:
    for node in nodes(plan):
        table = node.get("Relation Name")
        if node["Node Type"] == "Seq Scan" and table in GROWING:
            yield f"scans {table}"
        if "Sort" in node["Node Type"] and node["Plans"][0]["Plan Rows"] > SORTED:
            yield f"sorts {node['Plans'][0]['Plan Rows']} rows"


def objections_of_sqlite(rows: list[tuple[int, int, str]]) -> Iterator[str]:
    """SQLite says what it does in lines, each below another one.

    What is sorted where it begins with rows that were made before is a page.
    """
    for _, parent, line in rows:
        scanned = re.match(r"SCAN (\w+)(?! USING (COVERING )?INDEX)", line)
        if scanned and scanned[1] in GROWING:
            yield line
        beside = [other for _, above, other in rows if above == parent]
        first = next((one for one in beside if one.startswith(("SCAN", "SEARCH"))), "")
        if "TEMP B-TREE" in line and first.split()[:2] not in PAGES:
            yield f"{line} after {first}"


async def plan_of(database: Database, statement: Statement) -> tuple[str, list[str]]:
    """The plan of a statement, and what is wrong with it."""
    asked, given, is_direct = statement
    async with database.reader.connect() as connection:
        if database.dialect == "sqlite":
            explained = await connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {asked}", tuple(given)
            )
            rows = [(one.id, one.parent, one.detail) for one in explained]
            return "\n".join(line for *_, line in rows), [*objections_of_sqlite(rows)]
        for setting in IN_ORDER.split(";") if is_direct else ():
            local = setting.replace("SET", "SET LOCAL")
            await connection.exec_driver_sql(local)
        explained = await connection.exec_driver_sql(
            f"EXPLAIN (FORMAT JSON) {asked}", tuple(given)
        )
        found = explained.scalar_one()
        [whole] = json.loads(found) if isinstance(found, str) else found
        return json.dumps(whole), [*objections_of_postgres(whole["Plan"])]


async def assert_planned(
    database: Database, client: httpx.AsyncClient, address: str, index: str
) -> dict[str, Any]:
    with recorded(database) as statements:
        answer = await client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.text}"
    assert statements, address
    plans = []
    for statement in statements:
        plan, wrong = await plan_of(database, statement)
        assert not wrong, f"{address}: {wrong}\n{statement[0]}\n{plan}"
        plans.append(plan)
    assert any(index in plan for plan in plans), f"{address}: {plans}"
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_asked_for_most_uses_its_index(
    ada: httpx.AsyncClient, database: Database, filled: dict[str, str]
) -> None:
    for template, index in INDEXES.items():
        address = template.format_map(filled)
        page = await assert_planned(database, ada, address, index)
        if template in AFTER:
            assert page["next_cursor"], address
            more = f"{address}&cursor={page['next_cursor']}"
            await assert_planned(database, ada, more, index)


async def asked_for(
    database: Database, client: httpx.AsyncClient, address: str
) -> list[Statement]:
    with recorded(database) as statements:
        answer = await client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.text}"
    return statements


async def test_of_what_is_rare_nothing_else_is_looked_at(
    ada: httpx.AsyncClient, database: Database, filled: dict[str, str]
) -> None:
    for address, indexes in RARE.items():
        statements = await asked_for(database, ada, address)
        found = [one for one in statements if " AS page " in one[0]]
        assert found, f"{address}: {filled}"
        for plan, wrong in [await plan_of(database, one) for one in found]:
            assert any(index in plan for index in indexes), f"{address}: {plan}"
            # Put into order they are, but no table is read as a whole.
            scanned = [line for line in wrong if not re.search("TEMP|sorts", line)]
            assert not scanned, f"{address}: {plan}"


async def test_facets_begin_with_the_newest_by_an_index(
    ada: httpx.AsyncClient, database: Database, filled: dict[str, str]
) -> None:
    """PostgreSQL reads a table as a whole where most of it counts; it knows when."""
    for address, index in FACETS.items():
        statements = await asked_for(database, ada, address)
        found = [one for one in statements if "but_" in one[0]]
        assert found, f"{address}: {filled}"
        for plan, wrong in [await plan_of(database, one) for one in found]:
            if database.dialect == "sqlite":
                assert index in plan, f"{address}: {plan}"
                assert not [line for line in wrong if line.split()[-1] in GROWING], plan
            else:
                assert '"Node Type": "Limit"' in plan, f"{address}: {plan}"
