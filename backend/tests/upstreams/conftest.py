"""A person who takes components from git repositories, and follows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from roster.settings import Settings
from tests.imports.conftest import agent
from tests.services.apps import APPS
from tests.services.git_server import GitServer, Repository


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Of an instance that may fetch from the git server of a test."""
    return settings.model_copy(update={"fetch_allowed": ["127.0.0.1"]})


def agents(*names: str, body: str = "You work.\n") -> dict[str, bytes]:
    return {f"agents/{name}.md": agent(name, body=body) for name in names}


@dataclass
class Follower:
    """A person with a team; what they ask for is done at once."""

    client: httpx.AsyncClient
    team: str

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def app(self) -> FastAPI:
        return APPS[self.client]

    async def work(self) -> None:
        await self.app.state.runner.drain()

    async def read(self, remote: Repository, **more: Any) -> dict[str, Any]:
        """Begin an import of a repository, and give its preview."""
        body = {"team": self.team, "url": remote.url, **more}
        answer = await self.client.post("/imports/repository", json=body)
        assert answer.status_code == 201, answer.text
        await self.work()
        return await self.get(f"/imports/{answer.json()['id']}")  # type: ignore[no-any-return]

    async def apply(self, preview: Mapping[str, Any]) -> dict[str, Any]:
        address = f"/imports/{preview['id']}"
        answer = await self.client.post(f"{address}/apply", headers={"If-Match": "*"})
        assert answer.status_code == 202, answer.text
        await self.work()
        return await self.get(address)  # type: ignore[no-any-return]

    async def take(self, remote: Repository, **more: Any) -> str:
        """Import all of a repository, and give its id here."""
        applied = await self.apply(await self.read(remote, **more))
        assert applied["state"] == "applied", applied
        return str(applied["repository_id"])

    async def repository(self, id_: str) -> dict[str, Any]:
        return await self.get(f"/repositories/{id_}")  # type: ignore[no-any-return]

    async def check(self, id_: str) -> dict[str, Any]:
        """Check a repository, and give what became of it."""
        answer = await self.client.post(f"/repositories/{id_}/check")
        assert answer.status_code == 202, answer.text
        await self.work()
        return await self.repository(id_)

    async def update_all(self, id_: str) -> dict[str, Any]:
        """Update what can be, and give the job."""
        answer = await self.client.post(f"/repositories/{id_}/update")
        assert answer.status_code == 202, answer.text
        await self.work()
        return await self.get(f"/jobs/{answer.json()['id']}")  # type: ignore[no-any-return]

    async def log(self, job_id: str) -> list[str]:
        page = await self.get(f"/jobs/{job_id}/log", limit=200)
        return [line["message"] for line in page["items"]]

    async def components(
        self, kind: str = "agents", **query: Any
    ) -> dict[str, dict[str, Any]]:
        query = {"team": self.team, "limit": 200, **query}
        items = (await self.get(f"/{kind}", **query))["items"]
        return {item["name"]: item for item in items}

    async def id_of(self, name: str, kind: str = "agents") -> str:
        return str((await self.components(kind))[name]["id"])

    async def upstream(self, name: str, kind: str = "agents") -> dict[str, Any]:
        id_ = await self.id_of(name, kind)
        return await self.get(f"/components/{id_}/upstream")  # type: ignore[no-any-return]

    async def merge(self, name: str, kind: str = "agents") -> dict[str, Any]:
        id_ = await self.id_of(name, kind)
        return await self.get(f"/components/{id_}/upstream/update")  # type: ignore[no-any-return]

    async def update(
        self, name: str, kind: str = "agents", **more: Any
    ) -> httpx.Response:
        """Update a component as its merge shows it now."""
        seen = await self.merge(name, kind)
        body = {name: seen[name] for name in ("latest_digest", "update_digest")}
        address = f"/components/{await self.id_of(name, kind)}/upstream/update"
        return await self.client.post(address, json={**body, **more})

    async def text(self, name: str, kind: str = "agents") -> str:
        answer = await self.client.get(
            f"/{kind}/{await self.id_of(name, kind)}",
            headers={"Accept": "text/markdown"},
        )
        assert answer.status_code == 200, answer.text
        return answer.text

    async def edit(self, name: str, content: bytes) -> None:
        """Publish another text of an agent."""
        answer = await self.client.post(
            f"/components/{await self.id_of(name)}/revisions",
            json={"content": content.decode()},
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 201, answer.text


@pytest.fixture
def follower(app: FastAPI, ada: httpx.AsyncClient) -> Follower:
    assert APPS[ada] is app
    return Follower(ada, "ada")


@pytest.fixture
def remote(git_server: GitServer) -> Repository:
    """With five agents and a file that is none."""
    names = ("alder", "beech", "cedar", "elm", "fir")
    return git_server.add("trees", {**agents(*names), "README.md": b"# Trees\n"})
