"""What one file is and says: read once, when it comes in. Uses the CPU only."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from roster.components.content import clean, content_digest, description_of
from roster.components.kinds import KINDS, Kind, Parsed
from roster.components.kinds.classify import classify
from roster.components.licences import licence_in
from roster.imports.models import Outcome
from roster.lint import text_checks
from roster.lint.findings import Finding, Severity
from roster.lint.source import Source

PLUGIN = "plugin"
SECRET = "secret.literal"  # noqa: S105 - the id of a rule
NAME_RULES = frozenset({"manifest.name-missing", "manifest.name-invalid"})


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a file beside its text.

    Attributes:
        tool: The coding tool in whose format it came; "" if in that of the kind.
        notes: What was done to make it ours, and which plugin it is of.
        licence: What its folder is under, where the file itself says nothing.
        elsewhere: `url`, `ref` and `folder` of the git repository to import instead.
    """

    tool: str = ""
    notes: tuple[str, ...] = ()
    licence: str | None = None
    elsewhere: dict[str, str] | None = None

    def values(self) -> dict[str, Any]:
        """What of it belongs into a row."""
        found: dict[str, Any] = {"tool": self.tool, "notes": list(self.notes)}
        return found | ({"elsewhere": self.elsewhere} if self.elsewhere else {})


@dataclass(frozen=True, slots=True)
class Looked:
    """One file as it came in, and its bytes if it may be taken."""

    path: str
    size: int
    data: bytes | None = None
    """Only the beginning of what is larger than is taken; None if it is refused."""
    refusal: str | None = None
    source: bytes | None = None
    """The file as its tool has it, where `data` was made of that."""
    name: str | None = None
    """What its tool calls it, where the file that was made does not say so."""
    elsewhere: str = ""
    """Why it is only named here: a plugin that stands in another place."""
    about: About = About()

    @property
    def is_whole(self) -> bool:
        return self.data is not None and len(self.data) == self.size


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and the values of its row; with no outcome yet if it can be imported."""

    values: dict[str, Any]
    content: bytes | None = None
    repaired: bytes | None = None
    source: bytes | None = None


def read(
    incoming: Looked,
    kind: Kind | None,
    file_bytes: int,
    others: Collection[str] | None = None,
) -> Found:
    """Read a file that is the main one of a component, if `kind` says so."""
    if incoming.refusal is not None:
        name = kind.name if kind is not None else None
        return _out(incoming, Outcome.refused, incoming.refusal, name)
    if incoming.elsewhere:
        return _out(incoming, Outcome.left_aside, incoming.elsewhere, PLUGIN)
    data = incoming.data or b""
    if kind is None:
        what = classify(incoming.path, data)
        reason = (
            f"It is no building block: {what}." if incoming.size else "It is empty."
        )
        return _out(incoming, Outcome.left_aside, reason, what)
    if incoming.size > file_bytes:
        reason = (
            f"It has {incoming.size:,} bytes; at most {file_bytes:,} are taken from "
            f"one file."
        )
        return _out(incoming, Outcome.refused, reason, kind.name)
    return _read(incoming, data, kind, file_bytes, others)


def _out(
    incoming: Looked, outcome: Outcome, reason: str, kind: str | None = None
) -> Found:
    values = {
        "path": incoming.path,
        "size": incoming.size,
        "outcome": outcome,
        "reason": reason,
        "kind": kind,
        **incoming.about.values(),
    }
    return Found(values)


def _read(
    incoming: Looked,
    data: bytes,
    kind: Kind,
    file_bytes: int,
    others: Collection[str] | None,
) -> Found:
    parsed = kind.parse(data, incoming.path, limit=file_bytes, others=others)
    if parsed.refused is not None:
        return _out(incoming, Outcome.refused, parsed.refused.message, kind.name)
    values: dict[str, Any] = {
        "path": incoming.path,
        "size": incoming.size,
        "kind": kind.name,
        "name": incoming.name or parsed.name,
        "description": description_of(parsed),
        "strict_yaml_ok": parsed.strict_yaml_ok,
        **counted(parsed.findings),
        "examples": len(parsed.examples),
        "description_tokens": parsed.description_tokens,
        "digest": content_digest(kind, data),
        "has_repair": parsed.repaired is not None,
        "needs_repair": parsed.repaired is not None and needs_repair(parsed),
        "literal_secrets": leaks_in(parsed),
        "rules": sorted({finding.rule for finding in parsed.findings}),
        "licence": licence_in(parsed) or incoming.about.licence,
        **incoming.about.values(),
    }
    if parsed.repaired is not None:
        values["repaired_digest"] = content_digest(kind, parsed.repaired)
    if not parsed.ok:
        values |= {"outcome": Outcome.refused, "reason": _why_not(parsed)}
        values["place"] = _place(parsed)
    return Found(values, data, parsed.repaired, incoming.source)


def needs_repair(parsed: Parsed) -> bool:
    """Whether a safe fix mends an error, so that taking it is the better default."""
    return parsed.strict_yaml_ok is False or any(
        finding.severity is Severity.error and _is_mended(finding)
        for finding in parsed.findings
    )


def _is_mended(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.safe


def leaks_in(parsed: Parsed) -> int:
    """How many values of a main file look like secrets."""
    if parsed.secrets:
        return len(parsed.secrets)
    return looking_like_secrets(parsed.findings)


def looking_like_secrets(findings: Iterable[Finding]) -> int:
    return sum(finding.rule == SECRET for finding in findings)


def _errors(parsed: Parsed) -> list[Finding]:
    """What keeps it from being published; a name that can be proposed does not."""
    return [
        finding
        for finding in parsed.findings
        if finding.severity is Severity.error
        and not (parsed.name is not None and finding.rule in NAME_RULES)
    ]


def _place(parsed: Parsed) -> str:
    """Rule, line and column of what keeps it from being published."""
    errors = _errors(parsed)
    return f"{errors[0].rule} {errors[0].line}:{errors[0].column}" if errors else ""


def _why_not(parsed: Parsed) -> str:
    errors = _errors(parsed)
    if errors:
        return clean(errors[0].message)
    missing = "name that can be used" if parsed.name is None else "description"
    return f"It has no {missing}."


def parse(
    kind: str, data: bytes, path: str, others: Collection[str] | None = None
) -> Parsed:
    """Read a file again that was taken when it came in, whatever its size."""
    return KINDS[kind].parse(data, path, limit=max(1, len(data)), others=others)


def findings_in(data: bytes) -> list[Finding]:
    """What a person should see of a file that is no main file, if it is text."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return []
    return [] if "\0" in text else text_checks.check(Source(text))


def counted(findings: Sequence[Finding]) -> dict[str, int]:
    worst = Counter(finding.severity for finding in findings)
    return {
        "errors": worst[Severity.error],
        "warnings": worst[Severity.warning],
        "infos": worst[Severity.info],
    }
