"""GitHub Copilot and VS Code: GitHub's reference of custom agents, VS Code's docs."""

import re
from collections.abc import Iterator, Mapping

from tests.exports.validators.reading import (
    RefusedError,
    Rule,
    Values,
    are_texts,
    document,
    either,
    is_bool,
    is_map,
    is_said,
    is_text,
    maps_texts,
    matter,
    mistyped,
    one_of,
    skills,
)

BODY = 30_000
_AGENT: dict[str, Rule] = {
    "name": is_said,
    "description": is_said,
    "target": one_of("vscode", "github-copilot"),
    "tools": either(are_texts, is_text),
    "model": either(are_texts, is_said),
    "disable-model-invocation": is_bool,
    "user-invocable": is_bool,
    "mcp-servers": is_map,
}
_PROMPT: dict[str, Rule] = {
    "name": is_said,
    "description": is_said,
    "argument-hint": is_text,
    "agent": is_said,
    "model": either(are_texts, is_said),
    "tools": are_texts,
}
_INPUT: dict[str, Rule] = {
    "id": is_said,
    "type": one_of("promptString", "pickString", "command"),
    "description": is_said,
    "password": is_bool,
    "default": is_text,
}
_SERVER: dict[str, Rule] = {
    "type": one_of("stdio", "http", "sse"),
    "command": is_said,
    "args": are_texts,
    "env": maps_texts,
    "cwd": is_said,
    "url": is_said,
    "headers": maps_texts,
}
_OWN: dict[str, Rule] = _SERVER | {
    "type": one_of("local", "http", "sse"),
    "tools": are_texts,
}
_ASKED = re.compile(r"\$\{input:(?P<id>[^}]*)\}")
# Claude Code's own fields, which Copilot has another one or none for.
_NOT_ITS = frozenset({"color", "hooks", "maxTurns", "mcpServers", "permissionMode"})


def problems(files: Mapping[str, bytes]) -> list[str]:
    return [said for path, data in files.items() for said in _of(path, data)]


def _of(path: str, data: bytes) -> Iterator[str]:
    yield from skills(path, data)
    try:
        if path.startswith(".github/agents/"):
            yield from (f"{path}: {said}" for said in _agent(path, data))
        elif path.startswith(".github/prompts/"):
            yield from (f"{path}: {said}" for said in _prompt(path, data))
        elif path == ".vscode/mcp.json":
            yield from (f"{path}: {said}" for said in _servers(document(data)))
        elif not path.startswith(".github/skills/"):
            yield f"{path}: nobody looks there"
    except RefusedError as error:
        yield f"{path}: {error}"


def _agent(path: str, data: bytes) -> Iterator[str]:
    if not path.endswith(".agent.md"):
        yield "its name does not end as that of an agent"
    values, body = matter(data)
    if "description" not in values:
        yield "it has no description"
    if len(body) > BODY:
        yield f"its text has {len(body):,} characters"
    yield from mistyped(values, _AGENT)
    yield from (f"{key} is not Copilot's" for key in _NOT_ITS & values.keys())
    for name, config in (values.get("mcp-servers") or {}).items():
        yield from (f"{name}: {said}" for said in mistyped(config, _OWN))
        if "tools" not in config:
            yield f"{name}: it opens no tool"


def _prompt(path: str, data: bytes) -> Iterator[str]:
    if not path.endswith(".prompt.md"):
        yield "its name does not end as that of a prompt"
    values, _ = matter(data, is_needed=False)
    yield from mistyped(values, _PROMPT)


def _servers(values: Values) -> Iterator[str]:
    if values.keys() != {"inputs", "servers"}:
        yield f"its keys are {sorted(values)}"
    known = set()
    for asked in values["inputs"]:
        yield from mistyped(asked, _INPUT)
        if asked["id"] in known:
            yield f"{asked['id']} is asked for twice"
        known.add(asked["id"])
    for name, config in values["servers"].items():
        yield from (f"{name}: {said}" for said in mistyped(config, _SERVER))
        if ("command" in config) == ("url" in config) or "type" not in config:
            yield f"{name}: nothing says how to reach it"
        for match in _ASKED.finditer(str(config)):
            if match["id"] not in known:
                yield f"{name}: nobody is asked for {match['id']}"
