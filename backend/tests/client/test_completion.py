"""Shells complete commands, targets, and what this folder pulled or locked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from roster.client import completing
from roster.client.trees.state import State, place_of
from roster.exports.targets.registry import TARGETS
from tests.client.conftest import ROOT, Cli

STATE = State("https://roster.example", "ada", "kit", "codex", 3, "digest")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder into which something was pulled, with a lock of something else."""
    place = place_of(tmp_path, STATE.key)
    place.parent.mkdir()
    place.write_text(STATE.text())
    entries = [
        {"kind": "agent", "name": "ada/one", "number": 2},
        {"kind": "skill", "name": "sea/two", "number": 5},
    ]
    lock = {"collection": "sea/set", "release": 1, "lock": {"entries": entries}}
    (tmp_path / "roster.lock").write_text(json.dumps(lock))
    return tmp_path


def completed(folder: Path, line: str) -> list[str]:
    """What bash is given for a line, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "roster"],
        cwd=folder,
        env={
            "PYTHONPATH": str(ROOT),
            "_ROSTER_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(line.count(" ")),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("roster pu", ["pull", "push"]),
        ("roster pull --dry", ["--dry-run"]),
        ("roster pull --target co", ["copilot", "codex"]),
        ("roster pull ", ["ada/kit", "sea/set"]),
        ("roster diff ada/kit@", ["ada/kit@3", "ada/kit@latest"]),
        ("roster show agent:", ["agent:ada/one"]),
        ("roster show sea/two@", ["sea/two@5", "sea/two@latest"]),
        ("roster completion f", ["fish"]),
    ],
)
def test_what_bash_completes(here: Path, line: str, found: list[str]) -> None:
    assert completed(here, line) == found


def test_nothing_is_completed_from_what_cannot_be_read(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    for path in (place_of(here, STATE.key), here / "roster.lock"):
        path.write_text("[]")
    assert completing.anything("") == []
    monkeypatch.chdir(here.parent)
    assert completing.collections("") == []


def test_all_targets_of_this_version_are_completed() -> None:
    assert list(completing.TARGETS) == list(TARGETS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(cli: Cli, shell: str) -> None:
    script = cli.run("completion", shell)
    assert script.exit_code == 0
    assert f"_ROSTER_COMPLETE=complete_{shell}" in script.stdout


def test_an_unknown_shell(cli: Cli) -> None:
    assert cli.run("completion", "tcsh").exit_code == 2
