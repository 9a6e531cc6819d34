"""An instance that really listens, and the real git to ask it."""

import os
import subprocess
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import pytest

from tests.clients.conftest import Serve, serve
from tests.components.conftest import agent_file
from tests.components.skills import FILES, packed, skill_file
from tests.conftest import PASSWORD, SETUP_CODE

__all__ = ["serve"]

ANY = {"If-Match": "*"}
PATIENCE = 60


@dataclass
class Person:
    """Somebody who is signed in, and makes collections."""

    name: str
    api: httpx.Client
    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sign_up(cls, address: str, name: str, **more: str) -> Self:
        api = httpx.Client(
            base_url=f"{address}/api/v1", timeout=PATIENCE, trust_env=False
        )
        account = {"username": name, "password": PASSWORD}
        body = {**account, "email": f"{name}@example.org", **more}
        answered(api.post("/auth/register", json=body))
        token = answered(api.post("/auth/token", data=account))["access_token"]
        api.headers["Authorization"] = f"Bearer {token}"
        return cls(name, api)

    @property
    def access(self) -> str:
        return self.api.headers["Authorization"].removeprefix("Bearer ")

    def token(self, *scopes: str, **more: Any) -> str:
        body = {"name": "Laptop", "scopes": scopes or ["read"], **more}
        token: str = answered(self.api.post("/auth/tokens", json=body))["token"]
        return token

    def agent(self, name: str, body: str = "You help.\n", **more: str) -> str:
        content = agent_file(name, body=body)
        made = self.api.post(
            "/agents", json={"team": self.name, "content": content, **more}
        )
        id_: str = answered(made)["id"]
        return id_

    def skill(self, name: str, runs: tuple[str, ...] = (), **more: str) -> str:
        data = packed({**FILES, "SKILL.md": skill_file(name)}, runs=runs)
        made = self.api.post(
            "/skills",
            data={"team": self.name, **more},
            files={"files": (f"{name}.zip", data)},
        )
        id_: str = answered(made)["id"]
        return id_

    def publish(self, component: str, content: str) -> None:
        url = f"/components/{component}"
        present = self.api.get(url)
        tag = {"If-Match": present.headers["etag"]}
        answered(
            self.api.post(f"{url}/revisions", json={"content": content}, headers=tag)
        )

    def collect(self, name: str, *components: str, **more: str) -> str:
        body = {"team": self.name, "name": name, **more}
        id_: str = answered(self.api.post("/collections", json=body))["id"]
        self.put(id_, *components)
        return id_

    def put(self, collection: str, *components: str) -> None:
        entries = [{"component_id": one} for one in components]
        url = f"/collections/{collection}/entries"
        answered(self.api.put(url, json={"entries": entries}, headers=ANY))

    def release(self, collection: str, notes: str = "") -> None:
        url = f"/collections/{collection}/releases"
        answered(self.api.post(url, json={"notes": notes}, headers=ANY))


def answered(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    said: str


@dataclass(frozen=True)
class Git:
    """The program, in a home of its own."""

    home: Path
    address: str
    token: str | None = None

    def signed_in(self, token: str | None) -> Self:
        return replace(self, token=token)

    def url(self, name: str) -> str:
        parts = urlsplit(f"{self.address}/git/{name}.git")
        if self.token is not None:
            parts = parts._replace(netloc=f"any:{self.token}@{parts.netloc}")
        return parts.geturl()

    def run(self, *arguments: str | Path, cwd: Path | None = None) -> Ran:
        done = subprocess.run(  # noqa: S603 - what tests ask
            ["git", *map(str, arguments)],  # noqa: S607 - that of the machine
            cwd=cwd or self.home,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_TERMINAL_PROMPT": "0",
                "LC_ALL": "C",
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def do(self, *arguments: str | Path, cwd: Path | None = None) -> str:
        """Run it; it must succeed. Gives what it prints."""
        ran = self.run(*arguments, cwd=cwd)
        assert ran.code == 0, ran.said
        return ran.out.strip()

    def clone(self, name: str, *options: str, to: str = "clone") -> Path:
        folder = self.home / to
        self.do("clone", "--quiet", *options, self.url(name), folder)
        self.check(folder)
        return folder

    def check(self, folder: Path) -> None:
        """Git finds nothing wrong with what it was sent."""
        ran = self.run("fsck", "--full", "--strict", "--no-dangling", cwd=folder)
        assert (ran.code, ran.out.strip()) == (0, ""), ran


def subjects(git: Git, folder: Path, of: str = "HEAD") -> list[str]:
    """What the commits say, the newest first."""
    return git.do("log", "--format=%s", of, cwd=folder).splitlines()


@pytest.fixture
def ada(address: str) -> Generator[Person]:
    person = Person.sign_up(address, "ada", setup_code=SETUP_CODE)
    yield person
    person.api.close()


@pytest.fixture
def bob(address: str, ada: Person) -> Generator[Person]:
    assert ada.name == "ada"  # the first one sets the instance up
    person = Person.sign_up(address, "bob")
    yield person
    person.api.close()


@pytest.fixture
def address(serve: Serve) -> str:
    return serve()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def nobody(home: Path, address: str) -> Git:
    """Git without credentials."""
    return Git(home, address)


@pytest.fixture
def git(nobody: Git, ada: Person) -> Git:
    return nobody.signed_in(ada.token("read"))


@pytest.fixture
def kit(ada: Person) -> str:
    """A collection of two agents with one release."""
    made = ada.collect("kit", ada.agent("lead"), ada.agent("helper"))
    ada.release(made, "The first one.")
    return made
