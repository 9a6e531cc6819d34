"""Gemini CLI: its agent loader is strict, and so is its reader of extensions."""

import re
import tomllib
from collections.abc import Iterator, Mapping

from tests.exports.validators.reading import (
    RefusedError,
    Rule,
    Values,
    are_texts,
    document,
    is_count,
    is_map,
    is_number,
    is_said,
    maps_texts,
    matter,
    mistyped,
    one_of,
    skills,
    unknown,
)

TOOLS = frozenset(
    {
        *("glob", "grep_search", "search_file_content", "list_directory", "read_file"),
        *("read_many_files", "write_file", "replace", "run_shell_command", "web_fetch"),
        *("google_web_search", "write_todos", "activate_skill", "ask_user"),
        *("enter_plan_mode", "exit_plan_mode"),
    }
)
_OF_SERVERS = re.compile(r"mcp_(?:\*|[A-Za-z0-9-]+_(?:\*|[\w.-]+))\Z|\*\Z")
_AGENT: dict[str, Rule] = {
    "kind": one_of("local"),
    "name": lambda value: bool(re.match(r"[a-z0-9_-]+\Z", str(value))),
    "description": is_said,
    "display_name": is_said,
    "tools": are_texts,
    "mcp_servers": is_map,
    "model": is_said,
    "temperature": is_number,
    "max_turns": is_count,
    "timeout_mins": is_number,
}
_SERVER: dict[str, Rule] = {
    "command": is_said,
    "args": are_texts,
    "env": maps_texts,
    "cwd": is_said,
    "url": is_said,
    "httpUrl": is_said,
    "headers": maps_texts,
    "timeout": is_count,
    "description": is_said,
    "includeTools": are_texts,
    "excludeTools": are_texts,
    "oauth": is_map,
}
_OWN = _SERVER | {
    "http_url": is_said,
    "include_tools": are_texts,
    "exclude_tools": are_texts,
}
_COMMAND: dict[str, Rule] = {"prompt": is_said, "description": is_said}
_GIVEN = re.compile(r"\$\{\w+\}", re.ASCII)


def problems(files: Mapping[str, bytes]) -> list[str]:
    found = [said for path, data in files.items() for said in _of(path, data)]
    if "gemini-extension.json" not in files:
        found.append("it is no extension")
    return found


def _of(path: str, data: bytes) -> Iterator[str]:
    yield from skills(path, data)
    try:
        if path == "gemini-extension.json":
            yield from (f"{path}: {said}" for said in _extension(document(data)))
        elif path.startswith("agents/"):
            yield from (f"{path}: {said}" for said in agent(data))
        elif path.startswith("commands/"):
            values = tomllib.loads(data.decode())
            yield from (f"{path}: {said}" for said in mistyped(values, _COMMAND))
            yield from (f"{path}: {said}" for said in unknown(values, _COMMAND))
            if "prompt" not in values:
                yield f"{path}: it has no prompt"
        elif not path.startswith("skills/"):
            yield f"{path}: nobody looks there"
    except (RefusedError, tomllib.TOMLDecodeError) as error:
        yield f"{path}: {error}"


def agent(data: bytes) -> Iterator[str]:
    """What its loader says to an agent, and what it says when the agent starts."""
    values, body = matter(data)
    yield from mistyped(values, _AGENT)
    yield from unknown(values, _AGENT)
    yield from (f"it has no {key}" for key in {"name", "description"} - values.keys())
    for tool in values.get("tools") or ():
        if tool not in TOOLS and not _OF_SERVERS.match(tool):
            yield f"{tool} is no tool"
    for name, config in (values.get("mcp_servers") or {}).items():
        yield from (f"{name}: {said}" for said in mistyped(config, _OWN))
        yield from (f"{name}: {said}" for said in unknown(config, _OWN))
    if _GIVEN.search(body):
        yield "its prompt names what nobody gives it"


def _extension(values: Values) -> Iterator[str]:
    if not re.match(r"[A-Za-z0-9-]+\Z", str(values.get("name"))):
        yield f"name is {values.get('name')!r}"
    if not re.match(r"\d+\.\d+\.\d+\Z", str(values.get("version"))):
        yield f"version is {values.get('version')!r}"
    for name, config in values.get("mcpServers", {}).items():
        if "_" in name:
            yield f"{name}: what stands before the underscore is taken for its name"
        yield from (f"{name}: {said}" for said in mistyped(config, _SERVER))
        yield from (f"{name}: {said}" for said in unknown(config, _SERVER))
        if sum(key in config for key in ("command", "url", "httpUrl")) != 1:
            yield f"{name}: nothing says how to reach it"
