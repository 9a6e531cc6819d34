"""What GitHub and editors read: workflows, updates of packages, the dev container."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text()


def read(path: Path) -> dict[str, Any]:
    # All of it as text: `on` would be read as true.
    found: dict[str, Any] = yaml.load(path.read_text(), yaml.BaseLoader)  # noqa: S506 - makes text alone
    return found


def jobs() -> dict[str, dict[str, Any]]:
    return {
        f"{path.name}: {name}": job
        for path in WORKFLOWS
        for name, job in read(path)["jobs"].items()
    }


JOBS = jobs()


def steps_of(job: dict[str, Any]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = job["steps"]
    return steps


def test_the_workflows_are_those_that_are_known() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "security.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_one(path: Path) -> None:
    workflow = read(path)
    assert {"name", "on", "permissions", "jobs"} <= set(workflow)
    # Nothing runs with the rights of this repository on the code of another one.
    assert "pull_request_target" not in workflow["on"]
    assert workflow["permissions"] in ({"contents": "read"}, "", {})


@pytest.mark.parametrize("name", JOBS)
def test_a_job_may_only_read_and_ends(name: str) -> None:
    job = JOBS[name]
    assert job["runs-on"] == "ubuntu-24.04"
    assert int(job["timeout-minutes"]) <= 60
    assert job.get("permissions", {"contents": "read"}) == {"contents": "read"}
    for step in steps_of(job):
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            # A tag could be moved to other code.
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", step["uses"])
        # What others wrote is no part of a command.
        assert "${{" not in step.get("run", "")
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


def test_an_action_is_pinned_to_one_version_everywhere() -> None:
    texts = "".join(path.read_text() for path in WORKFLOWS)
    pins = set(re.findall(r"uses: (\S+)@(\S+) # (v[\d.]+)$", texts, re.MULTILINE))
    assert len(pins) == len({name for name, _, _ in pins})
    assert texts.count("uses: ") == len(
        re.findall(r"uses: \S+@\S+ # v\d+\.\d+\.\d+$", texts, re.MULTILINE)
    )


def test_a_scan_looks_at_packages_and_for_secrets() -> None:
    commands = {
        name: " ".join(step.get("run", "") for step in steps_of(job))
        for name, job in JOBS.items()
        if name.startswith("security.yml")
    }
    assert "--requirement backend/requirements.lock" in commands["security.yml: python"]
    assert "npm audit --omit=dev" in commands["security.yml: node"]
    secrets = commands["security.yml: secrets"]
    assert re.search(r"gitleaks:v[\d.]+@sha256:[0-9a-f]{64} git ", secrets)
    assert "schedule" in read(ROOT / ".github" / "workflows" / "security.yml")["on"]
    # The rules on the code are those of the linter.
    linter = tomllib.loads((ROOT / "backend" / "pyproject.toml").read_text())
    assert linter["tool"]["ruff"]["lint"]["select"] == ["ALL"]


def test_the_scan_for_secrets_leaves_out_what_is_made_up() -> None:
    rules = tomllib.loads((ROOT / ".gitleaks.toml").read_text())
    assert rules["extend"] == {"useDefault": True}
    [allowed] = rules["allowlists"]
    for pattern in allowed["paths"]:
        assert not re.search(pattern, "backend/roster/main.py")


def test_updates_are_asked_for_where_there_are_packages() -> None:
    config = read(ROOT / ".github" / "dependabot.yml")
    assert config["version"] == "2"
    marks = {
        "github-actions": ".github/workflows/ci.yml",
        "npm": "package-lock.json",
        "docker": "Dockerfile",
        "docker-compose": "docker-compose.yml",
        "devcontainers": ".devcontainer/devcontainer.json",
    }
    asked = set()
    for update in config["updates"]:
        name, folder = update["package-ecosystem"], update["directory"]
        assert (ROOT / folder.lstrip("/") / marks[name]).exists()
        assert update["schedule"]["interval"] in {"weekly", "monthly"}
        asked.add((name, folder))
    for place in ("backend", "frontend"):
        assert ("docker", f"/{place}") in asked
    assert ("npm", "/frontend") in asked
    # The Python locks are another matter: they are compiled here.
    security = (ROOT / ".github" / "workflows" / "security.yml").read_text()
    assert "make lock UPGRADE=1" in security
    assert "$(if $(UPGRADE),--upgrade)" in MAKEFILE


def test_the_dev_container_prepares_by_a_target() -> None:
    config = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    target = config["postCreateCommand"].removeprefix("make ")
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
    assert config["remoteUser"] != "root"
    assert config["forwardPorts"] == [8000, 5173]
    image = (ROOT / "backend" / "Dockerfile").read_text()
    version = re.search(r"FROM python:(\d\.\d+)", image)
    assert version is not None
    assert f"python:{version[1]}-" in config["image"]
