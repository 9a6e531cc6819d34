"""The tables of names are read and written by: each is the way back of itself."""

from collections.abc import Callable

import pytest

from roster.components.foreign import color_names, model_names, tool_names
from roster.components.foreign.model_names import ALIASES, MODELS, Model

Of = Callable[[str], tuple[str, ...]]
To = Callable[[str], str | None]
TOOLS = [
    (tool_names.COPILOT, tool_names.of_copilot, tool_names.to_copilot),
    (tool_names.OPENCODE, tool_names.of_opencode, tool_names.to_opencode),
    (tool_names.GEMINI, tool_names.of_gemini, tool_names.to_gemini),
]


@pytest.mark.parametrize(("table", "of", "to"), TOOLS)
def test_what_is_read_of_a_tool_is_written_as_the_same_tool(
    table: dict[str, tuple[str, ...]], of: Of, to: To
) -> None:
    for theirs, ours in table.items():
        assert of(theirs) == ours
        for name in ours:
            written = to(name)
            assert written is not None
            assert (of(written) or (written,)) == (name,)


@pytest.mark.parametrize(("table", "of", "to"), TOOLS)
@pytest.mark.parametrize("name", ["mcp__docs", "mcp__docs__find", "mcp__docs__*"])
def test_tools_of_servers(
    table: dict[str, tuple[str, ...]], of: Of, to: To, name: str
) -> None:
    written = to(name)
    assert written is not None
    assert written not in table
    assert of(written) == (name.removesuffix("__*"),)


def test_what_gemini_does_not_know_is_not_written_for_it() -> None:
    for name in ("NotebookEdit", "read", "mcp__", "Bash(git log:*)", "mcp_x"):
        assert tool_names.to_gemini(name) is None
    # What stands before the first underscore would be the server.
    assert tool_names.to_gemini("mcp__my_docs__find") == "mcp_my-docs_find"


@pytest.mark.parametrize("name", MODELS)
def test_a_model_comes_back_from_who_calls_it_otherwise(name: str) -> None:
    for to, of in (
        (model_names.to_copilot, model_names.of_copilot),
        (model_names.to_cursor, model_names.of_cursor),
        (model_names.to_opencode, model_names.of_opencode),
    ):
        written = to(name)
        assert written.exact
        assert of(str(written.name)) == name


def test_models_that_are_nearly_the_same_or_none() -> None:
    for alias, name in ALIASES.items():
        assert name in MODELS
        assert model_names.to_opencode(alias) == Model(f"anthropic/{name}", exact=False)
    dated = model_names.to_copilot("claude-sonnet-4-5-20250929")
    assert dated == Model("Claude Sonnet 4.5", exact=False)
    assert model_names.to_copilot("claude-none-9") == Model(None, exact=False)
    assert model_names.to_copilot("GPT-5") == Model("GPT-5")
    assert model_names.to_codex("opus") == Model(None, exact=False)
    assert model_names.to_codex("gpt-5-codex") == Model("gpt-5-codex")
    assert model_names.to_gemini("gemini-2.5-pro") == Model("gemini-2.5-pro")
    assert model_names.to_opencode("gpt-5") == Model(None, exact=False)
    for to in (model_names.to_copilot, model_names.to_opencode, model_names.to_codex):
        assert to("inherit") == Model(None)


def test_colors_come_back() -> None:
    for name, figures in color_names.COLORS.items():
        assert color_names.to_opencode(name.title()) == figures
        assert color_names.of_opencode(figures.upper()) == name
    assert color_names.to_opencode("mauve") is None
    assert color_names.to_opencode("primary") == "primary"
