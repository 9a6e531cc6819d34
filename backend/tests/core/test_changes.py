"""Each transaction says what it is about, to this process and to the others."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from roster.components.models import Component, Draft, Label
from roster.core.changes import Change
from roster.core.db import Database
from roster.core.errors import Conflict
from roster.core.model import Model, utc_now
from roster.core.topics import ALL, NOTHING, told_by_statement
from roster.jobs.models import Job
from roster.teams.models import Membership
from roster.users.models import User

AGENT = "---\nname: {}\ndescription: Use when told so\n---\n\nText.\n"
ID = UUID("0198a000-0000-7000-8000-000000000001")


@pytest.fixture
def told(database: Database) -> Callable[[], Any]:
    """Give the topics of all that was committed since the last time."""
    seen = 0

    async def read() -> list[str]:
        nonlocal seen
        async with database.read() as session:
            rows = (
                await session.exec(
                    select(Change).where(col(Change.id) > seen).order_by(col(Change.id))
                )
            ).all()
        if rows:
            seen = rows[-1].id or 0
        assert {row.origin for row in rows} <= {database.changes.origin}
        return [topic for row in rows for topic in row.topics]

    return read


async def make(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    body = {"team": "ada", "content": AGENT.format(name)}
    made = await client.post("/agents", json=body)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def test_a_change_is_about_its_component_alone(
    ada: httpx.AsyncClient, database: Database, told: Callable[[], Any]
) -> None:
    first, second = [await make(ada, name) for name in ("first", "second")]
    await told()
    mark = database.changes.mark
    content = AGENT.format("first") + "More.\n"
    published = await ada.post(
        f"/components/{first['id']}/revisions",
        json={"content": content},
        headers={"If-Match": first["etag"]},
    )
    assert published.status_code == 201, published.text
    topics = await told()
    assert f"component:{first['id']}" in topics
    assert "everything" not in topics
    assert database.changes.touched([f"component:{first['id']}"], mark)
    assert database.changes.touched(["components"], mark)
    assert not database.changes.touched([f"component:{second['id']}"], mark)


async def test_only_what_is_not_published_is_about_its_maker(
    ada: httpx.AsyncClient, told: Callable[[], Any]
) -> None:
    me = (await ada.get("/users/me")).json()["id"]
    await told()
    made = await make(ada, "seen")
    changed = await ada.patch(
        f"/components/{made['id']}",
        json={"visibility": "internal"},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 200, changed.text
    assert f"person:{me}" not in await told()
    body = {"kind": "agent", "team": "ada", "name": "begun"}
    begun = (await ada.post("/components", json=body)).json()
    assert f"person:{me}" in await told()
    published = await ada.post(
        f"/components/{begun['id']}/revisions",
        json={"content": AGENT.format("begun")},
        headers={"If-Match": "*"},
    )
    assert published.status_code == 201, published.text
    assert f"person:{me}" in await told()


def test_a_row_counts_while_its_column_is_empty() -> None:
    statement = insert(Component)
    row: dict[str, Any] = {"id": ID, "created_by": ID, "published_at": None}
    topics = {f"component:{ID}", f"person:{ID}"}
    assert set(told_by_statement(statement, Component.__tells__, [row])) == topics
    row["published_at"] = utc_now()
    topics = {f"component:{ID}"}
    assert set(told_by_statement(statement, Component.__tells__, [row])) == topics


async def test_what_no_answer_depends_on_tells_nothing(
    ada: httpx.AsyncClient, told: Callable[[], Any]
) -> None:
    made = await make(ada, "quiet")
    draft = f"/components/{made['id']}/draft"
    base = made["latest"]["digest"]
    body = {"content": made["content"], "base_digest": base}
    begun = await ada.put(draft, json=body, headers={"If-None-Match": "*"})
    assert begun.status_code in {200, 201}, begun.text
    assert f"component:{made['id']}" in await told()
    saved = await ada.put(
        draft,
        json={"content": made["content"] + "x", "base_digest": base},
        headers={"If-Match": begun.headers["etag"]},
    )
    assert saved.status_code == 200, saved.text
    signed_in = await ada.post(
        "/auth/token", data={"username": "ada", "password": "correct horse battery"}
    )
    assert signed_in.status_code == 200
    assert await told() == []


async def test_names_of_people_are_in_many_answers(
    ada: httpx.AsyncClient, database: Database, told: Callable[[], Any]
) -> None:
    await told()
    mark = database.changes.mark
    changed = await ada.patch("/users/me", json={"display_name": "Ada L."})
    assert changed.status_code == 200, changed.text
    assert await told() == ["everything"]
    assert database.changes.touched([], mark)


async def test_the_end_of_a_session_is_told(
    ada: httpx.AsyncClient, told: Callable[[], Any]
) -> None:
    [session] = (await ada.get("/auth/sessions")).json()["items"]
    await told()
    assert (await ada.post("/auth/logout")).status_code in {200, 204}
    assert await told() == [f"session:{session['id']}"]


async def test_what_is_undone_tells_nothing(
    ada: httpx.AsyncClient, database: Database, told: Callable[[], Any]
) -> None:
    made = await make(ada, "undone")
    await told()
    mark = database.changes.mark

    async def fail() -> None:
        async with database.write() as session:
            component = await session.get_one(Component, UUID(made["id"]))
            component.version += 1
            await session.flush()
            raise Conflict("Not now.")

    with pytest.raises(Conflict):
        await fail()
    assert await told() == []
    assert not database.changes.touched([f"component:{made['id']}"], mark)


@pytest.mark.parametrize(
    ("statement", "of", "parameters", "topics"),
    [
        (delete(Label).where(col(Label.component_id) == ID), Label, [], {ID}),
        (
            update(Component).where(col(Component.id).in_([ID])).values(version=2),
            Component,
            [],
            {ID},
        ),
        (
            update(Component)
            .where(col(Component.id).in_([ID]))
            .values(published_at=None),
            Component,
            [],
            None,
        ),
        (delete(Label).where(col(Label.name) == "old"), Label, [], None),
        (
            delete(Label).where(
                (col(Label.component_id) == ID) | (col(Label.number) == 1)
            ),
            Label,
            [],
            None,
        ),
        (insert(Label), Label, [{"component_id": ID, "name": "x"}], {ID}),
        (
            insert(Label).from_select(["name"], select(col(Label.name))),
            Label,
            [],
            None,
        ),
    ],
)
def test_a_statement_tells_its_rows_or_everything(
    statement: Any, of: type[Model], parameters: list[Any], topics: set[UUID] | None
) -> None:
    found = set(told_by_statement(statement, of.__tells__, parameters))
    wanted = (
        {"everything"} if topics is None else {f"component:{id_}" for id_ in topics}
    )
    assert wanted <= found
    assert topics is None or "everything" not in found


def test_only_some_columns_of_an_account_are_seen_by_others() -> None:
    def told_by(**values: Any) -> set[str]:
        changing = update(User).where(col(User.id) == ID).values(**values)
        return set(told_by_statement(changing, User.__tells__, []))

    assert told_by(last_sign_in_at=utc_now()) == set()
    assert told_by(is_active=False) == {f"person:{ID}"}
    assert told_by(display_name="Ada") == {"everything"}


def test_tables_that_say_nothing_of_it_tell_everything() -> None:
    assert Model.__tells__ == ALL
    assert Job.__tells__ == NOTHING
    assert Draft.__tells__ != ALL
    assert Membership.__tells__ != ALL
