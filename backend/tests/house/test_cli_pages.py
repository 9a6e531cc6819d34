"""docs/cli.md and docs/ci.md name every command, option and exit code, and no other."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from roster.cli import USE, Commands, app
from roster.client.exits import Exit

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "cli.md").read_text()
CI = (DOCS / "ci.md").read_text()


def calls(text: str) -> list[list[str]]:
    """Give the calls of `roster` in code blocks, from its name on."""
    found = []
    for block in re.findall(r"```(?:sh|yaml)\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            plain = line.split(" # ")[0].strip().removeprefix("- ")
            plain = plain.removeprefix("run: ").removesuffix("|| true").strip()
            if plain.startswith("roster "):
                found.append(shlex.split(plain)[1:])
    return found


@pytest.mark.parametrize("words", [*calls(PAGE), *calls(CI)], ids=" ".join)
def test_what_they_show_is_there(words: list[str]) -> None:
    group: Any = typer.main.get_command(app)
    options = {option for one in group.params for option in one.opts}
    name, *rest = words
    if not name.startswith("-"):
        command = group.commands[name].found
        options = {option for one in command.params for option in one.opts}
    else:
        rest = words
    assert {word for word in rest if word.startswith("-")} <= options


def test_every_command_has_its_example() -> None:
    shown = {words[0] for words in calls(PAGE)}
    used = {name for name, place in Commands.places.items() if place.panel == USE}
    assert used <= shown


def test_every_option_is_named_somewhere() -> None:
    group: Any = typer.main.get_command(app)
    missing = []
    for name, place in Commands.places.items():
        if place.panel != USE:
            continue
        for one in group.commands[name].found.params:
            longest = max(one.opts, key=len)
            if longest.startswith("--") and longest not in PAGE:
                missing.append(f"{name} {longest}")
    assert not missing


def test_exit_codes() -> None:
    rows = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert [int(row) for row in rows] == [code.value for code in Exit]


def test_recipes_are_yaml() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", CI, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        assert isinstance(yaml.safe_load(block), dict)
