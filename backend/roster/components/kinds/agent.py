"""The kind `agent`: a Markdown file with front matter, as Claude Code reads it."""

import re
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from roster.components.kinds import agent_checks, classify, mending, rename
from roster.components.kinds.agent_checks import Draft
from roster.components.kinds.agent_manifest import KNOWN, AgentManifest
from roster.components.kinds.base import FILE_LIMIT, Example, Parsed, Refusal
from roster.lint import examples, frontmatter, repair, strict, text_checks
from roster.lint.decoding import Decoded, NotTextError, decode
from roster.lint.findings import Edit, Finding, apply
from roster.lint.frontmatter import FrontMatter
from roster.lint.naming import is_name, name_from_path, slug
from roster.lint.quoting import dump, quoted
from roster.lint.source import Source, propose
from roster.lint.tokens import count_tokens

_ARGUMENTS = re.compile(r"\(.*", re.DOTALL)
_PROPOSED_LENGTH = 300


class Agent:
    """Reads, mends, writes and recognises agents."""

    name = "agent"
    plural = "agents"
    label = "Agent"
    icon = "IconRobot"
    main = "AGENT.md"
    is_tree = False
    facets: tuple[str, ...] = ("model", "tool")
    manifest: type[BaseModel] = AgentManifest

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
        return _parse(decoded, path)

    def mend(self, parsed: Parsed, accepted: set[int]) -> bytes:
        """See `mending.mend`."""
        return mending.mend(
            parsed,
            accepted,
            lambda text: _parse(Decoded(text, "utf-8"), parsed.path),
        )

    def rename(self, parsed: Parsed, data: bytes, name: str) -> bytes:
        """See `rename.rename`."""
        return rename.rename(parsed, data, name)

    def compose(self, manifest: dict[str, Any], body: str) -> bytes:
        """A file that holds this manifest and this body."""
        newline = "\r\n" if "\r\n" in body else "\n"
        fence = f"---{newline}"
        return f"{fence}{dump(manifest, newline)}{fence}{body}".encode()

    def export_path(self, name: str) -> str:
        """Where tools look for the file."""
        return f".claude/agents/{name}.md"

    def split(self, data: bytes) -> list[tuple[str, bytes]]:  # noqa: ARG002  # one each
        """See `Kind.split`."""
        return []

    def recognise(self, path: str, data: bytes) -> bool:
        """Whether a file found somewhere is an agent as Claude Code reads them."""
        return classify.classify(path, data) == classify.AGENT


AGENT = Agent()


def _parse(decoded: Decoded, path: str | None) -> Parsed:
    source = Source(decoded.text)
    findings = list(text_checks.check_encoding(source, decoded.encoding))
    matter = frontmatter.find(source, KNOWN)
    if matter is None:
        draft = Draft(source, path, {}, {}, fenced=False, start=0, body_start=0)
        draft.proposed = name_from_path(path)
        findings.append(_without_front_matter(draft))
        strict_ok = None
    else:
        findings += matter.findings
        draft, strict_ok, more = _read_manifest(source, matter, path)
        findings += more
        if not matter.strict:
            strict_ok = False if matter.misread else None
    manifest, draft.wrong_types = AgentManifest.read(draft.values)
    _settle_name(draft)
    findings += agent_checks.check(draft)
    findings += text_checks.check(source)
    findings.sort(key=lambda finding: (finding.line, finding.column))
    findings, repaired = _repair(draft, findings)
    return _result(decoded, draft, manifest, findings).model_copy(
        update={"strict_yaml_ok": strict_ok, "repaired": repaired},
    )


def _read_manifest(
    source: Source,
    matter: FrontMatter,
    path: str | None,
) -> tuple[Draft, bool, list[Finding]]:
    text = source.text
    block = text[matter.start : matter.end]
    findings: list[Finding] = []
    try:
        loaded = strict.load(block)
    except strict.StrictError:
        mended = repair.mend(source, matter.start, matter.end, KNOWN)
        values, spans = mended.values, mended.spans
        findings, is_strict = mended.findings, False
    else:
        values, is_strict = loaded.values, True
        spans = {
            key: _trimmed(text, matter.start + spot.start, matter.start + spot.end)
            for key, spot in loaded.spots.items()
        }
    draft = Draft(
        source,
        path,
        values,
        spans,
        fenced=True,
        start=matter.start,
        body_start=matter.body,
    )
    draft.proposed = name_from_path(path)
    return draft, is_strict, findings


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    return start, start + len(text[start:end].rstrip())


def _settle_name(draft: Draft) -> None:
    written = draft.written("name")
    draft.name = written if is_name(written) else slug(written) or draft.proposed


def _without_front_matter(draft: Draft) -> Finding:
    """No front matter: propose one from the file name and the first paragraph."""
    source = draft.source
    fix = None
    words = _first_paragraph(source.text)
    if draft.proposed and words:
        newline = source.newline
        top = newline.join(
            ("---", f"name: {draft.proposed}", f"description: {quoted(words)}", "---"),
        )
        edit = Edit(start=0, end=0, text=f"{top}{newline}{newline}")
        fix = propose("Add a name and a description taken from the text", [edit])
    return source.finding(
        "frontmatter.missing",
        (0, 0),
        "The file has no front matter, so that no tool loads it as an agent. Begin it "
        "with a name and a description between two lines of three hyphens.",
        evidence="",
        fix=fix,
    )


def _first_paragraph(text: str) -> str | None:
    for piece in re.split(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)", text[:10_000]):
        words = " ".join(piece.split())
        if words and words[0] not in "#<`-|*>=":
            return words[:_PROPOSED_LENGTH]
    return None


def _repair(
    draft: Draft, findings: list[Finding]
) -> tuple[list[Finding], bytes | None]:
    """The file with its safe fixes, if a strict reader then reads the same values."""
    fixes = [f.fix for f in findings if f.fix and f.fix.safe]
    if not fixes:
        return findings, None
    try:
        text = apply(draft.source.text, fixes)
        repaired = _strict_values(text)
    except (ValueError, strict.StrictError):
        repaired = None
    if repaired == draft.values:
        return findings, text.encode()
    return [_without_safe_edits(finding) for finding in findings], None


def _strict_values(text: str) -> dict[str, Any] | None:
    """What a strict tool reads in a text; None when it finds no front matter."""
    matter = frontmatter.find(Source(text), KNOWN)
    if matter is None:
        return {}
    return (
        strict.load(text[matter.start : matter.end]).values if matter.strict else None
    )


def _without_safe_edits(finding: Finding) -> Finding:
    """Fixes that together give no valid file are not offered."""
    if finding.fix and finding.fix.safe and finding.fix.edits:
        return finding.model_copy(update={"fix": None})
    return finding


def _result(
    decoded: Decoded,
    draft: Draft,
    manifest: AgentManifest,
    findings: list[Finding],
) -> Parsed:
    values = draft.values
    body = decoded.text[draft.body_start :]
    shown, told = draft.written("name"), draft.written("description")
    return Parsed(
        kind=AGENT.name,
        path=draft.path,
        encoding=decoded.encoding,
        text=decoded.text,
        name=draft.name,
        display_name=shown if shown.strip() and shown != draft.name else None,
        manifest=values,
        body=body,
        findings=findings,
        examples=_examples(told, body),
        description_tokens=count_tokens(told),
        body_tokens=count_tokens(body),
        facets=_facets(manifest),
        ok=bool(draft.name and told.strip()),
    )


def _examples(description: str, body: str) -> list[Example]:
    """Those of the description; those of the prompt if it has none."""
    return examples.extract(description) or (
        examples.extract(body) if "<example" in body else []
    )


def _facets(manifest: AgentManifest) -> dict[str, list[str]]:
    """What lists filter by; a tool without its arguments."""
    tools = [_ARGUMENTS.sub("", tool).strip() for tool in manifest.tools or []]
    facets = {
        "model": [manifest.model] if manifest.model else [],
        "tool": list(dict.fromkeys(tool for tool in tools if tool)),
    }
    return {name: values for name, values in facets.items() if values}
