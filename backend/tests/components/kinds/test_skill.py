from typing import Any

import pytest
import yaml

from roster.components.kinds import Parsed, kind_of
from roster.components.kinds.skill import SKILL
from roster.lint.findings import Finding

TOP = "---\nname: report-writing\ndescription: Writes reports. Use it for reports.\n"
GOOD = f"{TOP}---\n\nWrite short sentences.\n"
PLACE = ".claude/skills/report-writing/SKILL.md"


def parse(
    text: str, path: str | None = PLACE, others: list[str] | None = None
) -> Parsed:
    return SKILL.parse(text.encode(), path, others=others)


def found(parsed: Parsed, rule: str) -> list[Finding]:
    return [finding for finding in parsed.findings if finding.rule == rule]


def test_a_sound_skill_is_read_whole() -> None:
    text = (
        "---\nname: report-writing\nlicense: MIT\ndescription: Writes reports.\n"
        "allowed-tools: Read Bash(git log:*), Grep\nmetadata:\n  author: us\n"
        '  version: "1.0"\n---\nSee [the style](references/style.md).\n'
    )
    parsed = parse(text, others=["references/style.md"])
    assert parsed.ok
    assert parsed.findings == []
    assert (parsed.kind, parsed.name) == ("skill", "report-writing")
    assert list(parsed.manifest) == [
        "name",
        "license",
        "description",
        "allowed-tools",
        "metadata",
    ]
    assert parsed.facets == {"tool": ["Read", "Bash", "Grep"]}
    assert parsed.encoded() == text.encode()
    assert SKILL.export_path("a") == ".claude/skills/a/SKILL.md"
    assert (SKILL.main, SKILL.is_tree) == ("SKILL.md", True)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (PLACE, "report-writing"),
        ("skills/Meeting Notes/SKILL.md", "meeting-notes"),
        ("notes/skill.md", "notes"),
        ("tidy.md", "tidy"),
    ],
)
def test_the_folder_proposes_the_name(path: str, name: str) -> None:
    parsed = parse("---\ndescription: Tidies.\n---\nTidy.\n", path)
    assert parsed.name == name
    [finding] = found(parsed, "manifest.name-missing")
    assert "The skill has no name" in finding.message
    mended = SKILL.mend(parsed, {parsed.findings.index(finding)})
    assert mended.startswith(f"---\nname: {name}\n".encode())


def test_a_name_that_is_not_the_folder_is_named() -> None:
    parsed = parse(GOOD, "skills/other/SKILL.md")
    assert [finding.rule for finding in parsed.findings] == [
        "skill.name-differs-from-folder"
    ]
    for path in ("report-writing.md", "SKILL.md", None):
        assert parse(GOOD, path).findings == []


@pytest.mark.parametrize(
    ("lines", "rule", "count"),
    [
        (f"compatibility: {'x' * 501}\n", "skill.compatibility-too-long", 1),
        (f"compatibility: {'x' * 500}\n", "skill.compatibility-too-long", 0),
        ("model: opus\nuser-invocable: no\n", "skill.key-beyond-standard", 2),
        ("metadata:\n  version: 1.0\n", "manifest.value-type", 1),
        ("metadata:\n  version: '1.0'\n", "manifest.value-type", 0),
        ("user-invocable: maybe\n", "manifest.value-type", 1),
        ("disable-model-invocation: on\n", "manifest.value-type", 0),
        ("version: 1\n", "manifest.unknown-key", 1),
        ("license: MIT\n", "manifest.unknown-key", 0),
    ],
)
def test_keys(lines: str, rule: str, count: int) -> None:
    assert len(found(parse(f"{TOP}{lines}---\nBody\n"), rule)) == count


def test_a_long_description_and_long_instructions() -> None:
    parsed = parse(GOOD.replace("Writes", "Writes " * 200))
    assert found(parsed, "skill.description-too-long")
    assert found(parse(GOOD + "line\n" * 500), "skill.long")
    assert found(parse(GOOD + "word " * 6_000), "skill.long")
    assert not found(parse(GOOD + "line\n" * 400), "skill.long")


BODY = """
[a](references/a.md) ![b](./assets/b%20c.png "title") [c](<d/e.md>) [f](gone.md#top)
Run `scripts/run.py --fast` or `scripts/run.py`, read `notes/x.md`, see [g](assets).
[web](https://example.org/x.md) [top](#top) [any](*.md) [out](../other/SKILL.md)
```
[in code](nowhere.md) `scripts/nothing.py`
```
`scripts/gone.py` again `scripts/gone.py` and [the file](SKILL.md)
"""


def test_files_that_are_named_must_be_there() -> None:
    others = ["references/a.md", "assets/b c.png", "scripts/run.py"]
    parsed = parse(GOOD + BODY, others=others)
    missing = found(parsed, "skill.missing-file")
    assert [finding.evidence for finding in missing] == [
        "d/e.md",
        "gone.md#top",
        "../other/SKILL.md",
        "scripts/gone.py",
    ]
    assert "outside the skill" in missing[2].message
    assert parse(GOOD + BODY).findings == []


def test_what_the_shell_runs_is_shown() -> None:
    parsed = parse(GOOD + "Now: !`date` and\n```!\nls\n```\n")
    [first, second] = found(parsed, "body.runs-shell")
    assert first.evidence == "!`date`"
    assert second.evidence == "```!\\nls\\n```"


def test_broken_yaml_is_repaired_as_for_agents() -> None:
    text = GOOD.replace("Writes reports.", "Use when: reports.")
    parsed = parse(text)
    assert parsed.ok
    assert parsed.strict_yaml_ok is False
    assert parsed.repaired is not None
    again = SKILL.parse(parsed.repaired, PLACE)
    assert (again.manifest, again.strict_yaml_ok) == (parsed.manifest, True)
    assert parsed.encoded() == text.encode()


def test_without_front_matter_one_is_proposed() -> None:
    parsed = parse("# Reports\n\nWrites reports.\n")
    assert not parsed.ok
    again = SKILL.parse(SKILL.mend(parsed, {0}), PLACE)
    assert again.manifest == {
        "name": "report-writing",
        "description": "Writes reports.",
    }


def test_it_is_renamed_and_composed() -> None:
    data = GOOD.encode()
    renamed = SKILL.rename(SKILL.parse(data), data, "other")
    assert renamed == data.replace(b"name: report-writing", b"name: other")
    manifest: dict[str, Any] = {"name": "a", "description": "b", "metadata": {"c": "d"}}
    composed = SKILL.compose(manifest, "Body\n")
    assert yaml.safe_load(composed.decode().split("---")[1]) == manifest
    assert SKILL.split(data) == []


@pytest.mark.parametrize(
    "path",
    ["skills/a/SKILL.md", ".github/skills/a/SKILL.md", ".opencode/skills/a/skill.md"],
)
def test_it_is_recognised_wherever_it_stands(path: str) -> None:
    assert SKILL.recognise(path, GOOD.encode())
    assert not SKILL.recognise("skills/a/notes.md", b"# Notes\n")
    assert kind_of("skills/a/scripts/run.py", b"pass") is None
