"""A Roster that listens, with a collection in it, and the command line beside it."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from roster.cli import app
from tests.client.instances import Instance, running

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def instance(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Instance]:
    """One for all tests of a file, which only add to it."""
    with running(sqlite_template, tmp_path_factory.mktemp("instance")) as found:
        yield found


@dataclass
class Cli:
    """`roster`, in this process, with an environment of its own."""

    env: dict[str, str]
    home: Path

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        words = [str(word) for word in arguments]
        with pytest.MonkeyPatch.context() as patch:
            for name in list(os.environ):
                if name.startswith("ROSTER_") or name.lower().endswith("_proxy"):
                    patch.delenv(name)
            return CliRunner().invoke(app, words, input=stdin, env=self.env)

    def json(self, *arguments: str, code: int = 0) -> Any:
        result = self.run(*arguments, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def start(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        """Start a process of its own."""
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "roster", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **self.env, **changes},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def cli(instance: Instance, tmp_path: Path) -> Cli:
    """Of somebody who signed in."""
    home = tmp_path / "home"
    env = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "ROSTER_NO_KEYRING": "1",
        "ROSTER_URL": instance.address,
        "ROSTER_TOKEN": instance.token,
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    return Cli(env, home)


@pytest.fixture
def stranger(cli: Cli) -> Cli:
    """Of somebody who did not."""
    env = {k: v for k, v in cli.env.items() if k not in {"ROSTER_URL", "ROSTER_TOKEN"}}
    return Cli(env, cli.home)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project."""
    place = tmp_path / "project"
    place.mkdir()
    return place


@pytest.fixture
def http(instance: Instance) -> Generator[httpx.Client]:
    """Somebody who does in the app what a test needs."""
    headers = {"Authorization": f"Bearer {instance.token}"}
    with httpx.Client(base_url=f"{instance.address}/api/v1", headers=headers) as client:
        yield client
