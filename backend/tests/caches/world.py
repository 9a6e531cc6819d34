"""People of all sorts, and what each of them is answered by several applications."""

from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from roster.core.answers import Answers
from tests.components.conftest import agent_file, create
from tests.conftest import Connect

Said = tuple[int, str | None, bytes]
"""Status, ETag and body."""
NOBODY = "nobody"


async def ask(client: httpx.AsyncClient, method: str, path: str, **parts: Any) -> Any:
    headers = {"If-Match": "*", **parts.pop("headers", {})}
    answer = await client.request(method, path, headers=headers, **parts)
    assert answer.is_success, f"{method} {path}: {answer.text}"
    return answer.json() if answer.content else None


class World:
    """A team with an owner, an editor and a reader, and three more callers."""

    def __init__(self, clients: Mapping[str, httpx.AsyncClient]) -> None:
        self.clients = dict(clients)
        """Those who change things, by name; all of one application."""
        self.headers: dict[str, dict[str, str]] = {NOBODY: {}}
        """What each caller sends."""
        self.paths: list[str] = []
        self.ids: dict[str, str] = {}
        self.contents: dict[str, str] = {}

    async def begin(self) -> None:
        ada = self.clients["ada"]
        await ask(ada, "POST", "/teams", json={"slug": "kit", "name": "Kit"})
        for name, role in (("bob", "editor"), ("cyd", "viewer")):
            await self.set_role(name, role)
        for name, visibility in (
            ("open", "public"),
            ("inner", "internal"),
            ("closed", "private"),
        ):
            made = await create(ada, "kit", name, visibility=visibility)
            self.ids[name] = made["id"]
            self.contents[name] = made["content"]
        begun = {"kind": "agent", "team": "kit", "name": "begun"}
        content = agent_file("begun")
        made = await ask(
            self.clients["bob"],
            "POST",
            "/components",
            json=begun | {"content": content},
        )
        self.ids["begun"] = made["id"]
        for name in ("ada", "bob", "cyd", "dan"):
            self.headers[name] = _own(self.clients[name])
        await self._add_token("bob's token", "bob", scopes=["read"])
        await self._add_token("bob's other", "bob", scopes=["read"], teams=["bob"])
        await self._add_token("bob's pen", "bob", scopes=["write"])
        self.paths = [
            *(f"/agents/{self.ids[name]}" for name in self.ids),
            *(
                f"/components/{self.ids[name]}/revisions/1"
                for name in ("open", "closed")
            ),
            "/agents",
            "/components?sort=name&count=true",
        ]

    async def set_role(self, name: str, role: str) -> None:
        path = f"/teams/kit/members/{name}"
        await ask(self.clients["ada"], "PUT", path, json={"role": role})

    async def _add_token(self, called: str, of: str, **limits: Any) -> None:
        made = await ask(
            self.clients[of], "POST", "/auth/tokens", json={"name": called, **limits}
        )
        self.ids[called] = made["id"]
        self.headers[called] = {"Authorization": f"Bearer {made['token']}"}

    async def read(self, app: FastAPI, connect: Connect) -> dict[tuple[str, str], Said]:
        """What an application answers each caller on each path."""
        client = connect(app)
        found = {}
        for caller, headers in self.headers.items():
            for path in self.paths:
                answer = await client.get(path, headers=headers)
                body = b"" if answer.status_code != httpx.codes.OK else answer.content
                found[caller, path] = (
                    answer.status_code,
                    answer.headers.get("etag"),
                    body,
                )
        return found


def _own(client: httpx.AsyncClient) -> dict[str, str]:
    return {"Authorization": client.headers["Authorization"]}


def outcomes(app: FastAPI) -> dict[str, int]:
    """How often an application looked for an answer, and what came of it."""
    answers: Answers = app.state.answers
    return dict(answers.counts)
