import pytest

from roster.components.kinds import Parsed
from roster.components.kinds.command import COMMAND

PLACE = ".claude/commands/fix-issue.md"
GOOD = (
    "---\ndescription: Fixes an issue.\nargument-hint: '[number] [how]'\n"
    "allowed-tools: Bash(gh issue view:*), Read\nmodel: haiku\n---\n"
    "Fix issue $1 in the way of $2. All: $ARGUMENTS, first again: $1.\n"
)


def parse(text: str, path: str | None = PLACE) -> Parsed:
    return COMMAND.parse(text.encode(), path)


def rules(parsed: Parsed) -> list[str]:
    return [finding.rule for finding in parsed.findings]


def test_a_sound_command_is_read_whole() -> None:
    parsed = parse(GOOD)
    assert parsed.ok
    assert parsed.findings == []
    assert (parsed.kind, parsed.name, parsed.display_name) == (
        "command",
        "fix-issue",
        None,
    )
    assert parsed.arguments == ["$1", "$2", "$ARGUMENTS"]
    assert parsed.facets == {"model": ["haiku"], "tool": ["Bash", "Read"]}
    assert parsed.summary == ""
    assert parsed.encoded() == GOOD.encode()
    assert COMMAND.export_path("a") == ".claude/commands/a.md"


def test_front_matter_is_not_needed() -> None:
    parsed = parse("# Tidy\n\nTidy up what $ARGUMENTS left.\n")
    assert parsed.ok
    assert parsed.findings == []
    assert parsed.manifest == {}
    assert parsed.strict_yaml_ok is None
    assert parsed.summary == "Tidy up what $ARGUMENTS left."
    assert parsed.arguments == ["$ARGUMENTS"]
    ruled = parse("Tidy up.\n\n---\n\nThen rest.\n")
    assert (ruled.findings, ruled.body) == ([], "Tidy up.\n\n---\n\nThen rest.\n")


@pytest.mark.parametrize(
    ("path", "name", "shown"),
    [
        (".claude/commands/commit.md", "commit", None),
        (".claude/commands/git/commit.md", "git-commit", "git:commit"),
        ("plugin/commands/Git Things/Do_It.md", "git-things-do-it", "Git Things:Do_It"),
        (".opencode/command/review.md", "review", None),
        (".codex/prompts/draft.md", "draft", None),
        ("somewhere/commit.md", "commit", None),
        ("git-commit.md", "git-commit", None),
        (None, "other", None),
        ("commands/代码.md", "other", "代码"),
    ],
)
def test_the_place_says_the_name(
    path: str | None, name: str, shown: str | None
) -> None:
    parsed = parse("---\nname: other\n---\nDo it.\n", path)
    assert (parsed.name, parsed.display_name) == (name, shown)
    assert rules(parsed) == ["manifest.unknown-key"]


def test_without_a_place_and_a_name_nothing_can_be_published() -> None:
    parsed = parse("Do it.\n", None)
    assert not parsed.ok
    assert parsed.objection == "Nothing says its name."


@pytest.mark.parametrize(
    ("body", "arguments"),
    [
        ("$0 and $ARGUMENTS[1] and $9", ["$0", "$ARGUMENTS[1]", "$9"]),
        ("costs $100 or $1.50 or $5,000", []),
        ("\\$1 and $$1 and a$1", []),
        ("$branch and $other", ["$branch"]),
        ("at $1.", ["$1"]),
    ],
)
def test_arguments_are_found(body: str, arguments: list[str]) -> None:
    text = f"---\narguments: [branch, unused]\n---\n{body}\n"
    assert parse(text).arguments == arguments


def test_a_hint_in_brackets_is_repaired() -> None:
    parsed = parse("---\nargument-hint: [a] [b]\n---\nDo $1.\n")
    assert parsed.strict_yaml_ok is False
    assert parsed.repaired == b"---\nargument-hint: '[a] [b]'\n---\nDo $1.\n"
    assert parsed.ok


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ndescription: a\n---\n", ["body.empty"]),
        ("Look: !`git status`\n", ["body.runs-shell"]),
        ("---\nsubtask: [x]\n---\nDo.\n", ["manifest.value-type"]),
        ("---\nallowed_tools: Read\n---\nDo.\n", ["manifest.unknown-key"]),
    ],
)
def test_rules(text: str, expected: list[str]) -> None:
    assert rules(parse(text)) == expected


def test_a_new_name_changes_no_byte() -> None:
    data = GOOD.encode()
    assert COMMAND.rename(parse(GOOD), data, "other") == data
    with pytest.raises(ValueError, match="name"):
        COMMAND.rename(parse(GOOD), data, "Not A Name")


@pytest.mark.parametrize(
    "path",
    [
        ".claude/commands/a.md",
        "plugin/commands/deep/a.md",
        ".opencode/command/a.md",
        ".cursor/commands/a.md",
        ".codex/prompts/a.md",
    ],
)
def test_it_is_recognised_where_tools_keep_it(path: str) -> None:
    assert COMMAND.recognise(path, b"Do it.\n")
    assert not COMMAND.recognise(".gemini/commands/a.toml", b"prompt = 'x'")
    assert not COMMAND.recognise(".github/prompts/a.prompt.md", b"Do it.\n")
    assert not COMMAND.recognise("commands/README.md", b"# Commands\n")
