"""The loss report says how much a loss matters, and begins with what matters most."""

from typing import Any

import pytest

from roster.exports.targets.base import LOSSES, Exported, Weight
from roster.exports.targets.registry import TARGETS
from roster.exports.weights import of_lost
from tests.exports.shipments import item, lay_out, markdown

RANKS = list(Weight)


def weights(made: Exported, field: str | None = None) -> set[Weight]:
    return {note.weight for note in made.losses if note.field == field}


def agent(**values: Any) -> Any:
    return markdown("agent", "one", {"name": "one", "description": "D."} | values)


@pytest.mark.parametrize(
    ("target", "values", "field", "weight"),
    [
        # What was closed is open there.
        ("codex", {"tools": "Read, Edit"}, "tools", Weight.serious),
        ("opencode", {"tools": "Bash(git:*)"}, "tools", Weight.serious),
        ("gemini", {"disallowedTools": "Bash"}, "disallowedTools", Weight.serious),
        ("cursor", {"hooks": {"Stop": []}}, "hooks", Weight.serious),
        ("claude-plugin", {"permissionMode": "plan"}, "permissionMode", Weight.serious),
        # It works otherwise.
        ("opencode", {"tools": "Read, Skill2"}, "tools", Weight.notable),
        ("codex", {"tools": "Read, Grep"}, "tools", Weight.notable),
        ("codex", {"maxTurns": 3}, "maxTurns", Weight.notable),
        ("gemini", {"memory": "user"}, "memory", Weight.notable),
        ("gemini", {"description": ""}, "description", Weight.notable),
        # It works the same.
        ("codex", {"color": "red"}, "color", Weight.slight),
        ("codex", {"effort": "max"}, "effort", Weight.slight),
        ("codex", {"tags": ["a"]}, "tags", Weight.slight),
        ("opencode", {"disallowedTools": "Skill2"}, "disallowedTools", Weight.slight),
    ],
)
def test_what_an_agent_loses(
    target: str, values: dict[str, Any], field: str, weight: Weight
) -> None:
    assert weights(lay_out(target, agent(**values)), field) == {weight}


def test_what_is_not_there_at_all_matters_most() -> None:
    assert weights(lay_out("agent-skills", agent())) == {Weight.serious}
    socket = b'{"mcpServers": {"one": {"type": "ws", "url": "wss://a.example"}}}'
    for target in ("codex", "cursor", "agents-md"):
        made = lay_out(target, item("server", "one", socket))
        assert weights(made) == {Weight.serious}, target


def test_what_a_skill_keeps_in_words_alone_is_lost() -> None:
    values = {"name": "one", "description": "D."}
    skill = markdown("skill", "one", values | {"disable-model-invocation": True})
    for target in ("agent-skills", "opencode", "gemini"):
        made = lay_out(target, skill)
        assert weights(made, "disable-model-invocation") == {Weight.serious}, target
    tagged = markdown("skill", "one", values | {"version": "2"})
    assert weights(lay_out("agent-skills", tagged), "version") == {Weight.slight}


def test_people_run_commands_anyway() -> None:
    values = {"description": "D.", "disable-model-invocation": True}
    made = lay_out("gemini", markdown("command", "one", values))
    assert weights(made, "disable-model-invocation") == {Weight.slight}


def test_a_header_that_a_server_is_not_given() -> None:
    headers = '{"X-Key": "a ${A_KEY}"}'
    text = f'{{"mcpServers": {{"one": {{"url": "https://a", "headers": {headers}}}}}}}'
    made = lay_out("codex", item("server", "one", text.encode()))
    assert weights(made, "headers") == {Weight.serious}
    assert of_lost("server", "cwd") is Weight.notable


def test_a_mended_file_says_the_same() -> None:
    broken = b"---\nname: one\ndescription: Says: yes\n---\nDo it.\n"
    for target in TARGETS.keys() - {"agents-md", "agent-skills"}:
        made = lay_out(target, item("agent", "one", broken))
        assert weights(made) == {Weight.slight}, target


@pytest.mark.parametrize("target", TARGETS)
def test_the_report_begins_with_what_matters_most(target: str) -> None:
    values = {"color": "red", "tools": "Read, Bash(git:*)", "maxTurns": 3, "hooks": {}}
    two = markdown("command", "two", {"description": "D.", "argument-hint": "x"})
    made = lay_out(target, agent(**values), two)
    ranks = [RANKS.index(note.weight) for note in made.notes]
    assert ranks == sorted(ranks)
    for note in made.notes:
        assert (note.weight is Weight.none) == (note.fate not in LOSSES)
    assert made.serious == ranks.count(0)
