"""What the rules say of the files of a folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from roster.client.linting import walking
from roster.components.foreign import FORMATS, Converted, convert
from roster.components.kinds import KINDS, Kind, Parsed, kind_of
from roster.components.kinds.classify import classify
from roster.components.kinds.discovery import Unit, group
from roster.lint import text_checks
from roster.lint.findings import Finding, Severity
from roster.lint.rule import Rule
from roster.lint.rules import RULES
from roster.lint.source import Source

REFUSED = Rule(
    id="file.refused",
    severity=Severity.error,
    title="Cannot be taken",
    help=(
        "The file cannot be read as what it seems to be: it is no text, too large, or "
        "not written as its tool would read it."
    ),
)
ALL_RULES: dict[str, Rule] = {**RULES, REFUSED.id: REFUSED}


MAINS = frozenset(
    {"", ".md", ".markdown", ".mdx", ".mdc", ".txt", ".json", ".jsonc", ".toml"}
)
"""What main files end in: the others of a large project are not even read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One file, and what is wrong with it.

    Attributes:
        path: Below what was looked at.
        place: Where it is.
        kind: Of the component whose main file it is, or that it comes with.
        name: Of the component, if it has one; several are separated by commas.
        findings: In order; their places are in the file as it is.
        mended: The file with all safe fixes; None: none is needed, or possible.
    """

    path: str
    place: Path
    kind: str
    name: str | None
    findings: list[Finding] = field(default_factory=list)
    mended: bytes | None = None

    def has(self, worst: Severity) -> bool:
        """Whether something in it is so bad, or worse."""
        order = list(Severity)
        limit = order.index(worst)
        return any(order.index(one.severity) <= limit for one in self.findings)


def check(files: Mapping[str, Path]) -> Iterator[Checked]:
    """Look at all files of components, and at none of the others."""
    mains = {
        path: kind
        for path, place in files.items()
        if (kind := _kind(path, place)) is not None
    }
    units, _ = group(list(files), mains)
    for unit in units:
        yield _main(unit, files)
        for path in unit.others:
            yield _beside(unit.kind, path, files[path])


def _kind(path: str, place: Path) -> Kind | None:
    if place.suffix.lower() not in MAINS:
        return None
    data = walking.read(place)
    found = classify(path, data)
    form = FORMATS.get(found)
    if form is None:
        return KINDS.get(found) or kind_of(path, data)
    holds = not form.holds_many or convert(path, data, form)
    return KINDS[form.kind] if holds else None


def _main(unit: Unit, files: Mapping[str, Path]) -> Checked:
    path, kind = unit.main, unit.kind
    place = files[path]
    data = walking.read(place)
    others = [found for name, found in unit.tree() if name != path]
    form = FORMATS.get(classify(path, data))
    converted = convert(path, data, form) if form is not None else []
    if converted:
        return _of_tool(path, place, data, converted)
    parts = [Converted(name, kind.name, part, "") for name, part in kind.split(data)]
    if parts:
        return _of_tool(path, place, data, parts)
    parsed = kind.parse(data, path, others=others if kind.is_tree else None)
    return Checked(path, place, kind.name, parsed.name, _said(parsed), parsed.repaired)


def _said(parsed: Parsed) -> list[Finding]:
    if parsed.refused is not None:
        return [_refused(parsed.refused.message)]
    return parsed.findings


def _refused(message: str) -> Finding:
    return Finding(
        rule=REFUSED.id,
        severity=REFUSED.severity,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        message=message,
    )


def _of_tool(
    path: str, place: Path, data: bytes, converted: list[Converted]
) -> Checked:
    """A file of another tool, or with several in it: what is said of each."""
    findings: list[Finding] = []
    names: list[str] = []
    mended = None
    for one in converted:
        if one.refusal:
            findings.append(_refused(one.refusal))
            continue
        parsed = KINDS[one.kind].parse(one.data, path)
        name = one.name or parsed.name
        names += [name] if name else []
        if one.data == data:
            findings += _said(parsed)
            mended = parsed.repaired
        else:
            findings += _moved(_said(parsed), one.data, data)
    return Checked(path, place, converted[0].kind, ", ".join(names), findings, mended)


def _moved(findings: list[Finding], made: bytes, data: bytes) -> list[Finding]:
    """Findings in what was made of a file, at the places that they are about in it."""
    there = made.decode("utf-8", "replace").splitlines()
    here = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
    found = []
    for finding in findings:
        text = there[finding.line - 1].strip() if finding.line <= len(there) else ""
        line = here.index(text) + 1 if text and text in here else 1
        end = max(1, len(here[line - 1])) if here else 1
        found.append(
            finding.model_copy(
                update={
                    "line": line,
                    "column": 1,
                    "end_line": line,
                    "end_column": end,
                    "fix": None,
                }
            )
        )
    return found


def _beside(kind: Kind, path: str, place: Path) -> Checked:
    """A file that comes with a skill: its text, if it is one."""
    checked = Checked(path, place, kind.name, None)
    data = walking.read(place)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return checked
    if "\0" in text:
        return checked
    return replace(checked, findings=text_checks.check(Source(text)))
