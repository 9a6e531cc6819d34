"""What the kinds of Markdown files with front matter share.

A kind says which keys it has, which rules it is checked by, and how it is called;
reading, mending and writing are the same for all.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Generic, TypeVar

from roster.components.kinds import mending, rename
from roster.components.kinds.base import FILE_LIMIT, Parsed, Refusal
from roster.components.kinds.draft import Draft
from roster.components.kinds.manifest import Manifest
from roster.lint import frontmatter, repair, strict, text_checks
from roster.lint.decoding import Decoded, NotTextError, decode
from roster.lint.findings import Edit, Finding, apply
from roster.lint.frontmatter import FrontMatter
from roster.lint.naming import is_name, name_from_path, slug
from roster.lint.quoting import dump, quoted
from roster.lint.source import Source, propose
from roster.lint.text_checks import MAX_PER_RULE
from roster.lint.tokens import count_tokens

M = TypeVar("M", bound=Manifest)
Check = Callable[[Draft], Iterator[Finding]]

_PROPOSED_LENGTH = 300


class MarkdownKind(ABC, Generic[M]):
    """Reads, mends and writes one kind of Markdown file.

    Attributes:
        known: Keys that are read as keys, not as text, wherever they stand.
        checks: The rules about its manifest and its body.
    """

    name: str
    manifest: type[M]
    known: frozenset[str]
    checks: tuple[Check, ...]

    def parse(
        self,
        data: bytes,
        path: str | None = None,
        *,
        limit: int = FILE_LIMIT,
        others: Collection[str] | None = None,
    ) -> Parsed:
        """See `Kind.parse`."""
        try:
            decoded = decode(data, limit=limit)
        except NotTextError as refusal:
            refused = Refusal(code=refusal.code, message=refusal.message)
            return Parsed(kind=self.name, path=path, refused=refused)
        return self._read(decoded, path, others)

    def mend(self, parsed: Parsed, accepted: set[int]) -> bytes:
        """See `mending.mend`."""
        return mending.mend(
            parsed,
            accepted,
            lambda text: self._read(Decoded(text, "utf-8"), parsed.path, None),
        )

    def rename(self, parsed: Parsed, data: bytes, name: str) -> bytes:
        """See `rename.rename`."""
        return rename.rename(parsed, data, name, self.known)

    def compose(self, manifest: dict[str, Any], body: str) -> bytes:
        """A file that holds this manifest and this body."""
        newline = "\r\n" if "\r\n" in body else "\n"
        fence = f"---{newline}"
        return f"{fence}{dump(manifest, newline)}{fence}{body}".encode()

    def split(self, data: bytes) -> list[tuple[str, bytes]]:  # noqa: ARG002  # one each
        """See `Kind.split`."""
        return []

    def proposed_name(self, path: str | None) -> str | None:
        """The name that the place of a file suggests."""
        return name_from_path(path)

    def without_front_matter(self, draft: Draft) -> list[Finding]:
        """What is wrong with a file without front matter: it proposes one."""
        return [_without_front_matter(draft)]

    def settle(self, draft: Draft) -> None:
        """Decide what its name is."""
        written = draft.written("name")
        draft.name = written if is_name(written) else slug(written) or draft.proposed

    def is_whole(self, draft: Draft) -> bool:
        """Whether it says enough to be published."""
        return bool(draft.name and draft.written("description").strip())

    @abstractmethod
    def more(self, draft: Draft, manifest: M) -> dict[str, Any]:
        """What only this kind knows to say: values for fields of `Parsed`."""

    def _read(
        self, decoded: Decoded, path: str | None, others: Collection[str] | None
    ) -> Parsed:
        source = Source(decoded.text)
        findings = list(text_checks.check_encoding(source, decoded.encoding))
        draft = Draft(source, path, self.name, self.manifest.documented(), others)
        draft.proposed = self.proposed_name(path)
        matter = frontmatter.find(source, self.known)
        strict_ok = None
        if matter is None:
            findings += self.without_front_matter(draft)
        else:
            findings += matter.findings
            draft, strict_ok, more = _read_manifest(draft, matter, self.known)
            findings += more
            if not matter.strict:
                strict_ok = False if matter.misread else None
        manifest, draft.wrong_types = self.manifest.read(draft.values)
        self.settle(draft)
        for check in self.checks:
            findings += islice(check(draft), MAX_PER_RULE)
        findings += text_checks.check(source)
        findings.sort(key=lambda finding: (finding.line, finding.column))
        findings, repaired = _repair(draft, findings, self.known)
        values = self._values(decoded, draft) | self.more(draft, manifest)
        return Parsed(
            **values, findings=findings, repaired=repaired, strict_yaml_ok=strict_ok
        )

    def _values(self, decoded: Decoded, draft: Draft) -> dict[str, Any]:
        shown = draft.written("name")
        return {
            "kind": self.name,
            "path": draft.path,
            "encoding": decoded.encoding,
            "text": decoded.text,
            "name": draft.name,
            "display_name": shown if shown.strip() and shown != draft.name else None,
            "manifest": draft.values,
            "body": draft.body,
            "description_tokens": count_tokens(draft.written("description")),
            "body_tokens": count_tokens(draft.body),
            "ok": self.is_whole(draft),
        }


def _read_manifest(
    draft: Draft, matter: FrontMatter, known: frozenset[str]
) -> tuple[Draft, bool, list[Finding]]:
    source = draft.source
    text = source.text
    findings: list[Finding] = []
    try:
        loaded = matter.loaded or strict.load(text[matter.start : matter.end])
    except strict.StrictError:
        mended = repair.mend(source, matter.start, matter.end, known)
        values, spans = mended.values, mended.spans
        findings, is_strict = mended.findings, False
    else:
        values, is_strict = loaded.values, True
        spans = {
            key: _trimmed(text, matter.start + spot.start, matter.start + spot.end)
            for key, spot in loaded.spots.items()
        }
    read = replace(
        draft,
        values=values,
        spans=spans,
        fenced=True,
        start=matter.start,
        body_start=matter.body,
    )
    return read, is_strict, findings


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    return start, start + len(text[start:end].rstrip())


def _without_front_matter(draft: Draft) -> Finding:
    """No front matter: propose one from the file name and the first paragraph."""
    source = draft.source
    fix = None
    words = first_paragraph(source.text)
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
        f"The file has no front matter, so that no tool loads it as {draft.one}. "
        f"Begin it with a name and a description between two lines of three hyphens.",
        evidence="",
        fix=fix,
    )


def first_paragraph(text: str) -> str | None:
    """The first sentences of a text, without its headings and its markup."""
    for piece in re.split(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)", text[:10_000]):
        words = " ".join(piece.split())
        if words and words[0] not in "#<`-|*>=":
            return words[:_PROPOSED_LENGTH]
    return None


def _repair(
    draft: Draft, findings: list[Finding], known: frozenset[str]
) -> tuple[list[Finding], bytes | None]:
    """The file with its safe fixes, if a strict reader then reads the same values."""
    fixes = [f.fix for f in findings if f.fix and f.fix.safe]
    if not fixes:
        return findings, None
    try:
        text = apply(draft.source.text, fixes)
        repaired = _strict_values(text, known)
    except (ValueError, strict.StrictError):
        repaired = None
    if repaired == draft.values:
        return findings, text.encode()
    return [_without_safe_edits(finding) for finding in findings], None


def _strict_values(text: str, known: frozenset[str]) -> dict[str, Any] | None:
    """What a strict tool reads in a text; None when it finds no front matter."""
    matter = frontmatter.find(Source(text), known)
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
