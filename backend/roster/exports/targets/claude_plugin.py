"""Target `claude-plugin`: a marketplace with one plugin, for Claude Code and Codex."""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from roster.exports import servers
from roster.exports.ledger import Ledger
from roster.exports.plugin_names import marketplace_name, plugin_name
from roster.exports.served import Served
from roster.exports.shipment import Shipment
from roster.exports.targets import claude_pages as pages
from roster.exports.targets import claude_servers, plugin_readme
from roster.exports.targets.base import Exported, Fate, Target

_PATHS = {
    "agent": "agents/{}.md",
    "skill": "skills/{}/SKILL.md",
    "command": "commands/{}.md",
}
_IGNORED = ("hooks", "mcpServers", "permissionMode")
_TOOLS = ("tools", "disallowedTools", "allowed-tools", "disallowed-tools")
_BEARER = re.compile(r"Bearer \$\{(?P<name>[A-Za-z_]\w*)\}\Z")


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    plugin = plugin_name(shipment.collection)
    root = f"plugins/{plugin}"
    _manifests(ledger, shipment, plugin, root)
    called = {
        f"mcp__{item.name}": f"mcp__plugin_{plugin}_{item.name}"
        for item in shipment.items
        if item.kind == servers.KIND
    }
    renamed = partial(_tools_renamed, called=called)
    skills = {item.name for item in shipment.items if item.kind == "skill"}
    for item in shipment.items:
        if item.kind in _PATHS:
            path = f"{root}/{_PATHS[item.kind].format(item.name)}"
            pages.put(ledger, item, path, *_CHANGES[item.kind], renamed)
            pages.put_beside(ledger, item, path)
            if item.kind == "command" and item.name in skills:
                pages.say_hidden(ledger, item, path)
    path = f"{root}/{servers.PATH}"
    claude_servers.put(ledger, shipment.items, path, _for_codex)
    ledger.add(f"{root}/README.md", plugin_readme.write(shipment, plugin, ledger))
    return ledger.exported()


def described(shipment: Shipment) -> str:
    """What the plugin is for, in one line."""
    for text in (shipment.description, shipment.title):
        if text.strip():
            return " ".join(text.split())
    return f"What {shipment.team}/{shipment.collection} holds."


def entry(shipment: Shipment, source: Any) -> dict[str, Any]:
    """The plugin of a collection as a marketplace lists it."""
    return {
        "name": plugin_name(shipment.collection),
        "source": source,
        "description": described(shipment),
        "version": version(shipment),
    }


def version(shipment: Shipment) -> str:
    return f"{shipment.number}.0.0"


def marketplace(
    name: str, owner: str, description: str, entries: list[dict[str, Any]]
) -> bytes:
    """A `.claude-plugin/marketplace.json`."""
    return _json(
        {
            "name": name,
            "owner": {"name": owner},
            "description": description,
            "plugins": entries,
        }
    )


def _manifests(ledger: Ledger, shipment: Shipment, plugin: str, root: str) -> None:
    manifest = {
        "name": plugin,
        "version": version(shipment),
        "description": described(shipment),
        "author": {"name": shipment.author or shipment.team},
    }
    market = marketplace(
        marketplace_name(shipment.team, shipment.collection),
        shipment.team,
        described(shipment),
        [entry(shipment, f"./{root}")],
    )
    path = f"{root}/.claude-plugin/plugin.json"
    ledger.add(".claude-plugin/marketplace.json", market)
    ledger.add(path, _json(manifest))
    if plugin != shipment.collection:
        why = "Claude Code keeps the name of the collection for itself."
        ledger.of_all(Fate.renamed, why, path, plugin)


def _json(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return f"{text}\n".encode(errors="replace")


def _without_ignored(draft: pages.Draft) -> None:
    """What Claude Code ignores in agents of plugins stays in the file, and is told."""
    for key in _IGNORED:
        if key in draft.values:
            why = "Claude Code ignores it in agents that come with a plugin."
            draft.say(Fate.dropped, why, key)


def _tools_renamed(draft: pages.Draft, *, called: Mapping[str, str]) -> None:
    """Tools of the servers beside it are called otherwise within a plugin."""
    if not called:
        return
    for key in _TOOLS:
        value = draft.values.get(key)
        listed = value if isinstance(value, list) else [value]
        new = [_called(one, called) for one in listed]
        if new != listed:
            draft.values[key] = new if isinstance(value, list) else new[0]
            shown = ", ".join(str(one) for one in new)
            why = "Within a plugin, Claude Code calls the tools of its servers so."
            draft.say(Fate.renamed, why, key, shown)


def _called(value: Any, called: Mapping[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    return re.sub(
        r"(?<![\w-])(mcp__[a-z0-9-]+)(?=__|(?![\w-]))",
        lambda match: called.get(match[1], match[1]),
        value,
    )


def _for_codex(one: Served) -> None:
    """Codex expands no variable in a header, and reads the name of one beside it."""
    headers = one.values.get("headers")
    written = headers.get("Authorization") if isinstance(headers, dict) else None
    match = _BEARER.match(written) if isinstance(written, str) else None
    if match and "bearer_token_env_var" not in one.values:
        one.values["bearer_token_env_var"] = match["name"]
        why = "Codex takes the token of the header from the variable of this name."
        one.say(Fate.renamed, "bearer_token_env_var", why, match["name"])


_CHANGES: dict[str, tuple[pages.Change, ...]] = {
    "agent": (pages.named, pages.described, _without_ignored),
    "skill": (pages.named, pages.described, pages.tools_listed),
    "command": (pages.described,),
}

TARGET = Target(
    "claude-plugin",
    "Claude plugin",
    "claude-code",
    "A marketplace with one plugin, which Claude Code and Codex install.",
    export,
)
