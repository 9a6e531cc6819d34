"""What one file is and says: read once, when it comes in. Uses the CPU only."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from roster.components.content import clean, content_digest, description_of
from roster.components.kinds import KINDS, Kind, Parsed, kind_of
from roster.components.kinds.classify import classify
from roster.imports.models import Outcome
from roster.lint.findings import Finding, Severity

NAME_RULES = frozenset({"manifest.name-missing", "manifest.name-invalid"})


@dataclass(frozen=True, slots=True)
class Looked:
    """One file as it came in, and its bytes if it may be taken."""

    path: str
    size: int
    data: bytes | None = None
    """Only the beginning of what is larger than is taken; None if it is refused."""
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and the values of its row; with no outcome yet if it can be imported."""

    values: dict[str, Any]
    content: bytes | None = None
    repaired: bytes | None = None


def read(incoming: Looked, file_bytes: int) -> Found:
    if incoming.refusal is not None:
        return _out(incoming, Outcome.refused, incoming.refusal)
    data = incoming.data or b""
    kind = kind_of(incoming.path, data)
    if kind is None:
        what = classify(incoming.path, data)
        reason = "It is empty." if not incoming.size else f"It is no agent: {what}."
        return _out(incoming, Outcome.left_aside, reason, what)
    if incoming.size > file_bytes:
        reason = (
            f"It has {incoming.size:,} bytes; at most {file_bytes:,} are taken from "
            f"one file."
        )
        return _out(incoming, Outcome.refused, reason, kind.name)
    return _read(incoming, data, kind, file_bytes)


def _out(
    incoming: Looked, outcome: Outcome, reason: str, kind: str | None = None
) -> Found:
    values = {
        "path": incoming.path,
        "size": incoming.size,
        "outcome": outcome,
        "reason": reason,
        "kind": kind,
    }
    return Found(values)


def _read(incoming: Looked, data: bytes, kind: Kind, file_bytes: int) -> Found:
    parsed = kind.parse(data, incoming.path, limit=file_bytes)
    if parsed.refused is not None:
        return _out(incoming, Outcome.refused, parsed.refused.message, kind.name)
    worst = Counter(finding.severity for finding in parsed.findings)
    values: dict[str, Any] = {
        "path": incoming.path,
        "size": incoming.size,
        "kind": kind.name,
        "name": parsed.name,
        "description": description_of(parsed),
        "strict_yaml_ok": parsed.strict_yaml_ok,
        "errors": worst[Severity.error],
        "warnings": worst[Severity.warning],
        "infos": worst[Severity.info],
        "examples": len(parsed.examples),
        "description_tokens": parsed.description_tokens,
        "digest": content_digest(kind, data),
        "has_repair": parsed.repaired is not None,
        "needs_repair": parsed.repaired is not None and needs_repair(parsed),
        "literal_secrets": len(parsed.secrets),
    }
    if parsed.repaired is not None:
        values["repaired_digest"] = content_digest(kind, parsed.repaired)
    if not parsed.ok:
        values |= {"outcome": Outcome.refused, "reason": _why_not(parsed)}
    return Found(values, data, parsed.repaired)


def needs_repair(parsed: Parsed) -> bool:
    """Whether a safe fix mends an error, so that taking it is the better default."""
    return parsed.strict_yaml_ok is False or any(
        finding.severity is Severity.error and _is_mended(finding)
        for finding in parsed.findings
    )


def _is_mended(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.safe


def _why_not(parsed: Parsed) -> str:
    """What keeps it from being published; a name that can be proposed does not."""
    errors = [
        finding.message
        for finding in parsed.findings
        if finding.severity is Severity.error
        and not (parsed.name is not None and finding.rule in NAME_RULES)
    ]
    if errors:
        return clean(errors[0])
    missing = "name that can be used" if parsed.name is None else "description"
    return f"It has no {missing}; every agent needs a name and a description."


def parse(kind: str, data: bytes, path: str) -> Parsed:
    """Read a file again that was taken when it came in, whatever its size."""
    return KINDS[kind].parse(data, path, limit=max(1, len(data)))
