"""The kind `server`: the configuration of one MCP server, as JSON."""

import json
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from roster.components.kinds import (
    classify,
    mending,
    server_checks,
    server_document,
    server_values,
)
from roster.components.kinds.base import FILE_LIMIT, Parsed, Refusal
from roster.components.kinds.server_checks import Draft
from roster.components.kinds.server_manifest import ServerManifest
from roster.lint import json_text, text_checks
from roster.lint.decoding import Decoded, NotTextError, decode, encode
from roster.lint.findings import Edit, Finding, apply, apply_edits
from roster.lint.json_text import Document, JsonError, Node
from roster.lint.naming import is_name
from roster.lint.source import Source, rewrite
from roster.lint.tokens import count_tokens

_EXAMPLE = """\
{
  "mcpServers": {
    "tickets": {
      "command": "npx",
      "args": ["-y", "@acme/tickets@1.4.2"],
      "env": { "TICKETS_TOKEN": "${TICKETS_TOKEN}" }
    }
  }
}
"""
_SHOWN_ONLY = frozenset({"description", "displayName", "icon", "title"})


class Server:
    """Reads, mends, writes and recognises the configuration of servers."""

    name = "server"
    plural = "servers"
    label = "Server"
    icon = "IconServer2"
    main = "SERVER.json"
    is_tree = False
    facets: tuple[str, ...] = ("transport", "command")
    details: tuple[str, ...] = ("references",)
    example = _EXAMPLE
    manifest = ServerManifest

    def parse(
        self,
        data: bytes,
        path: str | None = None,
        *,
        limit: int = FILE_LIMIT,
        others: Collection[str] | None = None,  # noqa: ARG002  # it has no other files
    ) -> Parsed:
        """See `Kind.parse`."""
        try:
            decoded = decode(data, limit=limit)
        except NotTextError as refusal:
            refused = Refusal(code=refusal.code, message=refusal.message)
            return Parsed(kind=self.name, path=path, refused=refused)
        return _read(decoded, path)

    def mend(self, parsed: Parsed, accepted: set[int]) -> bytes:
        """See `mending.mend`."""
        return mending.mend(
            parsed, accepted, lambda text: _read(Decoded(text, "utf-8"), parsed.path)
        )

    def rename(self, parsed: Parsed, data: bytes, name: str) -> bytes:
        """See `Kind.rename`: its key is written anew; one without is left as it is."""
        if not is_name(name):
            raise ValueError(f"{name!r} is not a registry name.")
        try:
            found = server_document.find(json_text.load(parsed.text).root).entries
        except JsonError as error:
            raise ValueError(f"It carries no name: {error.problem}.") from error
        if len(found) != 1:
            raise ValueError("It is not one server that could carry a name.")
        if found[0].key is None or found[0].key == name:
            return data
        start, end = found[0].key_span
        edit = Edit(start=start, end=end, text=f'"{name}"')
        return encode(apply_edits(parsed.text, [edit]), parsed.encoding)

    def compose(self, manifest: dict[str, Any], body: str) -> bytes:  # noqa: ARG002
        """A file that holds this manifest; `name` in it becomes the key."""
        values = dict(manifest)
        name = values.pop("name", None)
        return server_document.write(name, values)

    def split(self, data: bytes) -> list[tuple[str, bytes]]:
        """See `Kind.split`."""
        try:
            root = json_text.load(decode(data, limit=len(data)).text).root
        except (JsonError, NotTextError):
            return []
        return server_document.split(server_document.find(root))

    def export_path(self, name: str) -> str:
        """Where the file is put; tools read one `.mcp.json` with all servers."""
        return f".claude/servers/{name}.json"

    def recognise(self, path: str, data: bytes) -> bool:
        """Whether a file found somewhere holds servers."""
        return classify.classify(path, data) == "server"


SERVER = Server()


def _read(decoded: Decoded, path: str | None) -> Parsed:
    source = Source(decoded.text)
    findings = list(text_checks.check_encoding(source, decoded.encoding))
    bare = Parsed(
        kind=SERVER.name,
        path=path,
        encoding=decoded.encoding,
        text=decoded.text,
        name=server_document.name_from_path(path),
    )
    try:
        document = json_text.load(decoded.text)
    except JsonError as error:
        findings += [_invalid(source, error), *text_checks.check(source)]
        return bare.model_copy(update={"findings": findings, "strict_yaml_ok": False})
    findings += _lapses(source, document)
    servers = server_document.find(document.root)
    entries = servers.entries
    if len(entries) != 1:
        findings += [_missing(source, len(entries)), *text_checks.check(source)]
        return bare.model_copy(update={"findings": findings})
    [entry] = entries
    manifest, wrong = ServerManifest.read(entry.node.value)
    texts = list(server_values.texts(decoded.text, entry.node))
    draft = Draft(source, entry, manifest, texts, wrong)
    draft.secrets = server_values.literals(texts)
    draft.name = server_document.name_of(entry.key, path)
    findings += [*server_checks.check(draft), *_of_text(source, draft)]
    findings.sort(key=lambda finding: (finding.line, finding.column))
    target = _target(document, decoded.text, entry.node, alone=servers.alone)
    return bare.model_copy(
        update={
            **_values(draft, target),
            "findings": findings,
            "strict_yaml_ok": not document.lapses,
            "repaired": _repaired(source.text, findings, document),
        }
    )


def _values(draft: Draft, target: str) -> dict[str, Any]:
    manifest, key = draft.manifest, draft.entry.key
    values = draft.entry.node.value
    described = manifest.description or ""
    has_target = bool(manifest.command or manifest.address)
    return {
        "name": draft.name,
        "display_name": key if key and key != draft.name else None,
        "manifest": values,
        "description_tokens": count_tokens(described),
        "facets": _facets(manifest),
        "summary": "" if described.strip() else _summary(manifest),
        "target": target if has_target else "",
        "secrets": draft.secrets,
        "references": server_values.references(
            draft.texts, [manifest.command or "", manifest.cwd or ""]
        ),
        "ok": draft.name is not None and has_target,
    }


def _target(document: Document, text: str, node: Node, *, alone: bool) -> str:
    """What a secret is handed to: a change of it must be looked at again.

    All that the server says counts: a tool may read an address or a program from any
    key, and a variable can send a program elsewhere.
    """
    if document.repeated or not alone:  # which of two counts, each reader decides
        return text
    told = {key: value for key, value in node.value.items() if key not in _SHOWN_ONLY}
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _facets(manifest: ServerManifest) -> dict[str, list[str]]:
    facets = {"transport": manifest.transport, "command": _program(manifest)}
    return {name: [value] for name, value in facets.items() if value}


def _program(manifest: ServerManifest) -> str:
    words = (manifest.command or "").strip().split()
    return PurePosixPath(words[0].replace("\\", "/")).name if words else ""


def _summary(manifest: ServerManifest) -> str:
    """What it starts or where it answers, without anything that may be secret."""
    program = _program(manifest)
    if program:
        found = server_checks.package(manifest.args or [])
        known = found if program in server_checks.RUNNERS else None
        return f"Starts {program} {known[1]}" if known else f"Starts {program}"
    try:
        host = urlsplit(manifest.address or "").hostname
    except ValueError:
        host = None
    return f"Answers at {host}" if host else ""


def _invalid(source: Source, error: JsonError) -> Finding:
    return source.finding(
        "json.invalid",
        (error.offset, min(error.offset + 1, len(source.text))),
        f"The file is not valid JSON: {error.problem}.",
    )


def _lapses(source: Source, document: Document) -> list[Finding]:
    findings = [
        source.finding(
            "json.invalid",
            (edit.start, edit.end),
            f"Strict readers refuse the file: {problem}.",
            fix=rewrite("Take it out", [edit]),
        )
        for problem, edit in document.lapses[: text_checks.MAX_PER_RULE]
    ]
    findings += [
        source.finding(
            "json.duplicate-key",
            (start, end),
            f"The key {key[:80]} appears more than once, and the last one counts.",
        )
        for key, start, end in document.repeated[: text_checks.MAX_PER_RULE]
    ]
    return findings


def _missing(source: Source, count: int) -> Finding:
    held = f"{count:,} servers" if count else "no server"
    return source.finding(
        "server.missing",
        (0, 0),
        f"The file holds {held}, and one is wanted: its object, alone or under its "
        f"name in mcpServers.",
        evidence="",
    )


def _of_text(source: Source, draft: Draft) -> list[Finding]:
    """Rules about any text; a secret that has its finding here needs no second one."""
    lines = {source.position(literal.start)[0] for literal in draft.secrets}
    return [
        finding.model_copy(update={"evidence": None})
        if finding.line in lines
        else finding
        for finding in text_checks.check(source)
        if finding.rule != "secret.literal" or finding.line not in lines
    ]


def _repaired(text: str, findings: list[Finding], document: Document) -> bytes | None:
    """The file with its safe fixes, if a strict reader then reads the same values."""
    fixes = [f.fix for f in findings if f.fix and f.fix.safe]
    if not fixes:
        return None
    try:
        repaired = apply(text, fixes)
        same = json_text.load(repaired)
    except ValueError:
        return None
    if same.lapses or same.root.value != document.root.value:
        return None
    return repaired.encode(errors="replace")
