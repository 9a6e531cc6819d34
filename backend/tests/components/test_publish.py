"""Publish revisions: numbers, digests, what moves with them, and who loses a race."""

import asyncio
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from roster.blobs.models import Blob
from roster.components.content import (
    Content,
    Origin,
    TreeFile,
    content_digest,
    tree_digest,
)
from roster.components.kinds import KINDS
from roster.components.lookup import by_names, file_of
from roster.components.models import (
    Component,
    ComponentFacet,
    Label,
    Revision,
    RevisionFile,
    RevisionSource,
)
from roster.components.publish import create_many, publish_many
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import NotFound
from roster.teams.models import Visibility
from tests.components.conftest import agent_file, create, publish

AGENT = KINDS["agent"]


def content_of(text: str, path: str | None = None) -> Content:
    data = text.encode()
    return Content(
        main=TreeFile.of(AGENT.main, data),
        parsed=AGENT.parse(data, path),
        message="",
        source=RevisionSource.upload,
        origin=Origin(path=path),
    )


async def test_publishing_moves_everything(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    content = agent_file(description="Reads poems.", tools="Write", model="opus")
    answer = await ada.post(
        f"/components/{agent['id']}/revisions",
        json={"content": content, "message": "Poems now"},
        headers={"If-Match": agent["etag"]},
    )
    assert answer.status_code == 201, answer.text
    revision = answer.json()
    address = f"/components/{agent['id']}/revisions/2"
    assert answer.headers["location"] == f"/api/v1{address}"
    assert answer.headers["etag"] == '"v2"'
    assert revision["number"] == 2
    assert revision["message"] == "Poems now"
    assert revision["source"] == "api"
    assert revision["labels"] == ["latest"]
    assert revision["identifier"] == "roster:agent:ada/reviewer@2"
    assert (await ada.get(address)).json() == revision
    now = (await ada.get(f"/agents/{agent['id']}")).json()
    assert now["description"] == "Reads poems."
    assert (now["model"], now["tools"]) == ("opus", ["Write"])
    assert now["latest"]["digest"] == revision["digest"]
    assert now["updated_at"] > agent["updated_at"]
    for query, found in (("poems", 1), ("merged", 0)):
        page = (await ada.get("/agents", params={"q": query})).json()
        assert len(page["items"]) == found, query
    assert (await ada.get("/agents", params={"model": "sonnet"})).json()["items"] == []


async def test_the_editor_is_told_from_programs(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    agent = await create(ada, "ada")
    answer = await anonymous.post(
        "/auth/token",
        data={
            "username": "ada",
            "password": "correct horse battery",
            "client": "browser",
        },
    )
    token = answer.json()["access_token"]
    anonymous.headers["Authorization"] = f"Bearer {token}"
    answer = await publish(anonymous, agent, agent_file(body="Edited.\n"))
    assert answer.json()["source"] == "editor"


async def test_the_same_content_is_refused(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    answer = await publish(ada, agent, agent_file())
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/unchanged"
    assert (await ada.get(f"/agents/{agent['id']}")).json()["etag"] == agent["etag"]


async def test_going_back_is_a_new_revision_of_the_same_digest(
    ada: httpx.AsyncClient,
) -> None:
    agent = await create(ada, "ada")
    await publish(ada, agent, agent_file(body="Other.\n"))
    answer = await publish(ada, agent, agent_file())
    assert answer.status_code == 201
    assert answer.json()["number"] == 3
    assert answer.json()["digest"] == agent["latest"]["digest"]


async def test_if_match_is_required_and_checked(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    address = f"/components/{agent['id']}/revisions"
    body = {"content": agent_file(body="Second.\n")}
    assert (await ada.post(address, json=body)).status_code == 428
    for stale in ('"v0"', '"v10-abc"', f'"{"0" * 64}"', "nonsense"):
        answer = await ada.post(address, json=body, headers={"If-Match": stale})
        assert answer.status_code == 412, stale
        assert answer.json()["type"] == "/problems/stale"
    digest = agent["latest"]["digest"]
    answer = await ada.post(address, json=body, headers={"If-Match": f'"{digest}"'})
    assert answer.status_code == 201
    # The digest that was good a moment ago names an older revision now.
    body = {"content": agent_file(body="Third.\n")}
    answer = await ada.post(address, json=body, headers={"If-Match": f'"{digest}"'})
    assert answer.status_code == 412


async def test_the_full_etag_of_a_read_is_good_for_a_write(
    ada: httpx.AsyncClient,
) -> None:
    agent = await create(ada, "ada")
    read = await ada.get(f"/agents/{agent['id']}")
    answer = await ada.post(
        f"/components/{agent['id']}/revisions",
        json={"content": agent_file(body="Second.\n")},
        headers={"If-Match": read.headers["etag"]},
    )
    assert answer.status_code == 201


async def test_another_name_cannot_be_published(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    answer = await publish(ada, agent, agent_file("planner"))
    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == ["content"]
    unnamed = "---\ndescription: Has no name.\n---\nBody.\n"
    assert (await publish(ada, agent, unnamed)).status_code == 201


async def test_broken_content_is_not_published(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    answer = await publish(ada, agent, "---\nname: reviewer\n---\n")
    assert answer.status_code == 422
    assert (await ada.get(f"/agents/{agent['id']}")).json()["latest"]["number"] == 1


async def test_broken_yaml_that_a_person_can_read_is_published_with_findings(
    ada: httpx.AsyncClient,
) -> None:
    agent = await create(ada, "ada")
    broken = "---\nname: reviewer\ndescription: Use this: always\n---\nBody.\n"
    revision = (await publish(ada, agent, broken)).json()
    assert revision["health"]["worst"] == "error"
    assert "yaml.invalid" in [finding["rule"] for finding in revision["findings"]]
    assert revision["manifest"]["description"] == "Use this: always"
    assert revision["content"] == broken
    assert "Use this: always" in revision["repaired"]
    page = (await ada.get("/agents", params={"health": "error"})).json()
    assert [item["id"] for item in page["items"]] == [agent["id"]]


async def test_twenty_at_once_without_a_gap(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")

    async def insist(number: int) -> int:
        while True:
            answer = await publish(ada, agent, agent_file(body=f"Body {number}.\n"))
            if answer.status_code == 201:
                return int(answer.json()["number"])
            assert answer.status_code == 412, answer.text

    numbers = await asyncio.gather(*(insist(number) for number in range(20)))
    assert sorted(numbers) == list(range(2, 22))
    address = f"/components/{agent['id']}/revisions"
    page = (await ada.get(address, params={"count": "true"})).json()
    assert [item["number"] for item in page["items"]] == list(range(21, 0, -1))
    assert page["total"] == 21
    now = (await ada.get(f"/agents/{agent['id']}")).json()
    assert now["latest"]["number"] == 21
    assert now["latest"]["digest"] == page["items"][0]["digest"]
    assert now["labels"] == [{"name": "latest", "number": 21, "yanked": False}]


async def test_of_many_with_one_base_exactly_one_wins(ada: httpx.AsyncClient) -> None:
    agent = await create(ada, "ada")
    answers = await asyncio.gather(
        *(
            ada.post(
                f"/components/{agent['id']}/revisions",
                json={"content": agent_file(body=f"Body {number}.\n")},
                headers={"If-Match": agent["etag"]},
            )
            for number in range(20)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 19


async def test_one_name_made_at_once_is_made_once(ada: httpx.AsyncClient) -> None:
    bodies = [agent_file(body=f"Body {number}.\n") for number in range(8)]
    answers = await asyncio.gather(
        *(ada.post("/agents", json={"team": "ada", "content": body}) for body in bodies)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


@pytest.mark.parametrize("table", [Revision, RevisionFile])
async def test_the_database_refuses_to_change_a_revision(
    ada: httpx.AsyncClient,
    database: Database,
    table: type[Revision] | type[RevisionFile],
) -> None:
    await create(ada, "ada")
    column = "digest" if table is Revision else "blob_digest"
    for statement in (update(table).values({column: "0" * 64}), delete(table)):
        with pytest.raises(DBAPIError, match="immutable"):
            async with database.write() as session:
                await session.exec(statement)
    name = table.__tablename__
    insert = f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"  # noqa: S608
    truncate = f"TRUNCATE {name} CASCADE"
    sneaky = insert if database.dialect == "sqlite" else truncate
    with pytest.raises(DBAPIError, match=r"immutable|permission denied"):
        async with database.writer.begin() as connection:
            await connection.execute(text(sneaky))


async def test_the_database_refuses_to_change_a_blob(
    ada: httpx.AsyncClient, database: Database
) -> None:
    await create(ada, "ada")
    with pytest.raises(DBAPIError, match="immutable"):
        async with database.write() as session:
            await session.exec(update(Blob).values(content=b"other"))


async def test_a_refused_publication_leaves_nothing(
    ada: httpx.AsyncClient, database: Database, actor: Actor, team_id: UUID
) -> None:
    await create(ada, "ada", "taken")
    items = [(name, content_of(agent_file(name))) for name in ("free", "taken")]
    with pytest.raises(DBAPIError):
        async with database.write() as session:
            await create_many(
                session,
                items,
                team_id=team_id,
                kind=AGENT,
                visibility=Visibility.private,
                actor=actor,
            )
    async with database.read() as session:
        names = [row.name for row in await session.exec(select(Component))]
        files = (await session.exec(select(RevisionFile))).all()
    assert names == ["taken"]
    assert len(files) == 1


async def test_many_at_once_share_blobs_and_report_what_is_unchanged(
    database: Database, actor: Actor, team_id: UUID
) -> None:
    same = "---\ndescription: The same bytes.\n---\nBody.\n"
    async with database.write() as session:
        made = await create_many(
            session,
            [(name, content_of(same, f"{name}.md")) for name in ("one", "two")],
            team_id=team_id,
            kind=AGENT,
            visibility=Visibility.internal,
            actor=actor,
        )
    assert made[0].latest_digest == made[1].latest_digest
    changed = content_of("---\ndescription: Other.\n---\nBody.\n", "two.md")
    async with database.write() as session:
        found = await by_names(session, team_id, "agent", ["two", "one", "absent"])
        assert sorted(found) == ["one", "two"]
        revisions = await publish_many(
            session,
            [
                (found["one"], content_of(same, "one.md")),
                (found["two"], changed),
            ],
            actor=actor,
        )
        assert revisions[0] is None
        assert revisions[1] is not None
        assert revisions[1].number == 2
        assert revisions[1].origin_path == "two.md"
        assert await publish_many(session, [], actor=actor) == []
    async with database.read() as session:
        blobs = (await session.exec(select(Blob))).all()
        assert len(blobs) == 2
        labels = await session.exec(select(Label.component_id, Label.number))
        assert dict(labels.all()) == {made[0].id: 1, made[1].id: 2}
        assert await file_of(session, made[0].id, 1) == same.encode()
        assert await file_of(session, made[1].id, 2) == changed.main.data
        with pytest.raises(NotFound):
            await file_of(session, made[0].id, 2)


async def test_a_component_deleted_meanwhile_takes_no_revision(
    ada: httpx.AsyncClient, database: Database, actor: Actor, team_id: UUID
) -> None:
    agent = await create(ada, "ada")
    await ada.delete(f"/components/{agent['id']}", headers={"If-Match": agent["etag"]})
    async with database.write() as session:
        found = await by_names(session, team_id, "agent", ["reviewer"])
        assert found["reviewer"].deleted_at is not None
        content = content_of(agent_file(body="Late.\n"))
        with pytest.raises(NotFound):
            await publish_many(session, [(found["reviewer"], content)], actor=actor)


async def test_hundreds_of_files_take_a_few_statements(
    ada: httpx.AsyncClient, database: Database, actor: Actor, team_id: UUID
) -> None:
    names = [f"agent-{number}" for number in range(300)]
    async with database.write() as session:
        made = await create_many(
            session,
            [(name, content_of(agent_file(name))) for name in names],
            team_id=team_id,
            kind=AGENT,
            visibility=Visibility.private,
            actor=actor,
        )
        assert [component.name for component in made] == names
    async with database.read() as session:
        facets = await session.exec(
            select(ComponentFacet).where(col(ComponentFacet.facet) == "tool")
        )
        assert len(facets.all()) == 600
    answer = await ada.get("/agents", params={"count": "true", "limit": 200})
    assert answer.json()["total"] == 300


def test_a_digest_depends_on_content_and_paths_alone() -> None:
    files = [("b", "100644", "1" * 64), ("a", "100755", "2" * 64)]
    assert tree_digest(files) == tree_digest(reversed(files))
    assert tree_digest(files) != tree_digest([("b", "100644", "1" * 64)])
    # Moving a boundary between parts makes another tree.
    assert tree_digest([("ab", "c", "d")]) != tree_digest([("a", "bc", "d")])
    named, unnamed = (content_digest(AGENT, agent_file(name).encode()) for name in "ab")
    assert named != unnamed
