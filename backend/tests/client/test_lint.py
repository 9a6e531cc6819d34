"""`roster lint`: what the server would say, without one."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from roster.client.config.instances import Chosen
from roster.client.http.api import Api
from roster.client.http.pools import Trust
from roster.client.registry.importing import Importing
from roster.client.saying import Say
from roster.lint.rules import RULES
from tests.client.conftest import Cli
from tests.client.instances import SERVER, Instance, agent

BROKEN = "---\nname: critic\ndescription: Use it: always.\n---\nRead.\n"
LEAK = SERVER.replace("${TICKETS_TOKEN}", "ghp_" + "a1B2" * 9) % "tickets"
FILES = {
    ".claude/agents/critic.md": BROKEN,
    ".claude/agents/good.md": agent("good"),
    ".claude/skills/notes/SKILL.md": (
        "---\nname: notes\ndescription: Writes notes.\n---\nSee references/style.md.\n"
    ),
    ".claude/skills/notes/references/style.md": "Be\u200b brief.\n",
    ".github/agents/helper.agent.md": (
        "---\nname: helper\ndescription: Helps.\ntools: ['edit']\n---\nHelp.\n"
    ),
    ".codex/agents/odd.toml": "developer_instructions = ",
    ".mcp.json": LEAK,
    "README.md": "# A project\n",
    "node_modules/x/agents/y.md": BROKEN,
}
LOCATION = {
    "type": "object",
    "required": ["artifactLocation", "region"],
    "properties": {
        "artifactLocation": {
            "type": "object",
            "required": ["uri"],
            "properties": {"uri": {"type": "string", "pattern": "^[^/ ][^ ]*$"}},
        },
        "region": {
            "type": "object",
            "required": ["startLine"],
            "additionalProperties": False,
            "properties": {
                name: {"type": "integer", "minimum": 1}
                for name in ("startLine", "startColumn", "endLine", "endColumn")
            },
        },
    },
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
# What the standard asks of the parts that are used, in its own words.
SARIF = {
    "type": "object",
    "required": ["version", "runs", "$schema"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "shortDescription": TEXT,
                                                "help": TEXT,
                                                "defaultConfiguration": {
                                                    "properties": {"level": LEVEL}
                                                },
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message", "ruleId", "locations"],
                            "properties": {
                                "message": TEXT,
                                "level": LEVEL,
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "properties": {"physicalLocation": LOCATION},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture
def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in FILES.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    monkeypatch.chdir(folder)
    return folder


def report(cli: Cli, *words: str, code: int = 1) -> Any:
    result = cli.run("lint", "--format", "json", *words)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def rules(found: Any) -> dict[str, set[str]]:
    return {
        file["path"]: {one["rule"] for one in file["findings"]}
        for file in found["files"]
        if file["findings"]
    }


def test_it_says_what_the_server_says(
    project: Path, cli: Cli, instance: Instance
) -> None:
    found = rules(report(cli))
    work = Importing(Api(Chosen(instance.address, instance.token, ""), Trust()), Say())
    work.upload(project, "ada")
    said = {
        file["path"].partition("#")[0]: set(file["rules"])
        for file in work.files()
        if file["outcome"] not in {"left_aside", "refused"}
    }
    work.discard()
    assert said.keys() == {
        ".claude/agents/critic.md",
        ".claude/agents/good.md",
        ".claude/skills/notes/SKILL.md",
        ".github/agents/helper.agent.md",
        ".mcp.json",
    }
    assert "yaml.invalid" in said[".claude/agents/critic.md"]
    assert "server.literal-secret" in said[".mcp.json"]
    # An import counts what is beside a skill as the skill's.
    style = found.pop(".claude/skills/notes/references/style.md")
    assert style == said.pop(".claude/skills/notes/SKILL.md")
    for path, names in said.items():
        assert found.get(path, set()) == names, path
    assert style == {"file.hidden-character"}
    assert found[".codex/agents/odd.toml"] == {"file.refused"}
    assert "node_modules/x/agents/y.md" not in found


def test_it_mends_what_is_safe(project: Path, cli: Cli) -> None:
    critic = project / ".claude/agents/critic.md"
    critic.chmod(0o755)
    result = cli.run("lint", ".claude/agents", "--fix")
    assert result.exit_code == 0, result.output
    assert "Mended .claude/agents/critic.md" in result.stderr
    assert "'Use it: always.'" in critic.read_text().replace('"', "'")
    assert critic.stat().st_mode & 0o111
    assert (project / ".claude/agents/good.md").read_text() == agent("good")


def test_one_file_and_how_bad_it_may_be(project: Path, cli: Cli) -> None:
    assert cli.run("lint", ".claude/agents/good.md").exit_code == 0
    assert cli.run("lint", ".claude/agents/critic.md").exit_code == 1
    style = ".claude/skills"
    assert cli.run("lint", style).exit_code == 0
    assert cli.run("lint", style, "--fail-on", "warning").exit_code == 1
    assert cli.run("lint", "nowhere").exit_code == 5


def test_sarif_is_sarif(project: Path, cli: Cli) -> None:
    result = cli.run("lint", "--format", "sarif", "--output", "report.sarif")
    assert result.exit_code == 1
    values = json.loads((project / "report.sarif").read_text())
    Draft7Validator(SARIF).validate(values)
    [run] = values["runs"]
    rules = run["tool"]["driver"]["rules"]
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
    assert {one["id"] for one in rules} <= RULES.keys() | {"file.refused"}
    places = {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in run["results"]
    }
    assert ".claude/agents/critic.md" in places


def test_annotations_of_pull_requests(project: Path, cli: Cli) -> None:
    odd = project / ".claude/agents/a,b%.md"
    odd.write_text(BROKEN)
    lines = cli.run("lint", "--format", "github").stdout.splitlines()
    found = [line for line in lines if "critic.md" in line]
    assert found
    assert found[0].startswith("::error file=.claude/agents/critic.md,line=3,endLine=3")
    assert any("file=.claude/agents/a%2Cb%25.md," in line for line in lines)


def test_an_empty_folder_is_fine(folder: Path, cli: Cli) -> None:
    result = cli.run("lint", str(folder))
    assert result.exit_code == 0
    assert "0 errors" in result.stdout


def test_text_of_a_file_does_nothing_to_a_terminal(folder: Path, cli: Cli) -> None:
    (folder / "agents").mkdir()
    (folder / "agents" / "\x1b[31mred.md").write_text(BROKEN)
    assert "\x1b" not in cli.run("lint", str(folder)).stdout


def test_a_name_with_a_line_break_begins_no_line(stranger: Cli, folder: Path) -> None:
    agents = folder / ".claude" / "agents"
    agents.mkdir(parents=True)
    (agents / "a\n::error::x.md").write_text("---\nname: A B\n---\n")
    result = stranger.run("lint", str(folder))
    assert "\ufffd::error::x.md" in result.stdout
    assert not [line for line in result.stdout.splitlines() if line[:2] == "::"]
