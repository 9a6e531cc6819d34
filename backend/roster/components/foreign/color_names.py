"""The colours of agents: names for us, figures for OpenCode. Read and written by."""

import re

COLORS = {
    "red": "#e5484d",
    "blue": "#3e63dd",
    "green": "#30a46c",
    "yellow": "#ffc53d",
    "purple": "#8e4ec6",
    "orange": "#f76b15",
    "pink": "#d6409f",
    "cyan": "#00a2c7",
}
_NAMES = {shown: name for name, shown in COLORS.items()}
_FIGURES = re.compile(r"#[0-9a-fA-F]{6}\Z")
# What OpenCode takes from the theme of a person.
_OF_THEMES = frozenset(
    {"accent", "error", "info", "primary", "secondary", "success", "warning"}
)


def of_opencode(color: str) -> str | None:
    return _NAMES.get(color.lower())


def to_opencode(color: str) -> str | None:
    """The colour as OpenCode takes it; None for one that it refuses."""
    if _FIGURES.match(color) or color in _OF_THEMES:
        return color
    return COLORS.get(color.strip().lower())
