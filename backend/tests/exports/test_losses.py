"""Nothing gets lost in silence: every field is in the file, or a note tells of it."""

import json
import tomllib
from typing import Any

import pytest
import yaml

from roster.components.kinds import KINDS
from roster.exports.spelling import document
from roster.exports.targets.registry import TARGETS
from tests.exports.shipments import item, lay_out, markdown, texts

AGENT: dict[str, Any] = {
    "name": "Another Name",
    "description": "Reviews what changes.",
    "tools": ["Read", "Bash"],
    "disallowedTools": ["Write"],
    "model": "opus",
    "color": "pink",
    "permissionMode": "acceptEdits",
    "maxTurns": 7,
    "skills": ["writing"],
    "mcpServers": ["docs", {"own": {"command": "run-it"}}],
    "hooks": {"Stop": []},
    "memory": "project",
    "background": True,
    "effort": "high",
    "isolation": "worktree",
    "initialPrompt": "Begin now.",
}
COMMON: dict[str, Any] = {
    "description": "Writes a note.",
    "argument-hint": "[number]",
    "arguments": ["topic"],
    "allowed-tools": ["Read"],
    "disallowed-tools": ["Bash"],
    "model": "opus",
    "effort": "low",
    "disable-model-invocation": True,
    "user-invocable": False,
    "context": "fork",
    "agent": "general-purpose",
    "hooks": {"Stop": []},
    "shell": "bash",
}
SKILL = COMMON | {
    "name": "Another Name",
    "license": "MIT",
    "compatibility": "Needs git.",
    "metadata": {"team": "forge"},
    "when_to_use": "After a meeting.",
    "background": True,
    "paths": ["*.py"],
}
SERVER: dict[str, Any] = {
    "type": "stdio",
    "command": "npx",
    "args": ["tickets"],
    "env": {"AREA": "all"},
    "cwd": "/srv",
    "url": "https://a.example",
    "httpUrl": "https://b.example",
    "headers": {"X-Team": "forge"},
    "timeout": 1500,
    "description": "Finds tickets.",
}
SAMPLES = {
    "agent": AGENT,
    "skill": SKILL,
    "command": COMMON | {"subtask": True},
    "server": SERVER,
}
UNKNOWN = {"author": "ann", "x-odd": [1, {"deep": True}]}
CASES = [
    (kind, key, value)
    for kind, values in SAMPLES.items()
    for key, value in {**values, **UNKNOWN}.items()
]


def test_every_documented_field_is_tried() -> None:
    for kind, values in SAMPLES.items():
        assert values.keys() == KINDS[kind].manifest.documented()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("kind", "key", "value"), CASES)
def test_a_field_is_in_the_file_or_in_the_notes(
    target: str, kind: str, key: str, value: Any
) -> None:
    exported = lay_out(target, _item(kind, key, value))
    said = {note.field for note in exported.notes} | {
        note.field.partition(".")[0] for note in exported.notes if note.field
    }
    whole = any(note.field is None for note in exported.losses)
    assert key in said or whole or _holds(texts(exported), key, value)


def _item(kind: str, key: str, value: Any) -> Any:
    if kind == "server":
        begin = {"url": "https://a.example", "type": "http"}
        own = {"command": "npx"} if key in {"args", "env", "cwd", "type"} else begin
        config = {} if key in {"command", "url", "httpUrl"} else own
        values = {"mcpServers": {"one": config | {key: value}}}
        return item(kind, "one", document(values))
    told = {"name": "one", "description": "Does it."} if kind != "command" else {}
    return markdown(kind, "one", told | {key: value})


def _holds(files: dict[str, str], key: str, value: Any) -> bool:
    """Whether a file says the very same, under the very same name."""
    return any(_says(_read(path, text), key, value) for path, text in files.items())


def _read(path: str, text: str) -> Any:
    if path.endswith(".json"):
        return json.loads(text)
    if path.endswith(".toml"):
        return tomllib.loads(text)
    is_fenced = path.endswith(".md") and text.startswith("---\n")
    return yaml.safe_load(text.split("---\n")[1]) if is_fenced else None


def _says(found: Any, key: str, value: Any) -> bool:
    if isinstance(found, list):
        return any(_says(one, key, value) for one in found)
    if not isinstance(found, dict):
        return False
    return found.get(key) == value or any(
        _says(one, key, value) for one in found.values()
    )
