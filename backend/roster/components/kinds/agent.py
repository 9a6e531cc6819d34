"""The kind `agent`: a Markdown file with front matter, as Claude Code reads it."""

import re
from typing import Any

from roster.components.kinds import agent_checks, classify
from roster.components.kinds.agent_manifest import KNOWN, AgentManifest
from roster.components.kinds.base import Example
from roster.components.kinds.draft import Draft
from roster.components.kinds.markdown import MarkdownKind
from roster.lint import examples

_EXAMPLE = """\
---
name: reviewer
description: Reviews a change before it is merged.
tools: Read, Grep
model: sonnet
---
You review changes.
"""
_ARGUMENTS = re.compile(r"\(.*", re.DOTALL)


class Agent(MarkdownKind[AgentManifest]):
    """Reads, mends, writes and recognises agents."""

    name = "agent"
    plural = "agents"
    label = "Agent"
    icon = "IconRobot"
    main = "AGENT.md"
    is_tree = False
    facets: tuple[str, ...] = ("model", "tool")
    details: tuple[str, ...] = ()
    example = _EXAMPLE
    manifest = AgentManifest
    known = KNOWN
    checks = agent_checks.CHECKS

    def export_path(self, name: str) -> str:
        """Where tools look for the file."""
        return f".claude/agents/{name}.md"

    def recognise(self, path: str, data: bytes) -> bool:
        """Whether a file found somewhere is an agent as Claude Code reads them."""
        return classify.classify(path, data) == classify.AGENT

    def more(self, draft: Draft, manifest: AgentManifest) -> dict[str, Any]:
        return {
            "examples": _examples(draft.written("description"), draft.body),
            "facets": used(manifest.model, manifest.tools),
        }


AGENT = Agent()


def _examples(description: str, body: str) -> list[Example]:
    """Those of the description; those of the prompt if it has none."""
    return examples.extract(description) or (
        examples.extract(body) if "<example" in body else []
    )


def used(model: str | None, tools: list[str] | None) -> dict[str, list[str]]:
    """What lists filter by; a tool without its arguments."""
    names = [_ARGUMENTS.sub("", tool).strip() for tool in tools or []]
    facets = {
        "model": [model] if model else [],
        "tool": list(dict.fromkeys(name for name in names if name)),
    }
    return {name: values for name, values in facets.items() if values}
