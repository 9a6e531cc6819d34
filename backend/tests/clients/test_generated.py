"""A third party's day: a client made from the OpenAPI document, and nothing else."""

import importlib
import io
import json
import pkgutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from roster.main import create_app
from roster.settings import Settings
from tests.clients.conftest import DoJobs
from tests.components.conftest import agent_file
from tests.conftest import PASSWORD, SETUP_CODE

PACKAGE = "roster_client"
OPTIONS = {
    "post_hooks": [],  # by default it formats with the ruff on PATH
    "content_type_overrides": {"application/zip": "application/octet-stream"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Generate the client; anything that the generator does not understand fails."""
    folder = tmp_path_factory.mktemp("generated")
    settings = Settings(environment="test", data_dir=folder / "data")
    document, options = folder / "openapi.json", folder / "options.json"
    document.write_text(json.dumps(create_app(settings).openapi()))
    options.write_text(json.dumps(OPTIONS))
    made = subprocess.run(  # noqa: S603 - a tool of the lock file
        [
            *(sys.executable, "-m", "openapi_python_client", "generate"),
            *("--path", document, "--config", options, "--meta", "none"),
            *("--output-path", folder / PACKAGE, "--fail-on-warning"),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return imported(folder)


def imported(folder: Path) -> ModuleType:
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(PACKAGE)
        for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
            importlib.import_module(module.name)
    finally:
        sys.path.remove(str(folder))
    return package


class ThirdParty:
    """Calls operations by the names that the document gives them."""

    def __init__(self, package: ModuleType, address: str) -> None:
        self.models: Any = importlib.import_module(f"{package.__name__}.models")
        self.types: Any = importlib.import_module(f"{package.__name__}.types")
        self._package: Any = package
        self._options: dict[str, Any] = {
            "base_url": address,
            "raise_on_unexpected_status": True,
        }
        self._client = self._package.Client(**self._options)

    def close(self) -> None:
        self._client.get_httpx_client().close()

    def call(self, tag: str, operation: str, *path: Any, **arguments: Any) -> Any:
        name = f"{self._package.__name__}.api.{tag}.{operation}"
        module = importlib.import_module(name)
        return module.sync_detailed(*path, client=self._client, **arguments)

    def sign_in(self, username: str) -> None:
        grant = self.models.PasswordGrant(username=username, password=PASSWORD)
        token = self.call("auth", "sign_in", body=grant).parsed
        self.close()
        assert isinstance(token, self.models.Token)
        self._client = self._package.AuthenticatedClient(
            token=token.access_token, **self._options
        )

    def create(self, name: str) -> Any:
        body = self.models.ComponentCreate(team="ada", content=agent_file(name))
        answer = self.call("agents", "create_agent", body=body)
        assert answer.status_code == 201
        assert answer.headers["location"].endswith(f"/agents/{answer.parsed.id}")
        return answer.parsed

    def publish(self, agent: Any, body: str, etag: str) -> Any:
        content = agent_file(agent.name, body=body)
        return self.call(
            "revisions",
            "publish_revision",
            agent.id,
            body=self.models.RevisionCreate(content=content),
            if_match=etag,
        )

    def refused(self, answer: Any, status: int, kind: str) -> Any:
        """The answer is a problem, in the shape that the document promises."""
        assert answer.status_code == status
        assert isinstance(answer.parsed, self.models.ProblemDocument)
        assert answer.parsed.status == status
        assert answer.parsed.type_ == f"/problems/{kind}"
        assert answer.parsed.request_id == answer.headers["x-request-id"]
        return answer.parsed


@pytest.fixture
def stranger(package: ModuleType, address: str) -> Generator[ThirdParty]:
    with closing(ThirdParty(package, address)) as party:
        yield party


@pytest.fixture
def ada(package: ModuleType, address: str) -> Generator[ThirdParty]:
    with closing(ThirdParty(package, address)) as party:
        register(party)
        yield party


def register(party: ThirdParty) -> None:
    account = party.models.UserCreate(
        username="ada",
        email="ada@example.org",
        password=PASSWORD,
        setup_code=SETUP_CODE,
    )
    assert party.call("auth", "register", body=account).status_code == 201
    party.sign_in("ada")


def test_list_and_page_through(ada: ThirdParty) -> None:
    names = [f"agent-{number}" for number in range(5)]
    for name in names:
        ada.create(name)

    seen, cursor = [], ada.types.UNSET
    for _page in range(3):
        page = ada.call(
            "agents", "list_agents", sort="name", limit=2, cursor=cursor, count=True
        ).parsed
        assert page.total == len(names)
        seen += [item.name for item in page.items]
        cursor = page.next_cursor
    assert cursor is None
    assert seen == names


def test_read_publish_and_meet_another_edit(ada: ThirdParty) -> None:
    made = ada.create("reviewer")

    read = ada.call("agents", "read_agent", made.id)
    etag = read.headers["etag"]
    assert read.parsed.content == agent_file("reviewer")
    again = ada.call("agents", "read_agent", made.id, if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")

    published = ada.publish(made, "Second.\n", etag)
    assert published.parsed.number == 2
    assert published.headers["location"].endswith("/revisions/2")
    ada.refused(ada.publish(made, "Third.\n", etag), 412, "stale")
    unset = ada.types.UNSET
    ada.refused(ada.publish(made, "Third.\n", unset), 428, "precondition-required")
    digest = f'"{published.parsed.digest}"'
    ada.refused(ada.publish(made, "Second.\n", digest), 409, "unchanged")

    fresh = ada.call("agents", "read_agent", made.id, if_none_match=etag)
    assert fresh.status_code == 200
    assert fresh.parsed.latest.number == 2
    assert ada.publish(made, "Third.\n", fresh.headers["etag"]).parsed.number == 3


def test_problems_are_of_the_declared_model(
    ada: ThirdParty, stranger: ThirdParty
) -> None:
    wrong = ada.models.ComponentCreate(team="ada", content="no front matter")
    problem = ada.refused(
        ada.call("agents", "create_agent", body=wrong), 422, "invalid"
    )
    assert {error.loc for error in problem.errors} == {"content"}

    wrong = ada.models.UserCreate(username="A b", email="x", password="short")
    problem = ada.refused(ada.call("auth", "register", body=wrong), 422, "invalid")
    assert [error.loc for error in problem.errors] == ["username", "email", "password"]

    unknown = "019a7c1e-3a52-7cc1-b2f4-5d3a6f0e8b11"
    ada.refused(ada.call("agents", "read_agent", unknown), 404, "not-found")
    ada.refused(stranger.call("agents", "list_agents"), 401, "not-signed-in")
    grant = ada.models.PasswordGrant(username="ada", password="wrong password")
    answer = stranger.call("auth", "sign_in", body=grant)
    ada.refused(answer, 401, "wrong-credentials")


def test_send_files_and_take_them_out(ada: ThirdParty, do_jobs: DoJobs) -> None:
    content = agent_file("greeter").encode()
    file = ada.types.File(io.BytesIO(content), "agents/greeter.md", "text/markdown")
    body = ada.models.CreateImportBody(team="ada", files=[file])
    begun = ada.call("imports", "create_import", body=body).parsed
    assert begun.state == "reading"
    do_jobs()
    made = ada.call("imports", "read_import", begun.id).parsed
    assert (made.counts.new, made.state) == (1, "preview")

    files = ada.call("imports", "list_import_files", made.id).parsed
    assert [file.path for file in files.items] == ["agents/greeter.md"]
    body = ada.models.ApplyRequest()
    ada.call("imports", "apply_import", made.id, body=body, if_match=made.etag)
    do_jobs()
    applied = ada.call("imports", "read_import", made.id).parsed
    assert (applied.state, applied.results.created) == ("applied", 1)

    agents = ada.call("agents", "list_agents", ref=["agent:ada/greeter"]).parsed
    chosen = ada.models.ExportRequest(components=[agents.items[0].id])
    archive = ada.call("exports", "create_export", body=chosen)
    assert archive.headers["content-type"] == "application/zip"
    assert archive.content.startswith(b"PK\x03\x04")
    assert archive.parsed.payload.getvalue() == archive.content
