"""MCP servers as every target begins with them: in our spelling, without secrets."""

import re
import shlex
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from roster.components.kinds import KINDS, Parsed, Reference
from roster.components.kinds.server_manifest import TRANSPORTS, ServerManifest
from roster.components.kinds.server_values import references, take_out, translated
from roster.exports.shipment import Item
from roster.exports.targets.base import Fate

KIND = "server"
_FOREIGN = re.compile(r"\$?\{env:\w+\}|(?<![\w$\\])\$[A-Z_][A-Z0-9_]+(?!\w)")
_STDIO = "stdio"


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the loss report, before a target says in which file it is."""

    fate: Fate
    field: str
    why: str
    becomes: str | None = None


@dataclass
class Served:
    """A server, ready to be spelled as a tool reads it.

    Attributes:
        item: Its component.
        values: Its configuration; a remote one always has a `type` and a `url`.
        references: The variables that it needs.
        changes: What had to be changed so far.
    """

    item: Item
    values: dict[str, Any]
    references: list[Reference] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def manifest(self) -> ServerManifest:
        return ServerManifest.read(self.values)[0]

    def say(self, fate: Fate, field: str, why: str, becomes: str | None = None) -> None:
        self.changes.append(Change(fate, field, why, becomes))


def served(item: Item) -> Served:
    """Read a server, and settle what no tool has to be asked about."""
    parsed = item.parsed
    found = Served(item, {})
    if parsed.secrets:
        for literal in parsed.secrets:
            found.say(
                Fate.approximated,
                literal.place.value,
                f"{literal.label.capitalize()} was written out here; set the variable.",
                f"${{{literal.key}}}",
            )
        keys = {literal.key for literal in parsed.secrets}
        parsed = _read(item, take_out(parsed, keys)[0])
    found.values = deepcopy(parsed.manifest)
    _settle_texts(found)
    _settle_transport(found)
    for key in ("env", "headers", "url"):
        if key in found.values:
            found.values[key] = _translated(found, key, found.values[key])
    found.references = references([], list(_texts(found.values)))
    return found


def _read(item: Item, data: bytes) -> Parsed:
    kind = KINDS[KIND]
    return kind.parse(data, kind.export_path(item.name), limit=max(1, len(data)))


def _settle_texts(found: Served) -> None:
    values = found.values
    args = values.get("args")
    if isinstance(args, str):
        values["args"] = _words(args)
        why = "Tools read a list of arguments."
        found.say(Fate.approximated, "args", why)
    elif isinstance(args, list) and not all(isinstance(arg, str) for arg in args):
        values["args"] = [_text(arg) for arg in args]
        found.say(Fate.renamed, "args", "Tools read texts alone.")
    for key in ("env", "headers"):
        inner = values.get(key)
        if inner is None:
            values.pop(key, None)
        elif not isinstance(inner, dict):
            del values[key]
            found.say(Fate.dropped, key, "Tools read names with values here.")
        elif not all(isinstance(value, str) for value in inner.values()):
            values[key] = {name: _text(value) for name, value in inner.items()}
            found.say(Fate.renamed, key, "Tools read texts alone.")


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _settle_transport(found: Served) -> None:
    values = found.values
    if "httpUrl" in values and not values.get("url"):
        pairs = values.items()
        renamed = {"url" if k == "httpUrl" else k: v for k, v in pairs if k != "url"}
        found.values = values = renamed
        found.say(Fate.renamed, "httpUrl", "It is the address.", "url")
    elif "httpUrl" in values:
        del values["httpUrl"]
        found.say(Fate.dropped, "httpUrl", "There is an address already.")
    manifest, kind = found.manifest, values.get("type")
    known = TRANSPORTS.get(kind) if isinstance(kind, str) else None
    if manifest.command:
        settled = _STDIO
    elif known in {None, _STDIO}:
        settled = "http"
    else:
        settled = str(known)
    if kind is None and settled == _STDIO:
        return
    if kind == settled:
        return
    found.values = {"type": settled, **{k: v for k, v in values.items() if k != "type"}}
    same = kind is None or known == settled
    why = "Tools want to be told how a server is reached."
    found.say(Fate.renamed if same else Fate.approximated, "type", why, settled)


def _translated(found: Served, key: str, value: Any) -> Any:
    """References of other tools to variables, as we write them."""
    if isinstance(value, dict):
        return {name: _translated(found, key, inner) for name, inner in value.items()}
    if not isinstance(value, str):
        return value

    def ours(match: re.Match[str]) -> str:
        new = translated(match.group()) or match.group()
        if new != match.group():
            found.say(Fate.renamed, key, "So a variable is named.", new)
        return new

    return _FOREIGN.sub(ours, value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        for item in inner:
            yield from _texts(item)
