"""The kind `command`: a Markdown file whose text is what a slash command says."""

import re
from pathlib import PurePosixPath
from typing import Any

from pydantic import Field

from roster.components.kinds import classify, markdown_checks
from roster.components.kinds.agent import used
from roster.components.kinds.draft import Draft
from roster.components.kinds.manifest import Manifest, Truth, Words
from roster.components.kinds.markdown import Check, MarkdownKind, first_paragraph
from roster.lint.findings import Finding
from roster.lint.naming import NAME_LENGTH, is_name, slug, stem

_EXAMPLE = """\
---
description: Fixes an issue and opens a pull request.
argument-hint: "[number]"
allowed-tools: Bash(gh issue view:*), Edit
---
Fix issue $1. What else was said: $ARGUMENTS
"""
# Files of other tools that are written in the same way.
_SAME = frozenset({"command", "opencode-command", "cursor-command", "codex-prompt"})
_FOLDERS = frozenset({"commands", "command", "prompts"})
_OTHER_KEYS = frozenset({"author", "category", "name", "tags", "version"})
_ARGUMENT = re.compile(
    r"(?<![\\$\w])\$(?P<name>ARGUMENTS(?:\[\d{1,2}\])?|\d(?![\d.,]\d|\d)|[a-z]\w{0,40})"
)


class CommandManifest(Manifest):
    """The keys that Claude Code, Codex and OpenCode read in a command."""

    description: str | None = None
    argument_hint: str | list[Any] | None = Field(default=None, alias="argument-hint")
    arguments: Words = None
    allowed_tools: Words = Field(default=None, alias="allowed-tools")
    disallowed_tools: Words = Field(default=None, alias="disallowed-tools")
    model: str | None = None
    effort: str | int | None = None
    disable_model_invocation: Truth = Field(
        default=None, alias="disable-model-invocation"
    )
    user_invocable: Truth = Field(default=None, alias="user-invocable")
    context: str | None = None
    agent: str | None = None
    subtask: Truth = None
    hooks: dict[str, Any] | None = None
    shell: str | None = None


CHECKS: tuple[Check, ...] = (
    markdown_checks.check_description_length,
    markdown_checks.check_literal_newline,
    markdown_checks.check_types,
    markdown_checks.check_unknown_keys,
    markdown_checks.check_comment_cut,
    markdown_checks.check_body,
    markdown_checks.check_shell,
)


class Command(MarkdownKind[CommandManifest]):
    """Reads, mends, writes and recognises commands."""

    name = "command"
    plural = "commands"
    label = "Command"
    icon = "IconSlash"
    main = "COMMAND.md"
    is_tree = False
    facets: tuple[str, ...] = ("model", "tool")
    details: tuple[str, ...] = ("arguments",)
    example = _EXAMPLE
    manifest = CommandManifest
    known = CommandManifest.documented() | _OTHER_KEYS
    checks = CHECKS

    def rename(self, parsed: Any, data: bytes, name: str) -> bytes:  # noqa: ARG002
        """A command is called as its file is, so no byte of it changes."""
        if not is_name(name):
            raise ValueError(f"{name!r} is not a registry name.")
        return data

    def export_path(self, name: str) -> str:
        """Where tools look for the file."""
        return f".claude/commands/{name}.md"

    def recognise(self, path: str, data: bytes) -> bool:
        """Whether a file found somewhere is a command."""
        return classify.classify(path, data) in _SAME

    def proposed_name(self, path: str | None) -> str | None:
        parts = [slug(part) for part in _parts(path)]
        name = "-".join(part for part in parts if part)
        return name[:NAME_LENGTH].strip("-") or None

    def without_front_matter(self, draft: Draft) -> list[Finding]:  # noqa: ARG002
        """Nothing: a command needs none."""
        return []

    def settle(self, draft: Draft) -> None:
        draft.name = draft.proposed or slug(draft.written("name"))

    def is_whole(self, draft: Draft) -> bool:
        return draft.name is not None

    def more(self, draft: Draft, manifest: CommandManifest) -> dict[str, Any]:
        shown = ":".join(_parts(draft.path)) or draft.written("name").strip()
        described = bool(draft.written("description").strip())
        return {
            "display_name": shown if shown and shown != draft.name else None,
            "facets": used(manifest.model, manifest.allowed_tools),
            "arguments": _arguments(draft.body, manifest.arguments or []),
            "summary": "" if described else first_paragraph(draft.body) or "",
        }


COMMAND = Command()


def _parts(path: str | None) -> list[str]:
    """The name of a file with the folders below that of the commands."""
    if not path:
        return []
    folders = list(PurePosixPath(path.replace("\\", "/")).parent.parts)
    at = [number for number, name in enumerate(folders) if name.lower() in _FOLDERS]
    below = folders[at[-1] + 1 :] if at else []
    return [*below, stem(path)]


def _arguments(body: str, named: list[str]) -> list[str]:
    """The placeholders, in the order of the text; small letters only where declared."""
    found = (
        match.group()
        for match in _ARGUMENT.finditer(body)
        if not match["name"][0].islower() or match["name"] in named
    )
    return list(dict.fromkeys(found))
