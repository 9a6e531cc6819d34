"""How much a loss matters to whoever wrote what is exported: tables to extend.

What a field says decides: whether it kept something within limits, made it behave in a
way, or only told people of it. A target says so itself where it knows better.
"""

from roster.exports.targets.base import LOSSES, Fate, Weight

LIMITS = frozenset(
    {
        *("tools", "disallowedTools", "disallowed-tools", "permissionMode"),
        *("permission", "hooks", "isolation", "disable-model-invocation"),
        *("readonly", "sandbox_mode", "disable"),
    }
)
"""Without them, an agent, a skill or a command may do more than it was meant to."""

OF_SERVERS = frozenset(
    {
        *("disabled", "enabled", "tools", "enabled_tools", "disabled_tools"),
        *("includeTools", "excludeTools"),  # limits
        *("headers", "env"),  # without which most cannot be reached, or do not start
    }
)
"""The same of a server, and what it hardly works without."""

ABOUT = frozenset(
    {
        *("color", "argument-hint", "display_name", "title", "icon", "emoji"),
        *("license", "compatibility", "metadata", "version", "author", "authors"),
        *("tags", "keywords", "category", "categories", "homepage", "repository"),
        *("created", "updated", "last_updated", "date", "user-invocable", "hidden"),
        *("nickname_candidates", "$schema"),
    }
)
"""They tell people of a thing, which works without them as it does with them."""

_NEARLY = frozenset({"model", "effort", "when_to_use"})
"""Where something comes near to them, it is near enough."""
_DESCRIPTION = "description"


def weigh(kind: str, fate: Fate, field: str | None) -> Weight:
    """How much it matters that this became of a field, or of the whole of it.

    Args:
        kind: Of the component.
        fate: What became of it.
        field: Of the manifest; None: it is about the whole file, or component.
    """
    if fate not in LOSSES:
        return Weight.none
    if fate is Fate.dropped:
        return of_lost(kind, field) if field else Weight.serious
    slight = field and (_first(field) in ABOUT or field in _NEARLY)
    return Weight.slight if slight else Weight.notable


def of_lost(kind: str, field: str) -> Weight:
    """How much a field matters that no tool reads any more."""
    first = _first(field)
    if kind == "command" and field == "disable-model-invocation":
        return Weight.slight  # people alone run commands where tools know them
    if first in (OF_SERVERS if kind == "server" else LIMITS):
        return Weight.serious
    is_told = first in ABOUT or field == _DESCRIPTION
    return Weight.slight if is_told else Weight.notable


def _first(field: str) -> str:
    """The field of the manifest in which another one stands."""
    return field.partition(".")[0]
