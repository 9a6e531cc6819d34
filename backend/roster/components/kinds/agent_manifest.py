"""The manifest of an agent. To add a field: one line in `AgentManifest`."""

from typing import Any

from roster.components.kinds.manifest import Manifest, Names

# Keys that other tools and collections write into agent files: read as keys, not
# as text, wherever they stand.
OTHER_KEYS = frozenset(
    {
        "allowed-tools",
        "argument-hint",
        "author",
        "capabilities",
        "category",
        "display_name",
        "emoji",
        "license",
        "mcp-servers",
        "mode",
        "permission",
        "tags",
        "temperature",
        "version",
        "vibe",
    },
)


class AgentManifest(Manifest):
    """The documented keys of an agent, under the names that files use."""

    name: str | None = None
    description: str | None = None
    tools: Names = None
    disallowedTools: Names = None  # noqa: N815  # the keys of the files
    model: str | None = None
    color: str | None = None
    permissionMode: str | None = None  # noqa: N815
    maxTurns: int | None = None  # noqa: N815
    skills: Names = None
    mcpServers: list[Any] | dict[str, Any] | None = None  # noqa: N815
    hooks: dict[str, Any] | None = None
    memory: str | None = None
    background: bool | None = None
    effort: str | int | None = None
    isolation: str | None = None
    initialPrompt: str | None = None  # noqa: N815


DOCUMENTED = AgentManifest.documented()
KNOWN = DOCUMENTED | OTHER_KEYS
