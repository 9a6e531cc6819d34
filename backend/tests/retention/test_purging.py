"""What was deleted long ago is emptied, and nothing that somebody still needs."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Executable, delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.models import AuditEvent
from roster.audit.sealer import seal_batch
from roster.audit.verify import verify
from roster.blobs.collecting import collect
from roster.blobs.models import Blob
from roster.blobs.storage import store_of
from roster.collections.models import Collection, CollectionEntry
from roster.components.models import Component, Revision, RevisionFile
from roster.core.db import Database
from roster.core.model import Model, utc_now
from roster.instance.models import Purge
from roster.jobs.registry import Tools
from roster.jobs.runner import Runner
from roster.jobs.service import enqueue
from roster.retention.components import GOES
from roster.retention.jobs import JOBS, PURGE
from roster.secrets.models import Secret
from roster.settings import Settings
from roster.teams.models import Membership, Team
from tests.collections.conftest import ANY, release
from tests.collections.conftest import collect as make_collection
from tests.components.conftest import agent_file, create, publish
from tests.secrets.conftest import make_server, write
from tests.teams.conftest import make_team

DAYS = 30
LONG_AGO = timedelta(days=DAYS + 1)
KEPT = {
    # Names, for ever; what tombstones and references tell; what others point at.
    "component_names",
    "revisions",
    "labels",
    "promotions",
    "release_entries",
    "collection_entries",
    "import_files",
    "components",
}

RunPurge = Callable[..., Awaitable[None]]


@pytest.fixture
def run_purge(app: FastAPI, database: Database, settings: Settings) -> RunPurge:
    """Do the job, with a policy of so many days."""

    async def run(days: int | None = DAYS) -> None:
        changed = settings.model_copy(update={"deleted_retention_days": days})
        runner = Runner(Tools(changed, database, app.state.keys), JOBS)
        async with database.write() as session:
            enqueue(session, PURGE, {})
        assert await runner.drain() == 1

    return run


async def long_ago(database: Database, model: type[Model], id_: str) -> None:
    """Let something have been deleted long ago."""
    table = Model.metadata.tables[str(model.__tablename__)]
    async with database.write() as session:
        changed = update(table).where(table.c.id == UUID(id_))
        await (await session.connection()).execute(
            changed.values(deleted_at=utc_now() - LONG_AGO)
        )


async def deleted(client: httpx.AsyncClient, component: dict[str, Any]) -> None:
    url = f"/components/{component['id']}"
    answer = await client.delete(url, headers=ANY)
    assert answer.status_code == 204, answer.text


async def files(session: AsyncSession, component: dict[str, Any]) -> list[int]:
    """Numbers of the revisions that still have their content."""
    found = await session.exec(
        select(Revision.number)
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .where(Revision.component_id == UUID(component["id"]))
        .order_by(col(Revision.number))
    )
    return list(found)


def test_everything_that_hangs_on_a_component_is_thought_of() -> None:
    goes = {str(model.__tablename__) for model in GOES}
    referring = {
        table.name
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "components" and key.ondelete != "no"
    }

    assert referring <= goes | KEPT


async def test_it_is_emptied_after_so_many_days(
    ada: httpx.AsyncClient,
    app: FastAPI,
    database: Database,
    settings: Settings,
    run_purge: RunPurge,
) -> None:
    old, new = await create(ada, "ada", "old"), await create(ada, "ada", "new")
    await publish(ada, old, agent_file("old", body="Secret plans.\n"))
    for component in (old, new):
        await deleted(ada, component)
    await long_ago(database, Component, old["id"])

    await run_purge(None)
    async with database.read() as session:
        assert await files(session, old) == [1, 2]
    await run_purge()

    async with database.read() as session:
        assert await files(session, old) == []
        assert await files(session, new) == [1]
        revisions = await session.exec(
            select(Revision).where(Revision.component_id == UUID(old["id"]))
        )
        assert [one.manifest for one in revisions] == [{}, {}]
        found = await session.exec(
            select(AuditEvent).where(AuditEvent.action == "component.purged")
        )
        assert [event.target_name for event in found] == ["agent:ada/old"]
    listed = await ada.get("/agents", params={"deleted": "true"})
    assert [one["name"] for one in listed.json()["items"]] == ["new"]
    refused = await ada.post(f"/components/{old['id']}/restore")
    assert refused.status_code == 404
    assert (await ada.post(f"/components/{new['id']}/restore")).is_success
    await is_a_tombstone(ada, old)
    assert await collect_all(database, settings) > 0
    while await seal_batch(database, app.state.chain):
        pass
    assert (await verify(database, app.state.chain)).intact


async def is_a_tombstone(client: httpx.AsyncClient, old: dict[str, Any]) -> None:
    """Its name stays taken, and its identifier tells what became of it."""
    body = {"team": "ada", "content": agent_file("old")}
    taken = await client.post("/agents", json=body)
    assert taken.status_code == 409
    answer = await client.get("/resolve", params={"ref": "roster:agent:ada/old@1"})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["state"] == "tombstone"
    assert found["tombstone"]["digest"] == old["latest"]["digest"]


async def collect_all(database: Database, settings: Settings) -> int:
    async with database.read() as session:
        before = (await session.exec(select(func.count()).select_from(Blob))).one()
    await collect(database, store_of(settings), timedelta(0))
    async with database.read() as session:
        after = (await session.exec(select(func.count()).select_from(Blob))).one()
    return before - after


async def test_what_a_release_has_locked_stays(
    ada: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    run_purge: RunPurge,
) -> None:
    agent = await create(ada, "ada", "locked")
    kit = await make_collection(ada, "kit", agent)
    assert (await release(ada, kit)).is_success
    await publish(ada, agent, agent_file("locked", body="Never released.\n"))
    await deleted(ada, agent)
    await long_ago(database, Component, agent["id"])
    url = f"/collections/{kit['id']}/releases/1"
    before = await ada.get(f"{url}/export")

    await run_purge()
    await collect_all(database, settings)

    async with database.read() as session:
        assert await files(session, agent) == [1]
    after = await ada.get(f"{url}/export")
    assert after.status_code == 200, after.text
    assert after.content == before.content


async def test_collections_and_teams_go_too(
    ada: httpx.AsyncClient, database: Database, run_purge: RunPurge
) -> None:
    await make_team(ada, "platform")
    server = await make_server(ada, "platform")
    assert (await write(ada, server)).is_success
    kit = await make_collection(ada, "kit", server, team="platform")
    teams = (await ada.get("/teams/platform")).json()
    gone = await ada.request(
        "DELETE", f"/collections/{kit['id']}", params={"confirm": "kit"}, headers=ANY
    )
    assert gone.status_code == 204, gone.text
    gone = await ada.request(
        "DELETE", "/teams/platform", params={"confirm": "platform"}, headers=ANY
    )
    assert gone.status_code == 204, gone.text
    await long_ago(database, Collection, kit["id"])
    await long_ago(database, Team, teams["id"])

    await run_purge()
    await run_purge()

    async with database.read() as session:
        assert (await session.exec(select(Secret))).all() == []
        assert (await session.exec(select(CollectionEntry))).all() == []
        assert await files(session, server) == []
        members = select(Membership).where(Membership.team_id == UUID(teams["id"]))
        assert (await session.exec(members)).all() == []
        purged = await session.exec(select(Purge.kind).order_by(col(Purge.kind)))
        assert list(purged) == ["collection", "component", "team"]
    refused = await ada.post(f"/collections/{kit['id']}/restore")
    assert refused.status_code == 404
    again = await ada.post("/teams", json={"slug": "platform", "name": "Again"})
    assert again.status_code == 409


async def test_the_database_refuses_the_rest(
    ada: httpx.AsyncClient, database: Database, run_purge: RunPurge
) -> None:
    live, old = await create(ada, "ada", "live"), await create(ada, "ada", "old")
    await deleted(ada, old)
    await long_ago(database, Component, old["id"])
    await run_purge()
    table = Model.metadata.tables

    def purge_of(component: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {"kind": "component", "id": UUID(component["id"])}
        return values | {"purged_at": utc_now()}

    refused: list[Executable] = [
        table["purges"].insert().values(purge_of(live)),
        delete(table["purges"]),
        update(table["purges"]).values(purged_at=datetime.now().astimezone()),
        delete(table["revision_files"]),
        update(table["revisions"]).values(manifest={}),
        delete(table["revisions"]),
        update(table["components"])
        .where(table["components"].c.id == UUID(old["id"]))
        .values(deleted_at=None),
        text(
            "INSERT INTO revision_files (revision_id, path, mode, blob_digest, size) "
            "SELECT r.id, 'other.md', '100644', b.digest, b.size FROM revisions AS r, "
            "purges AS p, blobs AS b WHERE p.id = r.component_id"
        ),
    ]
    for statement in refused:
        with pytest.raises(DBAPIError, match="immutable"):
            async with database.write() as session:
                await (await session.connection()).execute(statement)
