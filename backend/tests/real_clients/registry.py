"""A Roster that really runs, filled through its API as a person would."""

import io
import time
import zipfile
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from roster.settings import Settings
from tests.components.skills import packed
from tests.conftest import PASSWORD, SETUP_CODE
from tests.deploy.conftest import SECONDS, Program, environment_of, programs, roster
from tests.real_clients import stock
from tests.services.postgres import free_port

API = "/api/v1"
ANY = {"If-Match": "*"}
TEAM = "forge"
Contents = Mapping[str, str] | Mapping[str, Mapping[str, bytes]]


@dataclass(frozen=True)
class Collection:
    """A collection as it was released last."""

    id: str
    name: str
    number: int
    """Of the newest release."""
    names: Mapping[str, list[str]]
    """Sorted, by kind; a kind that is not there has none."""

    def of(self, kind: str) -> list[str]:
        return list(self.names.get(kind, []))


@dataclass
class Registry:
    """The server, seen by a member of its one team, and a token that reads."""

    address: str
    api: httpx.Client
    token: str = ""

    def ask(self, method: str, path: str, **parts: Any) -> Any:
        answer = self.api.request(method, path, **parts)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def url(self, path: str, *, with_token: bool = False) -> str:
        """The address of something: the token stands in it as the password."""
        parts = urlsplit(self.address)
        place = f"roster:{self.token}@{parts.netloc}" if with_token else parts.netloc
        return f"{parts.scheme}://{place}/{path}"

    def git(self, path: str, *, with_token: bool = False) -> str:
        return self.url(f"git/{path}.git", with_token=with_token)

    # --- filling ----------------------------------------------------------------

    def publish(
        self, kind: str, contents: Contents, *, visibility: str = "private"
    ) -> list[dict[str, Any]]:
        """Make components of one kind; what is public has a licence."""
        more = {"team": TEAM, "visibility": visibility}
        if visibility == "public":
            more["licence"] = "MIT"
        return [
            self._make(kind, name, content, more) for name, content in contents.items()
        ]

    def _make(
        self, kind: str, name: str, content: Any, more: dict[str, str]
    ) -> dict[str, Any]:
        if kind == "skill":
            runs = tuple(path for path in content if path.endswith(".sh"))
            files = [("files", (f"{name}.zip", packed(content, runs=runs)))]
            made = self.ask("POST", "/skills", data=more, files=files)
        else:
            body = {**more, "name": name, "content": content}
            made = self.ask("POST", f"/{kind}s", json=body)
        assert made["name"] == name
        found: dict[str, Any] = made
        return found

    def collect(
        self,
        name: str,
        components: Iterable[Mapping[str, Any]],
        *,
        title: str = "",
        description: str = "",
        visibility: str = "private",
    ) -> Collection:
        """Make a collection, and its first release."""
        body = {"team": TEAM, "name": name, "visibility": visibility}
        body |= {"title": title, "description": description}
        id_ = self.ask("POST", "/collections", json=body)["id"]
        return self.release(Collection(id_, name, 0, {}), components)

    def release(
        self, collection: Collection, components: Iterable[Mapping[str, Any]]
    ) -> Collection:
        """Set what a collection holds, and release it."""
        id_ = collection.id
        entries = [{"component_id": one["id"]} for one in components]
        body = {"entries": entries}
        self.ask("PUT", f"/collections/{id_}/entries", json=body, headers=ANY)
        place = f"/collections/{id_}/releases"
        made = self.ask("POST", place, json={"notes": "As it is."}, headers=ANY)
        names: dict[str, list[str]] = {}
        for entry in made["entries"]:
            names.setdefault(entry["kind"], []).append(entry["name"])
        found = {kind: sorted(several) for kind, several in names.items()}
        return Collection(id_, collection.name, made["number"], found)

    def collect_everything(self, name: str) -> Collection:
        """One of each thing in the stock, private: who has a token reads it."""
        made = [
            *self.publish("agent", stock.AGENTS),
            *self.publish("command", stock.COMMANDS),
            *self.publish("server", stock.SERVERS),
            *self.publish("skill", stock.SKILLS),
        ]
        title = "The “kit”: all of it"
        return self.collect(name, made, title=title, description=stock.DESCRIPTION)

    # --- taking out -------------------------------------------------------------

    def unpack(self, collection: Collection, target: str, folder: Path) -> Path:
        """Lay the newest release out for a tool, as its zip does."""
        place = f"/collections/{collection.id}/releases/{collection.number}/export"
        answer = self.api.get(place, params={"target": target})
        assert answer.is_success, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            archive.extractall(folder)
        return folder

    def preview(self, collection: Collection, target: str) -> dict[str, Any]:
        release = f"/collections/{collection.id}/releases/{collection.number}"
        place = f"{release}/targets/{target}"
        found: dict[str, Any] = self.ask("GET", place)
        return found


@contextmanager
def member_of(address: str) -> Generator[Registry]:
    """Make the first account of a server, its team, and a token that reads alone."""
    account = {"username": "ada", "password": PASSWORD}
    more = {"email": "ada@example.org", "setup_code": SETUP_CODE}
    with httpx.Client(base_url=f"{address}{API}", timeout=60, trust_env=False) as api:
        registry = Registry(address, api)
        registry.ask("POST", "/auth/register", json=account | more)
        signed = registry.ask("POST", "/auth/token", data=account)
        api.headers["Authorization"] = f"Bearer {signed['access_token']}"
        registry.ask("POST", "/teams", json={"slug": TEAM, "name": "The forge"})
        body = {"name": "Clients", "scopes": ["read"]}
        registry.token = registry.ask("POST", "/auth/tokens", json=body)["token"]
        yield registry


@contextmanager
def serving(folder: Path) -> Generator[str]:
    """Run a server on an empty database until the block ends; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(environment="test", data_dir=folder / "data")
    settings.data_dir.mkdir(parents=True)
    environment = environment_of(
        settings,
        ROSTER_PUBLIC_URL=address,
        ROSTER_PUBLIC_READ="true",
        ROSTER_RATE_LIMIT_PER_MINUTE="0",
        ROSTER_ACCESS_TOKEN_MINUTES="600",
    )
    with programs(folder) as run:
        server = run(roster("serve", "--port", str(port)), environment)
        _wait_for(f"{address}/health/ready", server)
        yield address


def _wait_for(url: str, server: Program) -> None:
    until = time.monotonic() + SECONDS
    while True:
        with suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).is_success:
                return
        assert time.monotonic() < until, server.said
        time.sleep(0.05)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file by its path, without what git keeps."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
