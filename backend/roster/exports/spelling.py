"""How each tool spells the configuration of a server: the way back of `foreign`.

Each function takes a server in our spelling and gives what stands below its name, or
None where the tool cannot use such a server. What it changes, it notes in `Served`.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from roster.components.foreign.server_fields import variable
from roster.components.kinds.server_values import REFERENCE
from roster.exports.served import Served
from roster.exports.targets.base import Fate

Values = dict[str, Any]
_BY_TOOLS = "CLAUDE_"
_SECRET = re.compile(
    r"(?i)(?:^|_)(?:key|token|secret|passw(?:or)?d|pwd|credentials?|pat|auth)(?:_|\Z)"
)
_BEARER = re.compile(r"Bearer \$\{(?P<name>[A-Za-z_]\w{0,127})\}\Z")
_NAME = re.compile(r"[A-Za-z_]\w{0,127}")
_WORD = re.compile(r"\$\{(?P<name>[A-Za-z_]\w{0,127})\}\Z")
_LOCAL: tuple[str, ...] = ("command", "args", "env", "cwd")
_REMOTE: tuple[str, ...] = ("url", "headers")
_TYPES: dict[str, type] = {"args": list, "cwd": str, "description": str, "timeout": int}
_NAMED_BY = "{tool} names variables so."


def document(values: Any) -> bytes:
    """A JSON document as every export writes it."""
    text = json.dumps(values, indent=2, ensure_ascii=False)
    return f"{text}\n".encode(errors="replace")


def vs_code(found: Served, inputs: dict[str, Values]) -> Values | None:
    """A server of VS Code; what a person is to be asked for is put into `inputs`."""

    def named(name: str, default: str | None, field: str) -> str:
        asked = default is not None or _SECRET.search(name)
        if not asked or variable(name) != name:
            if default is not None:
                found.say(Fate.approximated, field, _no_default("VS Code", name))
            return f"${{env:{name}}}"
        new: Values = {"type": "promptString", "id": name, "description": name}
        if default is not None:
            new["default"] = default
        if _SECRET.search(name):
            new["password"] = True
        held = inputs.setdefault(name, new)
        if held.get("default") != default:
            why = f"VS Code asks for {name} once, with one default."
            found.say(Fate.approximated, field, why)
        return f"${{input:{name}}}"

    values = _begun(found, "VS Code", {"envFile", "description", "dev"})
    if values is None:
        return None
    values = _referring(found, values, "VS Code", named)
    kind = "stdio" if "command" in values else str(values.get("type", "http"))
    return {"type": kind, **{k: one for k, one in values.items() if k != "type"}}


def copilot(found: Served) -> Values | None:
    """A server of an agent of Copilot: it has its tools listed, or all."""
    more = {"tools", "description"}
    values = _begun(found, "Copilot", more)
    if values is None:
        return None
    kind = "local" if "command" in values else str(values.get("type", "http"))
    rest = {key: one for key, one in values.items() if key != "type"}
    return {"type": kind, **rest, "tools": rest.get("tools", ["*"])}


def cursor(found: Served) -> Values | None:
    values = _begun(found, "Cursor", {"description", "envFile", "auth"})

    def named(name: str, default: str | None, field: str) -> str:
        if default is not None:
            found.say(Fate.approximated, field, _no_default("Cursor", name))
        return f"${{env:{name}}}"

    return values and _referring(found, values, "Cursor", named)


def gemini(found: Served) -> Values | None:
    """What stands at `url` Gemini takes for SSE, and at `httpUrl` for the newer way."""
    kept = {"description", "timeout", "includeTools", "excludeTools", "oauth"}
    values = _begun(found, "Gemini CLI", kept)

    def named(name: str, default: str | None, field: str) -> str:
        if default is not None:
            found.say(Fate.approximated, field, _no_default("Gemini CLI", name))
        return f"${{{name}}}"

    if values is None:
        return None
    values = _referring(found, values, "Gemini CLI", named)
    if not isinstance(values.get("oauth", {}), dict):
        del values["oauth"]
        found.say(Fate.dropped, "oauth", "Gemini CLI reads a map there.")
    kind = _untyped(found, values)
    if "url" not in values or kind == "sse":
        return values
    found.say(Fate.renamed, "url", "Gemini CLI takes a url for SSE.", "httpUrl")
    return {"httpUrl" if key == "url" else key: one for key, one in values.items()}


def opencode(found: Served) -> Values | None:
    values = _begun(found, "OpenCode", {"enabled", "disabled", "oauth"})

    def named(name: str, default: str | None, field: str) -> str:
        if default is not None:
            found.say(Fate.approximated, field, _no_default("OpenCode", name))
        return f"{{env:{name}}}"

    if values is None:
        return None
    for key in _naming_files(values):
        why = "OpenCode puts what a file of yours holds in the place of {file:…}."
        found.say(Fate.approximated, key, why)
    values = _referring(found, values, "OpenCode", named)
    if _untyped(found, values) == "sse":
        why = "OpenCode tries the newer way first, and this one then."
        found.say(Fate.approximated, "type", why, "remote")
    made = _opencode_local if "command" in values else _opencode_remote
    off = values.get("disabled") is True or values.get("enabled") is False
    return {**made(found, values), "enabled": not off}


def _naming_files(values: Values) -> list[str]:
    return [key for key, value in values.items() if "{file:" in json.dumps(value)]


def _opencode_local(found: Served, values: Values) -> Values:
    made: Values = {"type": "local", "command": [values["command"]]}
    made["command"] += values.get("args", [])
    found.say(Fate.renamed, "command", "It begins the list.", "command")
    if "args" in values:
        found.say(Fate.renamed, "args", "They follow the command.", "command")
    if "env" in values:
        made["environment"] = values["env"]
        found.say(Fate.renamed, "env", "So OpenCode calls it.", "environment")
    if "cwd" in values:
        why = "OpenCode starts servers in the folder of the project."
        found.say(Fate.dropped, "cwd", why)
    if "oauth" in values:
        found.say(Fate.dropped, "oauth", "OpenCode has it for a remote server alone.")
    return made


def _opencode_remote(found: Served, values: Values) -> Values:
    made = {"type": "remote"} | {key: values[key] for key in _REMOTE if key in values}
    oauth = values.get("oauth")
    if isinstance(oauth, dict) or oauth is False:
        made["oauth"] = oauth
    elif oauth is not None:
        found.say(Fate.dropped, "oauth", "OpenCode reads a map there.")
    return made


def codex(found: Served) -> Values | None:
    """Codex fills nothing in: it is told the names of variables, each in its place."""
    kept = {
        *("startup_timeout_sec", "tool_timeout_sec", "enabled", "disabled"),
        *("enabled_tools", "disabled_tools", "timeout"),
    }
    values = _begun(found, "Codex", kept)
    if values is None:
        return None
    for key in ("command", "args", "cwd", "url"):
        if key in values:
            values[key] = _codex_text(found, key, values[key])
    begin = ("command", "args")
    made: Values = {key: values[key] for key in begin if key in values}
    kind = _untyped(found, values)
    if "url" in values:
        made["url"] = values["url"]
        if kind == "sse":
            why = "Codex speaks the newer way alone."
            found.say(Fate.approximated, "type", why)
    if "command" in values:
        made |= _codex_env(found, values.get("env", {}))
        made |= {"cwd": values["cwd"]} if "cwd" in values else {}
    else:
        made |= _codex_headers(found, values.get("headers", {}))
    return made | _codex_rest(found, values)


def _codex_text(found: Served, key: str, value: Any) -> Any:
    """A default stands in for its variable; without one, nothing does."""
    if isinstance(value, list):
        return [_codex_text(found, key, one) for one in value]
    text = str(value)
    new = REFERENCE.sub(
        lambda m: m.group() if m["default"] is None else m["default"], text
    )
    if new != text:
        why = "Codex fills in no variables here: the default stands in its place."
        found.say(Fate.approximated, key, why, new)
    if REFERENCE.search(new):
        why = "Codex fills in no variables here: write the value in its place."
        found.say(Fate.approximated, key, why)
    return new


def _codex_env(found: Served, env: Mapping[str, str]) -> Values:
    plain: Values = {}
    passed: list[str] = []
    for key, said in env.items():
        match = REFERENCE.fullmatch(said)
        default = match["default"] if match else None
        if match is None and not REFERENCE.search(said):
            plain[key] = said
        elif default is not None:
            plain[key] = default
            why = f"Codex knows no default beside a variable: {key} is set to it."
            found.say(Fate.approximated, "env", why)
        elif not _NAME.fullmatch(key):
            found.say(Fate.dropped, "env", f"Codex can pass nothing on as {key}.")
        else:
            passed.append(key)
            if match is None or match["name"] != key:
                why = f"Codex passes a variable on under its name: set {key}."
                found.say(Fate.approximated, "env", why, key)
    if passed:
        why = "Codex passes the named variables on."
        found.say(Fate.renamed, "env", why, "env_vars")
    made: Values = {"env": plain} if plain else {}
    return made | ({"env_vars": passed} if passed else {})


def _codex_headers(found: Served, headers: Mapping[str, str]) -> Values:
    plain: Values = {}
    named: Values = {}
    made: Values = {}
    for key, said in headers.items():
        bearer, whole = _BEARER.match(said), _WORD.match(said)
        if bearer and key == "Authorization":
            made["bearer_token_env_var"] = bearer["name"]
        elif whole:
            named[key] = whole["name"]
        elif REFERENCE.search(said):
            why = f"Codex takes a header as it is, or a variable alone: not {key}."
            found.say(Fate.dropped, "headers", why)
        else:
            plain[key] = said
    made |= {"http_headers": plain} if plain else {}
    made |= {"env_http_headers": named} if named else {}
    if made:
        why = "So Codex tells what is plain from what a variable holds."
        found.say(Fate.renamed, "headers", why, ", ".join(made))
    return made


def _codex_rest(found: Served, values: Values) -> Values:
    made: Values = {}
    timeout = values.get("timeout")
    if isinstance(timeout, int) and "tool_timeout_sec" not in values:
        made["tool_timeout_sec"] = timeout / 1000 if timeout % 1000 else timeout // 1000
        found.say(Fate.renamed, "timeout", "In seconds.", "tool_timeout_sec")
    elif "timeout" in values:
        found.say(Fate.dropped, "timeout", "It is no number of milliseconds.")
    for key in ("startup_timeout_sec", "tool_timeout_sec"):
        one = values.get(key)
        if isinstance(one, int | float) and not isinstance(one, bool):
            made[key] = one
    for key in ("enabled_tools", "disabled_tools"):
        one = values.get(key)
        if isinstance(one, list) and all(isinstance(name, str) for name in one):
            made[key] = one
    if values.get("disabled") is True or values.get("enabled") is False:
        made["enabled"] = False
    return made


def _begun(found: Served, tool: str, more: Collection[str]) -> Values | None:
    """What the tool reads of a server, in one order; None if it can use none of it."""
    values, kind = found.values, found.values.get("type")
    command, url = values.get("command"), values.get("url")
    if isinstance(command, str) and command:
        own = _LOCAL
    elif isinstance(url, str) and url:
        own = _REMOTE
    else:
        found.say(Fate.dropped, "", "It says neither a command nor an address.")
        return None
    if own is _REMOTE and kind not in {None, "http", "sse"}:
        found.say(Fate.dropped, "", f"{tool} speaks no {str(kind)[:40]}.")
        return None
    keys = ["type", *own, *sorted(more)]
    kept = {}
    for key, value in values.items():
        if value is None or value in ([], {}):
            found.say(Fate.renamed, key, "Nothing stands in it.")
        elif key not in keys:
            found.say(Fate.dropped, key, f"{tool} has no place for it.")
        elif not isinstance(value, _TYPES.get(key, object)):
            found.say(Fate.dropped, key, f"{tool} refuses a value of this type.")
        else:
            kept[key] = value
    return {key: kept[key] for key in keys if key in kept}


def _untyped(found: Served, values: Values) -> Any:
    """Take the type out, for a tool that sees it in the other fields."""
    kind = values.pop("type", None)
    if kind is not None:
        found.say(Fate.renamed, "type", "It is seen in the other fields.")
    return kind


def _referring(
    found: Served,
    values: Values,
    tool: str,
    named: Callable[[str, str | None, str], str],
) -> Values:
    """The values with each reference to a variable as the tool writes it."""
    changed: dict[str, str] = {}

    def one(match: re.Match[str], field: str) -> str:
        if match["name"].startswith(_BY_TOOLS):
            why = f"Claude Code alone sets {match['name']}."
            found.say(Fate.approximated, field, why)
            return match.group()
        new = named(match["name"], match["default"], field)
        if new != match.group():
            changed[field] = new
        return new

    def walk(value: Any, field: str) -> Any:
        if isinstance(value, str):
            return REFERENCE.sub(lambda match: one(match, field), value)
        if isinstance(value, list):
            return [walk(item, field) for item in value]
        if isinstance(value, dict):
            return {key: walk(item, field) for key, item in value.items()}
        return value

    kept = {"description", "type"}
    made = {key: v if key in kept else walk(v, key) for key, v in values.items()}
    for field, new in changed.items():
        found.say(Fate.renamed, field, _NAMED_BY.format(tool=tool), new)
    return made


def _no_default(tool: str, name: str) -> str:
    return f"{tool} knows no default of a variable: set {name}."
