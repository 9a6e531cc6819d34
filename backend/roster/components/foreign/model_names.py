"""What the models that an agent may run on are called, by each coding tool.

The one table that is read and written by. To add a model: a line in `MODELS`; an alias
stands for what is newest, so write the new one's id behind it in `ALIASES`.
"""

import re
from dataclasses import dataclass

ALIASES = {
    "haiku": "claude-haiku-4-5",
    "opus": "claude-opus-4-5",
    "sonnet": "claude-sonnet-4-5",
}
# id: (as Copilot shows it, as Cursor calls it)
MODELS = {
    "claude-haiku-4-5": ("Claude Haiku 4.5", "claude-4.5-haiku"),
    "claude-opus-4-1": ("Claude Opus 4.1", "claude-4.1-opus"),
    "claude-opus-4-5": ("Claude Opus 4.5", "claude-4.5-opus"),
    "claude-opus-4-6": ("Claude Opus 4.6", "claude-4.6-opus"),
    "claude-sonnet-4": ("Claude Sonnet 4", "claude-4-sonnet"),
    "claude-sonnet-4-5": ("Claude Sonnet 4.5", "claude-4.5-sonnet"),
    "claude-sonnet-4-6": ("Claude Sonnet 4.6", "claude-4.6-sonnet"),
}
INHERIT = "inherit"
_COPILOT = {shown: name for name, (shown, _) in MODELS.items()}
_CURSOR = {shown: name for name, (_, shown) in MODELS.items()}
_ANTHROPIC = "anthropic/"
_CLAUDE = re.compile(r"claude-[a-z0-9][\w.-]*\Z")
_DATED = re.compile(r"-20\d{6}\Z")
_OPENAI = re.compile(r"(?:gpt|o\d|codex|chatgpt)(?:[-.\d]|\Z)")
_GEMINI = re.compile(r"(?:gemini|gemma)-")
_LONG_CONTEXT = re.compile(r"\[\d+m\]\Z")


@dataclass(frozen=True, slots=True)
class Model:
    """A model as a tool calls it; `name` is None where it has none such.

    `exact` says that it is the same one under another name.
    """

    name: str | None
    exact: bool = True


def of_copilot(shown: str) -> str | None:
    """The id of a model that Copilot shows under this name, if it is known."""
    return _COPILOT.get(shown)


def of_cursor(shown: str) -> str | None:
    return _CURSOR.get(shown)


def of_opencode(name: str) -> str | None:
    bare = name.removeprefix(_ANTHROPIC)
    return bare if bare != name and _CLAUDE.match(bare) else None


def to_copilot(model: str) -> Model:
    """Copilot names versions; other names than ours are its own."""
    if model == INHERIT:
        return Model(None)
    return _shown(model, 0)


def to_cursor(model: str) -> Model:
    return Model(model) if model == INHERIT else _shown(model, 1)


def to_opencode(model: str) -> Model:
    """OpenCode names the provider first; without a model it takes the caller's."""
    if model == INHERIT:
        return Model(None)
    bare = _LONG_CONTEXT.sub("", model)
    name = ALIASES.get(bare, bare)
    if not _CLAUDE.match(name):
        return Model(model if "/" in model else None, exact="/" in model)
    return Model(f"{_ANTHROPIC}{name}", exact=name == model)


def to_codex(model: str) -> Model:
    """Codex runs the models of OpenAI, and without one that of the session."""
    if model == INHERIT:
        return Model(None)
    return Model(None, exact=False) if _is_foreign(model, _OPENAI) else Model(model)


def to_gemini(model: str) -> Model:
    if model == INHERIT:
        return Model(model)
    return Model(None, exact=False) if _is_foreign(model, _GEMINI) else Model(model)


def _shown(model: str, place: int) -> Model:
    bare = _LONG_CONTEXT.sub("", model)
    name = _DATED.sub("", ALIASES.get(bare, bare))
    if name in MODELS:
        return Model(MODELS[name][place], exact=name == model)
    is_ours = _CLAUDE.match(name) is not None or bare == "fable"
    return Model(None, exact=False) if is_ours else Model(model)


def _is_foreign(model: str, own: re.Pattern[str]) -> bool:
    return own.match(model.lower()) is None
