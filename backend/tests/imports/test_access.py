"""Who may see and change an import: its author, and the editors of its team."""

from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from roster.core.db import Database
from roster.teams.models import Membership, Role, Team
from roster.users.models import User
from tests.imports.conftest import Importer, Preview, agent


async def add_member(database: Database, team: str, username: str, role: Role) -> None:
    async with database.write() as session:
        team_id = (await session.exec(select(Team.id).where(Team.slug == team))).one()
        found = await session.exec(select(User.id).where(User.username == username))
        member = await session.exec(
            select(Membership).where(
                Membership.team_id == team_id, Membership.user_id == found.one()
            )
        )
        row = member.first()
        if row is None:
            user = await session.exec(select(User.id).where(User.username == username))
            row = Membership(team_id=team_id, user_id=user.one(), role=role)
        row.role = role
        session.add(row)


async def every_request(client: httpx.AsyncClient, preview: Preview) -> dict[str, int]:
    file_id = next(iter((await preview.files()).values()))["id"]
    requests = [
        ("GET", "", None),
        ("GET", "/files", None),
        ("GET", f"/files/{file_id}", None),
        ("PATCH", f"/files/{file_id}", {"decision": "original"}),
        ("PATCH", "/files", {"decision": "original"}),
        ("POST", "/apply", None),
        ("DELETE", "", None),
    ]
    return {
        f"{method} {path.replace(file_id, 'id')}": (
            await client.request(method, preview.url + path, json=body)
        ).status_code
        for method, path, body in requests
    }


async def test_another_person_sees_nothing(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    assert set((await every_request(bob, preview)).values()) == {404}
    assert (await bob.get("/imports")).json()["items"] == []


async def test_a_viewer_of_the_team_sees_nothing(
    importer: Importer, bob: httpx.AsyncClient, database: Database
) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    await add_member(database, "ada", "bob", Role.viewer)
    assert set((await every_request(bob, preview)).values()) == {404}


async def test_an_editor_of_the_team_may_do_all(
    importer: Importer, bob: httpx.AsyncClient, database: Database
) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    await add_member(database, "ada", "bob", Role.editor)
    statuses = await every_request(bob, preview)
    assert statuses.pop("DELETE ") == 409  # it is being applied by then
    assert statuses.pop("POST /apply") == 202
    assert set(statuses.values()) == {200}


async def test_an_author_who_only_reads_now_changes_nothing(
    bob: httpx.AsyncClient, database: Database
) -> None:
    await add_member(database, "ada", "bob", Role.editor)
    preview = await Importer(bob, "ada").upload({"a.md": agent("a")})
    await add_member(database, "ada", "bob", Role.viewer)
    statuses = await every_request(bob, preview)
    changing = {key for key in statuses if not key.startswith("GET")}
    assert {statuses[key] for key in changing} == {403}
    assert {statuses[key] for key in statuses.keys() - changing} == {200}


async def test_an_author_who_left_the_team_sees_nothing_of_it(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    ada = importer.client
    await importer.take({"a.md": agent("a", body="Old.\n")})
    await ada.put("/teams/ada/members/bob", json={"role": "editor"})
    preview = await Importer(bob, "ada").upload({"a.md": agent("a", body="Mine.\n")})
    file_id = (await preview.files())["a.md"]["id"]
    seen = (await bob.get(f"{preview.url}/files/{file_id}")).json()
    assert "Old." in seen["current"]
    assert (await ada.delete("/teams/ada/members/bob")).status_code == 204
    await importer.take({"a.md": agent("a", body="New and private.\n")})
    for path in ("", "/files", f"/files/{file_id}"):
        assert (await bob.get(preview.url + path)).status_code == 404
    for method, path in (
        ("PATCH", "/files"),
        ("PATCH", f"/files/{file_id}"),
        ("POST", "/apply"),
        ("DELETE", ""),
    ):
        body = {"decision": "original"} if method == "PATCH" else None
        answer = await bob.request(method, preview.url + path, json=body)
        assert answer.status_code == 404
    assert (await bob.get("/imports")).json()["items"] == []


@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), (Role.viewer, 403), (Role.editor, 201)]
)
async def test_importing_into_a_team_needs_an_editor(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    database: Database,
    role: Role | None,
    status: int,
) -> None:
    if role is not None:
        await add_member(database, "ada", "bob", role)
    answer = await Importer(bob, "ada").post({"a.md": agent("a")})
    assert answer.status_code == status


async def test_nobody_imports_without_signing_in(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    answer = await Importer(anonymous, "ada").post({"a.md": agent("a")})
    assert answer.status_code == 401
    assert (await anonymous.get("/imports")).status_code == 401


async def test_a_file_of_another_import_is_not_found(importer: Importer) -> None:
    first = await importer.upload({"a.md": agent("a")})
    second = await importer.upload({"b.md": agent("b")})
    file_id = (await second.files())["b.md"]["id"]
    for method in ("GET", "PATCH"):
        answer = await importer.client.request(
            method, f"{first.url}/files/{file_id}", json={"decision": "skip"}
        )
        assert answer.status_code == 404
    missing = UUID(int=0)
    assert (await importer.client.get(f"/imports/{missing}")).status_code == 404
