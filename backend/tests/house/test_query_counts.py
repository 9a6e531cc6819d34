"""How many statements each GET takes, which does not depend on how many rows there are.

What is expected stands in `query_counts.txt`, one line for each operation.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from roster.collections import shipping
from roster.components.kind_schemas import create_example
from roster.components.kinds import KINDS
from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs import log_lines
from roster.jobs.log_lines import Line
from roster.jobs.service import enqueue
from roster.main import create_app
from roster.settings import Settings
from roster.teams.models import Membership, Role
from roster.users.models import User
from tests.components.conftest import agent_file, counted
from tests.components.skills import skill_file
from tests.conftest import Connect, StartApp
from tests.house.upstream_rows import add_repository, follow

TABLE = Path(__file__).with_name("query_counts.txt")
ENDLESS = "-"
FEW, MANY = 2, 20
NEW = {"If-None-Match": "*"}


def expected() -> dict[str, str]:
    lines = [line.split() for line in TABLE.read_text().splitlines()]
    return dict(line for line in lines if line and line[0] != "#")


def reads(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, item in document["paths"].items():
        if "get" in item:
            yield item["get"]["operationId"], path


def test_every_operation_that_reads_has_its_row(tmp_path: Path) -> None:
    app = create_app(Settings(environment="test", data_dir=tmp_path))

    assert {name for name, _ in reads(app.openapi())} == set(expected())


class Rows:
    """A registry of one person, that grows to so many rows of everything."""

    def __init__(self, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.app = app
        self.client = client
        self.ids: dict[str, str] = {}
        self.agents: list[str] = []
        self.made = 0

    async def ask(self, method: str, path: str, **parts: Any) -> Any:
        headers = parts.pop("headers", {"If-Match": "*"})
        answer = await self.client.request(method, path, headers=headers, **parts)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else None

    async def begin(self) -> None:
        """Make what the rows hang on."""
        me = await self.ask("GET", "/users/me")
        kit = await self.ask(
            "POST", "/collections", json={"team": "ada", "name": "kit"}
        )
        device = {"client_name": "roster"}
        asking = await self.ask("POST", "/auth/device", json=device)
        self.ids |= {
            "user_code": asking["user_code"],
            "user_id": me["id"],
            "team": "ada",
            "username": "ada",
            "collection_id": kit["id"],
            "number": "2",
            "target": "claude-code",
            "code": "not-found",
        }
        for kind in KINDS.values():
            body = {**create_example(kind), "team": "ada"}
            made = await self.ask("POST", f"/{kind.plural}", json=body)
            self.ids[kind.name] = made["id"]
            draft = {
                "content": body["content"],
                "base_digest": made["latest"]["digest"],
            }
            place = f"/components/{made['id']}/draft"
            await self.ask("PUT", place, json=draft, headers=NEW)

    async def grow(self, to: int) -> None:
        for number in range(self.made, to):
            await self._add_component(number)
            await self._add_around(number)
            await self._add_people(number)
        self.made = to
        await self._import(to)

    async def _add_component(self, number: int) -> None:
        name = f"agent-{number}"
        body = {"team": "ada", "content": agent_file(name)}
        made = await self.ask("POST", "/agents", json=body)
        self.agents.append(made["id"])
        draft = {
            "content": agent_file(name, body="Drafted.\n"),
            "base_digest": made["latest"]["digest"],
        }
        place = f"/components/{made['id']}"
        await self.ask("PUT", f"{place}/draft", json=draft, headers=NEW)
        repository_id = await add_repository(self.app, made["id"], f"kit-{number}")
        first = self.ids.setdefault("repository_id", str(repository_id))
        await follow(self.app, made["id"], UUID(first))
        promotion = {"label": "beta", "number": 1}
        made = await self.ask("POST", f"{place}/promotions", json=promotion)
        self.ids.setdefault("promotion_id", made["id"])

    async def _add_around(self, number: int) -> None:
        first, skill = (
            f"/components/{self.agents[0]}",
            f"/components/{self.ids['skill']}",
        )
        body = {"content": agent_file("agent-0", body=f"Again: {number}.\n")}
        await self.ask("POST", f"{first}/revisions", json=body)
        pointed = {"number": number + 1}
        await self.ask("PUT", f"{first}/labels/label-{number}", json=pointed)
        await self.ask("PUT", f"{first}/labels/moved", json=pointed)
        kit = f"/collections/{self.ids['collection_id']}"
        entry = {"entries": [{"component_id": self.agents[number]}]}
        await self.ask("POST", f"{kit}/entries", json=entry)
        await self.ask("POST", f"{kit}/releases", json={})
        more = {"team": "ada", "name": f"kit-{number}"}
        await self.ask("POST", "/collections", json=more)
        await self.ask(
            "PUT", f"{skill}/draft/files/docs/{number}.md", content=f"# {number}"
        )
        promotion = f"/promotions/{self.ids['promotion_id']}"
        await self.ask("POST", f"{promotion}/comments", json={"body": f"{number}."})
        secret = {"value": f"a value of the secret {number}"}
        server = f"/components/{self.ids['server']}/secrets/KEY_{number}"
        await self.ask("PUT", server, json=secret, headers={})

    async def _add_people(self, number: int) -> None:
        await self.ask(
            "POST", "/teams", json={"slug": f"team-{number}", "name": "Team"}
        )
        await self.ask("POST", "/teams/ada/invitations", json={"role": "viewer"})
        await self.ask("POST", "/instance/invitations", json={})
        token = {"name": f"Token {number}", "scopes": ["read"]}
        await self.ask("POST", "/auth/tokens", json=token)
        await self.ask(
            "PUT",
            f"/teams/ada/policy/labels/protected-{number}",
            json={
                "who_may_move": "owner",
                "approvals": 1,
                "checks": [],
                "frozen": False,
            },
            headers=NEW,
        )
        team_id = UUID((await self.ask("GET", "/teams/ada"))["id"])
        user = User(
            username=f"person-{number}",
            email=f"person-{number}@example.org",
            password_hash="",
            email_verified_at=utc_now(),
        )
        database: Database = self.app.state.database
        async with database.write() as session:
            session.add(user)
            await session.flush()
            session.add(Membership(user_id=user.id, team_id=team_id, role=Role.editor))
            ada = UUID(self.ids["user_id"])
            job = enqueue(session, "blobs.collect", {}, actor_id=ada, team_id=team_id)
            job.cancelled_by, job.lines = user.id, 1
            line = Line("Begun", "info", utc_now())
            log_lines.add(session, job.id, 1, 1, [line])
            self.ids.setdefault("job_id", str(job.id))

    async def _import(self, files: int) -> None:
        """Import so many: no file is added to an import that is there."""
        paths = [f"{number}.md" for number in range(files)]
        upload = [
            ("files", (path, agent_file(f"import-{files}-{path[:-3]}")))
            for path in paths
        ]
        skill = f"skill-{files}"
        upload += [
            ("files", (f"{skill}/SKILL.md", skill_file(skill).decode())),
            ("files", (f"{skill}/docs/0.md", "# Style")),
        ]
        made = await self.ask("POST", "/imports", data={"team": "ada"}, files=upload)
        self.ids["import_id"] = made["id"]
        await self.app.state.runner.drain()
        listed = await self.ask("GET", f"/imports/{made['id']}/files")
        by_path = {file["path"]: file["id"] for file in listed["items"]}
        self.ids["file_id"] = by_path["0.md"]
        self.ids["tree_file_id"] = by_path[f"{skill}/SKILL.md"]

    def address(self, operation: str, path: str) -> str:
        own = {"component_id": self.agents[0], "label": "moved", "path": "AGENT.md"}
        kind = operation.removeprefix("read_")
        if kind in KINDS and kind != "agent":
            own["component_id"] = self.ids[kind]
        if "/draft" in path:  # that of the first one was published
            own["component_id"] = self.agents[1]
        if "/draft/files" in path:
            own |= {"component_id": self.ids["skill"], "path": "docs/0.md"}
        if "/tree/" in path:
            own |= {"file_id": self.ids["tree_file_id"], "path": "docs/0.md"}
        if operation == "find_collection":
            own |= {"team": "ada", "name": "kit"}
        if operation == "read_exported_file":
            own["path"] = ".claude/agents/agent-0.md"
        if operation == "list_secrets":
            own["component_id"] = self.ids["server"]
        query = {
            "diff_revisions": "?against=1",
            "compare_releases": "?against=1",
            "resolve_reference": "?ref=agent:ada/agent-0",
            "list_usages": f"?id={self.agents[0]}",
        }
        return path.format_map({**self.ids, **own}) + query.get(operation, "")

    async def count(self, operation: str, path: str) -> int:
        address = f"http://roster.test{self.address(operation, path)}"
        # So that it is known who asks, as of most requests.
        await self.app.state.following.look()
        assert (await self.client.get("/users/me")).status_code == 200
        shipping.forget()
        with counted(self.app.state.database) as seen:
            answer = await self.client.get(address)
        assert answer.status_code == 200, f"{operation}: {answer.text}"
        return sum(line.lstrip().startswith(("SELECT", "WITH")) for line in seen)


@pytest.fixture
async def rows(ada: httpx.AsyncClient, start_app: StartApp, connect: Connect) -> Rows:
    app = await start_app(rate_limit_per_minute=10_000, cache_bytes=0)
    client = connect(app)
    client.headers["Authorization"] = ada.headers["Authorization"]
    made = Rows(app, client)
    await made.begin()
    return made


async def test_statements_do_not_grow_with_rows(rows: Rows) -> None:
    table = expected()
    asked = [
        (name, path)
        for name, path in reads(rows.app.openapi())
        if table.get(name) != ENDLESS
    ]
    await rows.grow(FEW)
    few = {name: await rows.count(name, path) for name, path in asked}
    await rows.grow(MANY)
    many = {name: await rows.count(name, path) for name, path in asked}

    assert many == few
    assert {name: str(count) for name, count in many.items()} == {
        name: count for name, count in table.items() if count != ENDLESS
    }
