"""The audit knows of everything that came in or left, and who took it."""

from collections.abc import Callable, Coroutine

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.core.db import Database
from tests.components.conftest import create
from tests.exports.test_exports import FILES, export, ids_of
from tests.imports.conftest import Importer, importer

__all__ = ["importer"]

Told = Callable[[str], Coroutine[None, None, list[AuditEvent]]]


@pytest.fixture
def told(database: Database) -> Told:
    async def load(action: str) -> list[AuditEvent]:
        async with database.read() as session:
            events = await session.exec(
                select(AuditEvent)
                .where(AuditEvent.action == action)
                .order_by(col(AuditEvent.target_name))
            )
            return list(events.all())

    return load


async def test_an_import_is_told_with_what_it_made(
    importer: Importer, told: Told
) -> None:
    preview = await importer.take(FILES)

    [applied] = await told("import.applied")
    assert str(applied.target_id) == preview.made["id"]
    assert str(applied.team_id) == preview.made["team"]["id"]
    assert applied.details["created"] == len(FILES)
    created = await told("component.created")
    names = {f"agent:ada/{path.removesuffix('.md')}" for path in FILES}
    assert {event.target_name for event in created} == names


async def test_each_team_learns_what_left_of_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, told: Told
) -> None:
    made = [
        await create(ada, "ada", "first"),
        await create(bob, "bob", "second", visibility="internal"),
        await create(ada, "ada", "third"),
    ]

    answer = await export(ada, [one["id"] for one in made])

    assert answer.status_code == 200
    of_ada, of_bob = await told("export.made")
    for event, slug, names in (
        (of_ada, "ada", ["first", "third"]),
        (of_bob, "bob", ["second"]),
    ):
        assert event.target_name == slug
        assert event.team_id == event.target_id
        assert event.actor_name == "ada"
        references = [f"agent:{slug}/{name}@1" for name in names]
        assert event.details == {"revisions": references}


async def test_what_was_refused_did_not_leave(importer: Importer, told: Told) -> None:
    await importer.take(FILES)
    ids = await ids_of(importer, "zeta")

    answer = await export(importer.client, ids, label="production")

    assert answer.status_code == 422
    assert await told("export.made") == []
