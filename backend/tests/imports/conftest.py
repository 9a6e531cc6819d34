"""Files as people have them, and a person who imports them."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.services.apps import settled

Files = Mapping[str, bytes] | Iterable[tuple[str, bytes]]


def agent(
    name: str = "reviewer",
    description: str = "Reviews a change before it is merged.",
    body: str = "You review changes.\n",
    **more: str,
) -> bytes:
    lines = [f"name: {name}", f"description: {description}"]
    lines += [f"{key}: {value}" for key, value in more.items()]
    return ("---\n" + "\n".join(lines) + f"\n---\n{body}").encode()


def broken(name: str = "planner", body: str = "You plan.\n") -> bytes:
    """Not YAML for a strict reader: a colon in a value without quotes."""
    return agent(name, "Plans work: first this, then that.", body)


def garbled(name: str = "greeter") -> bytes:
    """Valid, with a check mark that went through the wrong encoding."""
    mark = "\N{WHITE HEAVY CHECK MARK}".encode().decode("cp1252")
    return agent(name, "Greets people.", f"{mark} Always greet.\n")


def packed(files: Files) -> bytes:
    data = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in pairs:
            archive.writestr(path, content)
    return data.getvalue()


@dataclass
class Importer:
    """A person with a team, and what they do with imports."""

    client: httpx.AsyncClient
    team: str

    async def post(self, files: Files, team: str | None = None) -> httpx.Response:
        pairs = files.items() if isinstance(files, Mapping) else files
        return await self.client.post(
            "/imports",
            data={"team": team or self.team},
            files=[("files", (path, content)) for path, content in pairs],
        )

    async def upload(self, files: Files) -> "Preview":
        """Upload, and wait until it is read."""
        answer = await self.post(files)
        assert answer.status_code == 201, answer.text
        assert answer.json()["state"] == "reading"
        read = await settled(self.client, f"/imports/{answer.json()['id']}")
        return Preview(self.client, read.json())

    async def failed(self, files: Files) -> dict[str, Any]:
        """Upload what cannot be read, and see why."""
        preview = await self.upload(files)
        assert preview.made["state"] == "failed", preview.made
        return preview.made

    async def take(self, files: Files) -> "Preview":
        """Upload and apply."""
        preview = await self.upload(files)
        answer = await preview.apply()
        assert answer.status_code == 200, answer.text
        return preview

    async def agents(self, **query: Any) -> dict[str, dict[str, Any]]:
        query = {"team": self.team, "limit": 200, **query}
        answer = await self.client.get("/agents", params=query)
        assert answer.status_code == 200, answer.text
        return {item["name"]: item for item in answer.json()["items"]}

    async def revisions(self, name: str) -> list[dict[str, Any]]:
        component = (await self.agents())[name]
        answer = await self.client.get(f"/components/{component['id']}/revisions")
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def file(self, name: str) -> bytes:
        component = (await self.agents())[name]
        answer = await self.client.get(
            f"/agents/{component['id']}", headers={"Accept": "text/markdown"}
        )
        assert answer.status_code == 200, answer.text
        return answer.content


@dataclass
class Preview:
    """An import, seen by who may change it."""

    client: httpx.AsyncClient
    made: dict[str, Any]

    @property
    def url(self) -> str:
        return f"/imports/{self.made['id']}"

    async def read(self) -> dict[str, Any]:
        answer = await self.client.get(self.url)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def files(self, **query: Any) -> dict[str, dict[str, Any]]:
        query = {"limit": 200, **query}
        answer = await self.client.get(f"{self.url}/files", params=query)
        assert answer.status_code == 200, answer.text
        return {item["path"]: item for item in answer.json()["items"]}

    async def file_url(self, path: str) -> str:
        return f"{self.url}/files/{(await self.files())[path]['id']}"

    async def detail(self, path: str) -> dict[str, Any]:
        answer = await self.client.get(await self.file_url(path))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def decide(self, path: str, **data: Any) -> httpx.Response:
        return await self.client.patch(await self.file_url(path), json=data)

    async def decided(self, path: str, **data: Any) -> dict[str, Any]:
        answer = await self.decide(path, **data)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def decide_many(self, **data: Any) -> httpx.Response:
        return await self.client.patch(f"{self.url}/files", json=data)

    async def ask_to_apply(self, **selected: Any) -> httpx.Response:
        """Ask for a part of it to be stored, or for all."""
        return await self.client.post(f"{self.url}/apply", json=selected or None)

    async def apply(self, **selected: Any) -> httpx.Response:
        """The import when that is done, or the refusal to begin with it."""
        asked = await self.ask_to_apply(**selected)
        if asked.status_code != 202:
            return asked
        assert asked.json()["state"] == "applying"
        return await settled(self.client, self.url)


@pytest.fixture
def importer(ada: httpx.AsyncClient) -> Importer:
    return Importer(ada, "ada")
