"""The files for containers, read as strictly as their own tools read them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from pydantic import SecretStr

from roster.jobs.models import Queue
from roster.ops.spa import content_security_policy
from roster.serve import SHUTDOWN_SECONDS
from roster.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text()
DOCKERFILES = ["backend/Dockerfile", "frontend/Dockerfile"]
WEB = ROOT / "frontend" / "web"


class MissingVariableError(Exception):
    pass


PASSWORDS = {"POSTGRES_PASSWORD": "x1", "POSTGRES_APP_PASSWORD": "x2"}


def interpolate(text: str, **given: str) -> str:
    """Put variables in as Compose does, for the two forms that we use."""

    def value(match: re.Match[str]) -> str:
        name, form, rest = match.groups()
        if given.get(name):
            return given[name]
        if form == ":?":
            raise MissingVariableError(rest)
        return rest

    return re.sub(r"\$\{(\w+)(:[?-])([^}]*)\}", value, text)


@pytest.fixture
def services() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(interpolate(TEXT, **PASSWORDS))
    found: dict[str, Any] = read["services"]
    return found


def fragments(text: str) -> str:
    """Put the parts in that are written once and meant in several places."""
    return json.dumps(yaml.safe_load(text))


def test_it_keeps_to_the_compose_specification() -> None:
    read = PyCompose.from_yaml(fragments(interpolate(TEXT, **PASSWORDS)))
    read.validate()
    assert read.to_spec().services is not None
    assert set(read.service_names()) == {
        "db",
        "redis",
        "api-a",
        "api-b",
        "worker",
        "importer",
        "web",
        "mail",
    }


def test_a_wrong_key_would_be_noticed() -> None:
    text = fragments(interpolate(TEXT, **PASSWORDS))
    with pytest.raises(ValueError, match="depend_on"):
        PyCompose.from_yaml(text.replace("depends_on", "depend_on", 1))


def test_without_a_password_it_says_what_to_do() -> None:
    for name in PASSWORDS:
        others = {other: "x" for other in PASSWORDS if other != name}
        with pytest.raises(MissingVariableError, match=rf"{name}=… into \.env"):
            interpolate(TEXT, **others)


def test_nothing_starts_before_what_it_needs_is_healthy(
    services: dict[str, Any],
) -> None:
    healthy = {"condition": "service_healthy"}
    stores = {"db": healthy, "redis": healthy}
    assert services["api-a"]["depends_on"] == stores
    # One after the other, at each new version.
    assert services["api-b"]["depends_on"] == {**stores, "api-a": healthy}
    assert services["web"]["depends_on"] == {"api-a": healthy, "api-b": healthy}
    for name in ("worker", "importer"):
        assert services[name]["depends_on"] == {"api-a": healthy, "redis": healthy}
    assert services["db"]["healthcheck"]["test"]
    assert services["redis"]["healthcheck"]["test"]


def test_only_pages_can_be_reached_and_only_from_this_machine(
    services: dict[str, Any],
) -> None:
    ports = {name: services[name].get("ports", []) for name in services}
    assert ports == {
        "db": [],
        "redis": [],
        "api-a": [],
        "api-b": [],
        "worker": [],
        "importer": [],
        "web": ["127.0.0.1:8000:8080", "127.0.0.1:8443:8443"],
        "mail": ["127.0.0.1:8025:8025"],
    }


def test_the_mailbox_for_trying_is_only_there_when_it_is_asked_for(
    services: dict[str, Any],
) -> None:
    assert services["mail"]["profiles"] == ["mail"]
    assert re.fullmatch(r"axllent/mailpit:v\d+\.\d+\.\d+", services["mail"]["image"])
    # The address in the comment at the top is one that the settings take.
    address = re.search(r"ROSTER_SMTP_URL=(\S+)\"", TEXT)
    assert address is not None
    taken = Settings(smtp_url=SecretStr(address[1]), public_url="http://r.test")
    assert taken.smtp_url is not None


def test_volumes_are_declared(services: dict[str, Any]) -> None:
    declared = set(yaml.safe_load(TEXT)["volumes"])
    used = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
    }
    files = {place for place in used if place.startswith("./")}
    assert used - files == declared
    assert all((ROOT / place).is_file() for place in files)


def test_its_settings_are_settings(services: dict[str, Any]) -> None:
    given = {
        name.removeprefix("ROSTER_").lower(): value
        for name, value in services["api-a"]["environment"].items()
    }
    assert set(given) <= set(Settings.model_fields)
    settings = Settings(**given)
    assert settings.database == "postgresql+asyncpg://roster_app:x2@db:5432/roster"
    owner = "postgresql+asyncpg://roster:x1@db:5432/roster"
    assert settings.migration_database == owner
    roles = (ROOT / "backend" / "postgres" / "roles.sql").read_text()
    assert "CREATE ROLE roster_app LOGIN PASSWORD :'password'" in roles


def test_workers_take_the_jobs_of_every_queue(services: dict[str, Any]) -> None:
    queues: list[str] = []
    for name in ("worker", "importer"):
        command = services[name]["command"]
        assert command[:4] == ["python", "-m", "roster", "worker"]
        queues += command[command.index("--queues") + 1].split(",")
        # They use the keys and the files of those who serve.
        assert services[name]["volumes"] == services["api-a"]["volumes"]
        given = services[name]["environment"]
        assert given.items() <= services["api-a"]["environment"].items()
    assert sorted(queues) == sorted(Queue)


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_is_built_in_stages_and_has_a_health_check(name: str) -> None:
    text = (ROOT / name).read_text()
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) == 2
    assert "\nHEALTHCHECK " in text
    assert not re.search(r"^FROM \S+:latest|^FROM [^:\s]+$", text, re.MULTILINE)


def test_nothing_runs_as_root(services: dict[str, Any]) -> None:
    assert services["db"]["user"] == "postgres"
    assert services["redis"]["user"] == "redis"
    assert services["mail"]["user"] == "10002:10002"
    assert re.search(r"^USER 10001$", (ROOT / DOCKERFILES[0]).read_text(), re.MULTILINE)
    assert re.search(
        r"^USER 10003:10003$", (ROOT / DOCKERFILES[1]).read_text(), re.MULTILINE
    )
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"]
        if name != "db":
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
    added = {name for name in services if "cap_add" in services[name]}
    assert added == {"web"}


def test_images_are_built_from_lock_files() -> None:
    assert "--require-hashes" in (ROOT / DOCKERFILES[0]).read_text()
    assert "npm ci" in (ROOT / DOCKERFILES[1]).read_text()


@pytest.mark.parametrize("name", DOCKERFILES)
def test_what_an_image_copies_exists_and_is_let_in(name: str) -> None:
    allowed = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    assert all((ROOT / path).exists() for path in allowed)
    copied = re.findall(
        r"^COPY ((?:backend|frontend)\S*(?: frontend/\S+)*)",
        (ROOT / name).read_text(),
        re.MULTILINE,
    )
    for path in " ".join(copied).split():
        assert (ROOT / path).exists()
        assert any(
            f"{path}/".startswith(f"{entry}/") or entry.startswith(f"{path}/")
            for entry in allowed
        )


def test_the_api_has_time_to_end(services: dict[str, Any]) -> None:
    drain = float(services["api-a"]["environment"]["ROSTER_DRAIN_SECONDS"])
    for name in ("api-a", "api-b", "worker", "importer"):
        given = float(services[name]["stop_grace_period"].removesuffix("s"))
        assert given > drain + SHUTDOWN_SECONDS


@pytest.fixture(scope="module")
def adapted() -> dict[str, Any]:
    """The Caddyfile as Caddy reads it, where a domain is named."""
    caddy = str(Path(sys.executable).with_name("caddy"))
    done = subprocess.run(  # noqa: S603 - Caddy, with a file of ours
        [caddy, "adapt", "--config", "Caddyfile", "--validate"],
        cwd=WEB,
        env={**os.environ, "ROSTER_SITE": "roster.example.org"},
        capture_output=True,
        check=True,
        text=True,
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_a_domain_is_served_over_https(adapted: dict[str, Any]) -> None:
    servers = adapted["apps"]["http"]["servers"].values()
    [site] = [server for server in servers if server["listen"] == [":8443"]]
    assert site["routes"][0]["match"] == [{"host": ["roster.example.org"]}]
    assert adapted["apps"]["http"]["http_port"] == 8080
    assert adapted["admin"]["disabled"] is True


def test_only_what_changes_nothing_is_sent_twice(adapted: dict[str, Any]) -> None:
    [proxy] = list(found(adapted, "reverse_proxy"))
    balancing = proxy["load_balancing"]
    assert balancing["retry_match"] == [{"method": ["GET", "HEAD", "OPTIONS"]}]
    assert proxy["health_checks"]["active"]["uri"] == "/health/live"
    # The services, at the port that their image serves at.
    assert [upstream["dial"] for upstream in proxy["upstreams"]] == [
        "api-a:8000",
        "api-b:8000",
    ]
    assert "EXPOSE 8000" in (ROOT / DOCKERFILES[0]).read_text()


def test_uploads_are_let_through_to_where_they_are_judged(
    adapted: dict[str, Any],
) -> None:
    [body] = list(found(adapted, "request_body"))
    assert body["max_size"] > Settings().upload_bytes


def found(tree: Any, handler: str) -> Iterator[dict[str, Any]]:
    """Give the handlers of one name, wherever they stand."""
    if isinstance(tree, dict):
        if tree.get("handler") == handler:
            yield tree
        for part in tree.values():
            yield from found(part, handler)
    elif isinstance(tree, list):
        for part in tree:
            yield from found(part, handler)


def test_both_servers_send_the_same_policy(adapted: dict[str, Any]) -> None:
    policies = {
        policy
        for headers in found(adapted, "headers")
        for policy in headers.get("response", {})
        .get("set", {})
        .get("Content-Security-Policy", [])
    }
    alone = {policy.replace("'self' ;", "'self';") for policy in policies}
    assert alone == {content_security_policy("{http.request.uuid}")}
