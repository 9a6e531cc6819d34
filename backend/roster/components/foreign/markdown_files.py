"""The agents and commands of other tools that are Markdown files, as ours are."""

from collections.abc import Callable

from roster.components.foreign import agent_fields, model_names, placeholders
from roster.components.foreign.base import Convert, Converted, Fields, Values
from roster.components.foreign.page import described, misread, open_page
from roster.components.kinds.command import CommandManifest
from roster.lint.naming import slug

Change = Callable[[Fields, str], None]
Fill = Callable[[str, Values], str]
_UNSURE = "Its front matter is not valid YAML: its fields are kept as they stand."
_DESCRIBED = "It has a description now, so that no front matter is seen in its text."
_FILLED = "What is filled in is written as we do."


def agents(tool: str, change: Change, fill: Fill | None = None) -> Convert:
    return lambda path, data: _changed(path, data, (tool, "agent"), change, fill)


def commands(tool: str, change: Change, fill: Fill | None = None) -> Convert:
    return lambda path, data: _changed(path, data, (tool, "command"), change, fill)


def _changed(
    path: str, data: bytes, what: tuple[str, str], change: Change, fill: Fill | None
) -> list[Converted]:
    tool, kind = what
    page = open_page(data)
    if page is None:
        if data.lstrip().startswith(b"---"):
            return [Converted(None, kind, data, tool, (_UNSURE,))]
        return [_without_fields(data, what, fill)]
    fields = Fields(page.values)
    change(fields, path)
    body = fill(page.body, fields.values) if fill else page.body
    if body != page.body:
        fields.note(_FILLED)
    is_new = fields.is_changed or body != page.body
    written = page.written(fields, body) if is_new else data
    name = fields.values.get("name")
    named = slug(name) if isinstance(name, str) else None
    return [Converted(named, kind, written, tool, tuple(fields.notes))]


def _without_fields(data: bytes, what: tuple[str, str], fill: Fill | None) -> Converted:
    """A file without front matter; one that is not in UTF-8 stays."""
    tool, kind = what
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return Converted(None, kind, data, tool)
    notes = []
    filled = fill(text, {}) if fill else text
    if filled != text:
        notes.append(_FILLED)
    if kind == "command" and misread(filled):
        filled = described(filled)
        notes.append(_DESCRIBED)
    return Converted(None, kind, filled.encode(), tool, tuple(notes))


def of_command(fields: Fields, path: str) -> None:  # noqa: ARG001  # `Change` has it
    """What Cursor and Codex write is written as we do."""
    fields.say_kept(CommandManifest.documented(), {"name"})


def of_prompt(fields: Fields, path: str) -> None:  # noqa: ARG001  # `Change` has it
    """A prompt of Copilot; its `tools` are no allowed-tools: they are all it has."""
    fields.rename("mode", "agent")
    agent_fields.rename_model(fields, model_names.of_copilot)
    fields.say_kept(CommandManifest.documented(), {"name"})


def of_opencode_command(
    fields: Fields,
    path: str,  # noqa: ARG001  # `Change` has it
) -> None:
    agent_fields.rename_model(fields, model_names.of_opencode)
    fields.say_kept(CommandManifest.documented(), {"name"})


def of_prompt_text(text: str, values: Values) -> str:
    names = CommandManifest.read(values)[0].arguments or []
    return placeholders.of_copilot(text, names)


def _of_gemini_text(text: str, values: Values) -> str:  # noqa: ARG001  # `Fill` has it
    return placeholders.of_gemini_agent(text)


COPILOT_AGENT = agents("copilot", agent_fields.of_copilot_agent)
CURSOR_AGENT = agents("cursor", agent_fields.of_cursor_agent)
GEMINI_AGENT = agents("gemini", agent_fields.of_gemini_agent, _of_gemini_text)
OPENCODE_AGENT = agents("opencode", agent_fields.of_opencode_agent)
COPILOT_PROMPT = commands("copilot", of_prompt, of_prompt_text)
OPENCODE_COMMAND = commands("opencode", of_opencode_command)
