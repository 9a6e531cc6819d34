import pytest

from roster.components.kinds.agent import AGENT, Agent
from roster.components.kinds.base import Kind
from roster.components.kinds.discovery import group


class _Tree(Agent):
    name = "skill"
    main = "SKILL.md"
    is_tree = True


TREE = _Tree()


def mains(paths: list[str]) -> dict[str, Kind]:
    """A SKILL.md begins a tree; what stands in a folder called agents is an agent."""
    found: dict[str, Kind] = {}
    for path in paths:
        if path.lower().endswith("skill.md"):
            found[path] = TREE
        elif "agents/" in path:
            found[path] = AGENT
    return found


@pytest.mark.parametrize(
    ("paths", "units", "rest"),
    [
        ([], {}, []),
        (["README.md"], {}, ["README.md"]),
        (
            ["agents/b.md", "agents/a.md", "notes.md"],
            {"agents/a.md": [], "agents/b.md": []},
            ["notes.md"],
        ),
        (
            ["s/x/SKILL.md", "s/x/b.bin", "s/x/a/b/c.py", "s/README.md", "s/xy/z.md"],
            {"s/x/SKILL.md": ["s/x/a/b/c.py", "s/x/b.bin"]},
            ["s/README.md", "s/xy/z.md"],
        ),
        # A skill inside a skill is one of its own, and takes its folder with it.
        (
            ["x/SKILL.md", "x/in/SKILL.md", "x/in/a.md", "x/b.md"],
            {"x/SKILL.md": ["x/b.md"], "x/in/SKILL.md": ["x/in/a.md"]},
            [],
        ),
        # What a skill brings along is its own, whatever it holds.
        (
            ["x/SKILL.md", "x/agents/a.md"],
            {"x/SKILL.md": ["x/agents/a.md"]},
            [],
        ),
        (
            ["x/SKILL.md", "x/.claude/agents/a.md", "x/.claude/notes.md"],
            {"x/.claude/agents/a.md": [], "x/SKILL.md": ["x/.claude/notes.md"]},
            [],
        ),
        (
            [".claude/skills/x/SKILL.md", ".claude/skills/x/agents/a.md"],
            {".claude/skills/x/SKILL.md": [".claude/skills/x/agents/a.md"]},
            [],
        ),
        # At the top, and in a plugin, files stand beside each other by chance.
        (
            ["SKILL.md", "agents/a.md", "run.py"],
            {"SKILL.md": ["run.py"], "agents/a.md": []},
            [],
        ),
        (
            ["p/SKILL.md", "p/agents/a.md", "p/.claude-plugin/plugin.json"],
            {"p/SKILL.md": ["p/.claude-plugin/plugin.json"], "p/agents/a.md": []},
            [],
        ),
        # One main file for each folder: the one with the exact name.
        (
            ["x/SKILL.md", "x/skill.md"],
            {"x/SKILL.md": ["x/skill.md"]},
            [],
        ),
        (["x/Skill.md", "x/skill.md"], {"x/Skill.md": ["x/skill.md"]}, []),
    ],
)
def test_files_are_put_together(
    paths: list[str], units: dict[str, list[str]], rest: list[str]
) -> None:
    found, left = group(paths, mains(paths))
    assert {unit.main: list(unit.others) for unit in found} == units
    assert left == rest


def test_a_unit_says_where_its_files_go() -> None:
    paths = ["s/x/skill.md", "s/x/lib/run.py", "s/agents/a.md"]
    agent, skill = group(paths, mains(paths))[0]
    assert (agent.kind, agent.root, agent.main) == (AGENT, "s/agents", "s/agents/a.md")
    assert list(agent.tree()) == [("s/agents/a.md", "AGENT.md")]
    assert (skill.kind, skill.root) == (TREE, "s/x")
    assert list(skill.tree()) == [
        ("s/x/skill.md", "SKILL.md"),
        ("s/x/lib/run.py", "lib/run.py"),
    ]
    [top] = group(["SKILL.md", "a.txt"], {"SKILL.md": TREE})[0]
    assert list(top.tree()) == [("SKILL.md", "SKILL.md"), ("a.txt", "a.txt")]
