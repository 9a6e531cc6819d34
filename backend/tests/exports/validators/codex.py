"""Codex: an agent with a key that it does not know is silently not there."""

import tomllib
from collections.abc import Iterator, Mapping

from tests.exports.validators.reading import (
    Rule,
    Values,
    are_texts,
    is_bool,
    is_map,
    is_number,
    is_said,
    maps_texts,
    mistyped,
    one_of,
    skills,
    unknown,
)

_SERVER: dict[str, Rule] = {
    "command": is_said,
    "args": are_texts,
    "env": maps_texts,
    "env_vars": are_texts,
    "cwd": is_said,
    "url": is_said,
    "bearer_token_env_var": is_said,
    "http_headers": maps_texts,
    "env_http_headers": maps_texts,
    "startup_timeout_sec": is_number,
    "tool_timeout_sec": is_number,
    "enabled": is_bool,
    "enabled_tools": are_texts,
    "disabled_tools": are_texts,
}
_AGENT: dict[str, Rule] = {
    "name": is_said,
    "description": is_said,
    "developer_instructions": is_said,
    "nickname_candidates": are_texts,
    "model": is_said,
    "model_reasoning_effort": one_of("minimal", "low", "medium", "high", "xhigh"),
    "sandbox_mode": one_of("read-only", "workspace-write", "danger-full-access"),
    "web_search": one_of("cached", "disabled", "live"),
    "mcp_servers": is_map,
}
_NEEDED = {"name", "description", "developer_instructions"}


def problems(files: Mapping[str, bytes]) -> list[str]:
    return [said for path, data in files.items() for said in _of(path, data)]


def _of(path: str, data: bytes) -> Iterator[str]:
    yield from skills(path, data)
    if path.startswith(".agents/skills/"):
        return
    try:
        values = tomllib.loads(data.decode())
    except tomllib.TOMLDecodeError as error:
        yield f"{path}: {error}"
        return
    if path.startswith(".codex/agents/") and path.endswith(".toml"):
        yield from (f"{path}: {said}" for said in agent(values))
    elif path == ".codex/config.toml":
        if list(values) != ["mcp_servers"]:
            yield f"{path}: its keys are {sorted(values)}"
        yield from (f"{path}: {said}" for said in _servers(values["mcp_servers"]))
    else:
        yield f"{path}: nobody looks there"


def agent(values: Values) -> Iterator[str]:
    yield from (f"it has no {key}" for key in _NEEDED - values.keys())
    yield from mistyped(values, _AGENT)
    yield from unknown(values, _AGENT)
    yield from _servers(values.get("mcp_servers", {}))


def _servers(configs: Values) -> Iterator[str]:
    for name, config in configs.items():
        yield from (f"{name}: {said}" for said in mistyped(config, _SERVER))
        yield from (f"{name}: {said}" for said in unknown(config, _SERVER))
        if ("command" in config) == ("url" in config):
            yield f"{name}: nothing says how to reach it"
