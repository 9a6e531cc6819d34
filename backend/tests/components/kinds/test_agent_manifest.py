from typing import Any

import pytest

from roster.components.kinds.agent_manifest import DOCUMENTED, KNOWN, AgentManifest
from roster.components.kinds.manifest import split_list


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Read, Write, Bash", ["Read", "Write", "Bash"]),
        ("Read,Write", ["Read", "Write"]),
        ("Read", ["Read"]),
        ("", []),
        (" , ", []),
        ("*", ["*"]),
        ("All tools", ["All tools"]),
        ("Agent(one, two), Read", ["Agent(one, two)", "Read"]),
        (
            "Bash(git log:*), Bash(npm run test)",
            ["Bash(git log:*)", "Bash(npm run test)"],
        ),
        ("Agent(one, two", ["Agent(one, two"]),
        ('["Read", "Write"]', ["Read", "Write"]),
        ("['Read', 'Write']", ["Read", "Write"]),
        ("[Read, Write]", ["Read", "Write"]),
        ("[1, 2]", ["1", "2"]),
        ("Read Write mcp__x__y", ["Read", "Write", "mcp__x__y"]),
        ('"Read", "Write"', ["Read", "Write"]),
    ],
)
def test_tools_are_split_however_they_are_written(text: str, items: list[str]) -> None:
    assert split_list(text) == items


def test_all_documented_keys_are_fields() -> None:
    assert len(DOCUMENTED) == 16
    assert {"name", "disallowedTools", "initialPrompt"} <= DOCUMENTED < KNOWN


def test_values_are_typed_and_unknown_keys_kept_in_order() -> None:
    manifest, wrong = AgentManifest.read(
        {
            "vibe": "calm",
            "tools": "Read, Grep",
            "name": "a",
            "maxTurns": 3,
            "effort": 2,
        },
    )
    assert wrong == {}
    assert manifest.tools == ["Read", "Grep"]
    assert manifest.maxTurns == 3
    assert manifest.model_extra == {"vibe": "calm"}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"name": 1}, ["name"]),
        ({"tools": {"read": True}}, ["tools"]),
        ({"tools": [1]}, ["tools"]),
        ({"maxTurns": "ten"}, ["maxTurns"]),
        ({"background": "yes"}, ["background"]),
        ({"model": ["a"], "color": 3}, ["model", "color"]),
        ({"mcpServers": ["a", {"b": {}}]}, []),
        ({"mcpServers": {"b": {}}}, []),
        ({"hooks": []}, ["hooks"]),
        ({"skills": "a, b", "memory": None}, []),
    ],
)
def test_values_of_a_wrong_type_are_named_and_left_out(
    values: dict[str, Any],
    wrong: list[str],
) -> None:
    manifest, found = AgentManifest.read({"description": "x", **values})
    assert list(found) == wrong
    assert manifest.description == "x"
    assert all(getattr(manifest, key) is None for key in wrong)
