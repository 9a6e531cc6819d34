"""Commands of other tools, in the form of ours."""

import pytest

from roster.components.foreign import Converted, convert
from roster.components.kinds.command import COMMAND


def only(path: str, text: str) -> Converted:
    [found] = convert(path, text.encode())
    assert found.kind == "command"
    return found


@pytest.mark.parametrize(
    ("prompt", "body"),
    [
        ("Look at {{args}}.", "Look at $ARGUMENTS."),
        ("Now: !{git status} and @{docs/a.md}", "Now: !`git status` and @docs/a.md"),
        # Gemini quotes arguments in a shell command, and we would not.
        ("!{grep {{args}} .}", "!{grep {{args}} .}"),
        ("!{awk '{print}' {{args}}} {{args}}", "!{awk '{print}' {{args}}} $ARGUMENTS"),
        ("!{echo `date`}", "!{echo `date`}"),
        ("@{a file.md}", "@{a file.md}"),
        ("an open !{brace {{args}}", "an open !{brace $ARGUMENTS"),
        ("!{} @{}", "!{} @{}"),
        ("plain", "plain"),
    ],
)
def test_the_text_of_a_gemini_command(prompt: str, body: str) -> None:
    text = f"description = 'Does it.'\nprompt = '''{prompt}'''\nextra = [1]\n"
    found = only(".gemini/commands/git/do.toml", text)
    assert found.data.decode() == (
        f"---\ndescription: Does it.\nextra:\n  - 1\n---\n{body}"
    )
    assert found.tool == "gemini"
    assert "prompt is the text." in found.notes
    assert "Kept as it stands: extra." in found.notes
    parsed = COMMAND.parse(found.data, ".gemini/commands/git/do.toml")
    assert (parsed.ok, parsed.name) == (True, "git-do")


def test_a_gemini_command_says_what_would_be_filled_in_here_only() -> None:
    found = only("a/commands/x.toml", "prompt = 'Pay $1 now'")
    assert found.data == b"Pay $1 now"
    assert "Its text holds $ARGUMENTS or $1, which Gemini takes for words." in (
        found.notes
    )


def test_a_gemini_command_without_a_text_is_refused() -> None:
    found = only(".gemini/commands/x.toml", "description = 'x'")
    assert found.refusal == "It has no text in prompt."
    found = only(".gemini/commands/x.toml", "prompt = 'x\n'")
    assert "(line 1, column" in found.refusal


def test_a_gemini_command_is_known_by_its_keys_too() -> None:
    assert only("x.toml", "# Hi\ndescription='a'\nprompt = '''b'''\n").tool == "gemini"
    assert convert("x.toml", b"[tool]\nprompt = 'a'\n") == []


@pytest.mark.parametrize("path", [".github/prompts/a.prompt.md", "x/a.prompt.md"])
def test_a_prompt_of_copilot_keeps_its_tools(path: str) -> None:
    text = "---\nmode: agent\ntools: ['search']\ndescription: a\n---\n${input:x}\n"
    found = only(path, text)
    assert found.data.decode() == text.replace("mode", "agent", 1)
    assert found.notes == ("mode is written as agent.", "Kept as it stands: tools.")
    parsed = COMMAND.parse(found.data, path)
    assert (parsed.ok, parsed.name) == (True, "a")


def test_a_prompt_of_copilot_may_have_another_name_than_its_file() -> None:
    found = only("a.prompt.md", "---\nname: Make It\ndescription: a\n---\nDo.\n")
    assert found.name == "make-it"


@pytest.mark.parametrize(
    ("path", "tool"),
    [
        (".opencode/command/a.md", "opencode"),
        (".cursor/commands/a.md", "cursor"),
        (".codex/prompts/a.md", "codex"),
        (".github/prompts/a.md", "copilot"),
    ],
)
@pytest.mark.parametrize(
    "text",
    ["Do $1.\n", "---\ndescription: a\nodd: 1\n---\nDo.\n", "---\na: b: c\n---\n"],
)
def test_what_is_written_as_ours_stays(path: str, tool: str, text: str) -> None:
    found = only(path, text)
    assert (found.data, found.tool) == (text.encode(), tool)
