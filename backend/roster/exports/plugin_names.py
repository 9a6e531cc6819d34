"""What plugins and their marketplaces are called, where clients reserve names."""

import re

PREFIX = "roster"
_MAKERS = ("claude", "anthropic")
_OF_MAKERS = re.compile(r"(?:claude|anthropics?|cc-plugin)(?:-|\Z)")
_MARKETPLACES = frozenset(
    {
        "agent-skills",
        "builtin",
        "financial-services-plugins",
        "first-party-plugins",
        "inline",
        "knowledge-work-plugins",
        "life-sciences",
        "skills-dir",
        "synced",
    }
)
"""Those that Claude Code keeps for itself, beside all that are named after it."""
_OFFICIAL = "official"


def plugin_name(collection: str) -> str:
    """The name of the plugin that a collection becomes."""
    return _free(collection)


def marketplace_name(team: str, collection: str | None = None) -> str:
    """The name of the marketplace of a collection, or of the catalogue of a team."""
    name = f"{team}-{collection}" if collection else team
    return f"{PREFIX}-{name}" if name in _MARKETPLACES else _free(name)


def _free(name: str) -> str:
    free = f"{PREFIX}-{name}" if _OF_MAKERS.match(name) else name
    if _OFFICIAL in free and any(maker in free for maker in _MAKERS):
        free = free.replace(_OFFICIAL, "own")
    return free
