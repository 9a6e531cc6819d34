"""OpenCode 1: one value of a wrong type, and it refuses the whole configuration."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.exports.validators.reading import (
    RefusedError,
    Rule,
    Values,
    are_texts,
    document,
    either,
    is_bool,
    is_count,
    is_map,
    is_number,
    is_said,
    is_text,
    maps_texts,
    matter,
    mistyped,
    one_of,
    skills,
    unknown,
)

_THEME = ("primary", "secondary", "accent", "success", "warning", "error", "info")


def _is_color(value: Any) -> bool:
    figures = isinstance(value, str) and re.match(r"#[0-9a-fA-F]{6}\Z", value)
    return bool(figures) or value in _THEME


def _are_switches(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(on, bool) for on in value.values()
    )


def _are_rights(value: Any) -> bool:
    if not isinstance(value, dict):
        return value in {"ask", "allow", "deny"}
    return all(_are_rights(one) for one in value.values())


_AGENT: dict[str, Rule] = {
    "description": is_said,
    "mode": one_of("subagent", "primary", "all"),
    "model": is_said,
    "variant": is_text,
    "temperature": is_number,
    "top_p": is_number,
    "tools": _are_switches,
    "permission": _are_rights,
    "hidden": is_bool,
    "disable": is_bool,
    "color": _is_color,
    "steps": is_count,
    "options": is_map,
}
_COMMAND: dict[str, Rule] = {
    "description": is_said,
    "agent": is_text,
    "model": is_said,
    "subtask": is_bool,
}
_LOCAL: dict[str, Rule] = {
    "type": one_of("local"),
    "command": lambda value: are_texts(value) and bool(value),
    "environment": maps_texts,
    "enabled": is_bool,
}
_REMOTE: dict[str, Rule] = {
    "type": one_of("remote"),
    "url": is_said,
    "headers": maps_texts,
    "oauth": either(is_map, lambda value: value is False),
    "enabled": is_bool,
}


def problems(files: Mapping[str, bytes]) -> list[str]:
    return [said for path, data in files.items() for said in _of(path, data)]


def _of(path: str, data: bytes) -> Iterator[str]:
    yield from skills(path, data)
    try:
        if path.startswith(".opencode/agents/"):
            yield from (f"{path}: {said}" for said in agent(data))
        elif path.startswith(".opencode/commands/"):
            values, _ = matter(data, is_needed=False)
            yield from (f"{path}: {said}" for said in mistyped(values, _COMMAND))
            yield from (f"{path}: {said}" for said in unknown(values, _COMMAND))
        elif path == "opencode.json":
            yield from (f"{path}: {said}" for said in config(document(data)))
        elif not path.startswith(".opencode/skills/"):
            yield f"{path}: nobody looks there"
    except RefusedError as error:
        yield f"{path}: {error}"


def agent(data: bytes) -> Iterator[str]:
    values, _ = matter(data)
    if "description" not in values:
        yield "it has no description"
    if "/" not in str(values.get("model", "a/b")):
        yield f"model is {values['model']!r}, without a provider"
    yield from mistyped(values, _AGENT)
    yield from unknown(values, _AGENT)


def config(values: Values) -> Iterator[str]:
    if not values.keys() <= {"$schema", "mcp"}:
        yield f"its keys are {sorted(values)}"
    for name, one in values["mcp"].items():
        rules = _LOCAL if one.get("type") == "local" else _REMOTE
        needed = {"type", "enabled", "command" if rules is _LOCAL else "url"}
        yield from (f"{name}: it has no {key}" for key in needed - one.keys())
        yield from (f"{name}: {said}" for said in mistyped(one, rules))
        yield from (f"{name}: {said}" for said in unknown(one, rules))
