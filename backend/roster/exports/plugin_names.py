"""What plugins and their marketplaces are called, where clients reserve names."""

import re

PREFIX = "roster"
_MAKER = re.compile(r"(?<![a-z0-9])(?:claude|anthropics?)(?![a-z0-9])")
"""Wherever it stands as a word, a name is taken for one of the maker's own."""
_RESERVED = re.compile(r"cc-plugin(?:-|\Z)")
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
    free = _MAKER.sub(lambda match: f"{PREFIX}{match.group()}", name)
    if _OFFICIAL in free and ("claude" in free or "anthropic" in free):
        free = free.replace(_OFFICIAL, "own")
    return f"{PREFIX}-{free}" if _RESERVED.match(free) else free
