import httpx
from sqlmodel import select

from roster.core.db import Database
from roster.teams.models import Membership, Role, Team
from roster.users.models import User


async def make_teams(database: Database, *slugs: str, member: str) -> None:
    async with database.write() as session:
        user = (await session.exec(select(User).where(User.username == member))).one()
        for slug in slugs:
            team = Team(slug=slug, name=slug.title())
            session.add(team)
            await session.flush()
            session.add(Membership(user_id=user.id, team_id=team.id, role=Role.viewer))


async def test_mine(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    await make_teams(database, "backend", member="ada")
    await make_teams(database, "others", member="bob")

    answer = await ada.get("/teams")

    assert answer.status_code == 200
    assert answer.json()["next_cursor"] is None
    assert [
        (team["slug"], team["name"], team["is_personal"], team["role"])
        for team in answer.json()["items"]
    ] == [("ada", "ada", True, "owner"), ("backend", "Backend", False, "viewer")]


async def test_pages(ada: httpx.AsyncClient, database: Database) -> None:
    await make_teams(database, "d", "b", "c", "e", member="ada")
    seen: list[str] = []
    params: dict[str, str | int] = {"limit": 2}
    while True:
        page = (await ada.get("/teams", params=params)).json()
        seen.extend(team["slug"] for team in page["items"])
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]

    assert seen == ["ada", "b", "c", "d", "e"]


async def test_a_cursor_of_another_list_is_refused(ada: httpx.AsyncClient) -> None:
    answer = await ada.get("/teams", params={"cursor": "bm90aGluZw"})

    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["errors"]] == ["cursor"]


async def test_the_role_decides_what_one_sees_at_once(
    ada: httpx.AsyncClient, database: Database
) -> None:
    await make_teams(database, "backend", member="ada")
    etag = (await ada.get("/teams")).headers["etag"]
    async with database.write() as session:
        found = select(Membership).where(Membership.role == Role.viewer)
        (await session.exec(found)).one().role = Role.editor

    answer = await ada.get("/teams", headers={"If-None-Match": etag})

    assert answer.status_code == 200
    assert answer.json()["items"][1]["role"] == "editor"
