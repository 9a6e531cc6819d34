"""An instance for the command line: it listens, and has what can be pulled."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from roster.main import create_app
from roster.settings import Settings
from tests.clients.conftest import listening
from tests.conftest import PASSWORD, SETUP_CODE

ANY = {"If-Match": "*"}
SERVER = """{"mcpServers": {"%s": {
  "command": "npx", "args": ["-y", "tickets-mcp@1.2.3"],
  "env": {"TICKETS_TOKEN": "${TICKETS_TOKEN}"}}}}
"""


def agent(name: str, text: str = "Look at tests.") -> str:
    return f"---\nname: {name}\ndescription: Reviews changes.\n---\n{text}\n"


@dataclass
class Instance:
    address: str
    token: str
    settings: Settings
    ids: dict[str, str] = field(default_factory=dict)
    """Of components and collections, by name."""

    @property
    def http(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(
            base_url=f"{self.address}/api/v1", headers=headers, timeout=60
        )

    def ask(self, method: str, path: str, **parts: Any) -> Any:
        with self.http as client:
            answer = client.request(method, path, **parts)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def add(self, kind: str, name: str, content: str) -> str:
        """Make a component, and give its id."""
        body = {"team": "ada", "content": content}
        if kind == "server":
            body["name"] = name
        made = self.ask("POST", f"/{kind}s", json=body)
        self.ids[name] = made["id"]
        return str(made["id"])

    def publish(self, name: str, content: str) -> int:
        path = f"/components/{self.ids[name]}/revisions"
        made = self.ask("POST", path, json={"content": content}, headers=ANY)
        return int(made["number"])

    def collect(self, name: str, components: list[str]) -> str:
        """Make a collection of what was added before."""
        made = self.ask("POST", "/collections", json={"team": "ada", "name": name})
        self.ids[name] = made["id"]
        self.choose(name, components)
        return str(made["id"])

    def choose(self, name: str, components: list[str]) -> None:
        entries = [{"component_id": self.ids[one]} for one in components]
        path = f"/collections/{self.ids[name]}/entries"
        self.ask("PUT", path, json={"entries": entries}, headers=ANY)

    def release(self, name: str) -> int:
        path = f"/collections/{self.ids[name]}/releases"
        made = self.ask("POST", path, json={}, headers=ANY)
        return int(made["number"])


@contextmanager
def running(template: Path, place: Path) -> Generator[Instance]:
    """Serve a fresh database, with Ada and her token in it."""
    shutil.copyfile(template, place / "roster.db")
    settings = Settings(
        environment="test",
        data_dir=place / "data",
        database_url=f"sqlite+aiosqlite:///{place / 'roster.db'}",
        setup_code=SETUP_CODE,
        bcrypt_rounds=4,
        database_wait_seconds=30,
        log_level="error",
    )
    with listening(create_app(settings)) as address:
        yield Instance(address, _token(address), settings)


def _token(address: str) -> str:
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client:
        body = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
        client.post("/auth/register", json=body | {"setup_code": SETUP_CODE})
    return token_of(address, ["read", "write", "publish"])


def token_of(address: str, scopes: list[str], *, revoke: bool = False) -> str:
    """Make an API token of Ada's."""
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client:
        form = {"username": "ada", "password": PASSWORD}
        session = client.post("/auth/token", data=form).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {session}"
        made = client.post("/auth/tokens", json={"name": "Test", "scopes": scopes})
        assert made.status_code == 201, made.text
        if revoke:
            gone = client.delete(f"/auth/tokens/{made.json()['id']}")
            assert gone.is_success, gone.text
        token: str = made.json()["token"]
        return token
