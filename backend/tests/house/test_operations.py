"""docs/operations.md names what is there: settings, commands, figures, alerts."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from roster.cli import app
from roster.core.metrics import ALL
from roster.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
TEXT = (DOCS / "operations.md").read_text()
CODE = re.findall(r"`([^`\n]+)`", TEXT)
COMPOSE = (ROOT / "docker-compose.yml").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_settings() -> None:
    named = {name.lower() for name in re.findall(r"\bROSTER_([A-Z_]+)\b", TEXT)}
    assert len(named) > 20
    assert named <= set(Settings.model_fields)


def test_targets_and_what_they_are_given() -> None:
    calls = [words for code in CODE if (words := code.split())[0] == "make"]
    assert calls
    for _, target, *given in calls:
        rule = re.search(rf"^{target}:.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
        assert rule is not None, target
        for pair in given:
            name = pair.split("=")[0]
            assert f"({name})" in rule[1], f"make {target} takes no {name}"


def commands() -> list[list[str]]:
    """Give the calls of `roster`, from its name on."""
    found = []
    for code in CODE:
        words = shlex.split(code)
        if "roster" in words and not code.startswith(("docker", "py-spy")):
            found.append(words[words.index("roster") + 1 :])
    return [words for words in found if words]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_commands_and_their_options(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        assert words[0] in command.commands, words[0]
        command = command.commands[words.pop(0)]
        command = getattr(command, "found", command)
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_figures() -> None:
    known = {metric._name for metric in ALL}
    counted = {f"{name}_total" for name in known}
    roles = {"roster_app", "roster_owner"}
    assert set(re.findall(r"\broster_[a-z_]+", TEXT)) <= known | counted | roles


def test_each_alert_has_its_paragraph_and_no_other() -> None:
    (group,) = yaml.safe_load((DOCS / "monitoring" / "alerts.yml").read_text())[
        "groups"
    ]
    alerts = [rule["alert"] for rule in group["rules"]]
    assert re.findall(r"^### (Roster\w+)$", TEXT, re.MULTILINE) == alerts
    named = set(re.findall(r"\bRoster[A-Z]\w+", TEXT))
    assert named <= set(alerts)


def test_files() -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXT)
    assert all((DOCS / link).exists() for link in links)
    tests = re.findall(r"`(tests/[\w/]+\.py)`", TEXT)
    assert all((ROOT / "backend" / name).exists() for name in tests)
    assert (ROOT / "backend" / "roster" / "blobs" / "storage.py").exists()
    assert (
        "class BlobStore"
        in (ROOT / "backend" / "roster" / "blobs" / "storage.py").read_text()
    )


def test_services_and_variables_of_the_compose_file() -> None:
    services = set(yaml.safe_load(COMPOSE)["services"])
    for code in CODE:
        if scaled := re.search(r"--scale (\w+)=", code):
            assert scaled[1] in services
        if code.startswith("docker compose up -d "):
            assert code.split()[-1] in services
    for name in ("DOMAIN", "HOST", "PORT", "HTTPS_PORT", "PROXIES"):
        assert re.search(rf"`{name}=", TEXT)
        assert f"${{{name}:-" in COMPOSE
    drain = re.search(r"\((\d) in compose\)", TEXT)
    assert drain is not None
    assert f'ROSTER_DRAIN_SECONDS: "{drain[1]}"' in COMPOSE
