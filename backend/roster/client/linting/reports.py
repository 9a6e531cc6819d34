"""What was found, for people, for programs and for the pages of pull requests."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from roster import __version__
from roster.client.linting.reading import ALL_RULES, Checked
from roster.lint.findings import Finding, Severity

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {
    Severity.error: "error",
    Severity.warning: "warning",
    Severity.info: "note",
}
COMMANDS = {
    Severity.error: "error",
    Severity.warning: "warning",
    Severity.info: "notice",
}
Shown = Callable[[Path], str]
"""How a file is called in a report: from where the command was started."""


def text(files: Sequence[Checked], shown: Shown) -> Iterator[str]:
    for file, one in _all(files):
        mark = " [safe fix]" if one.fix is not None and one.fix.safe else ""
        line = (
            f"{shown(file.place)}:{one.line}:{one.column}: {one.severity} "
            f"{one.rule}: {one.message}{mark}"
        )
        # A name with a line break in it would begin one that a CI obeys.
        yield line.replace("\n", "\ufffd")
    yield summary(files)


def summary(files: Sequence[Checked]) -> str:
    counts = Counter(one.severity for _, one in _all(files))
    kinds = Counter(file.kind for file in files if file.name is not None)
    held = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return (
        f"{_counted(counts[Severity.error], 'error')}, "
        f"{_counted(counts[Severity.warning], 'warning')}, "
        f"{_counted(counts[Severity.info], 'note')} "
        f"in {_counted(len(files), 'file')} ({held or 'nothing'})."
    )


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def as_json(files: Sequence[Checked], shown: Shown) -> dict[str, Any]:
    counts = Counter(one.severity.value for _, one in _all(files))
    return {
        "version": __version__,
        "counts": {level.value: counts[level.value] for level in Severity},
        "files": [
            {
                "path": shown(file.place),
                "kind": file.kind,
                "name": file.name,
                "fixable": file.mended is not None,
                "findings": [one.model_dump(mode="json") for one in file.findings],
            }
            for file in files
        ],
    }


def github(files: Sequence[Checked], shown: Shown) -> Iterator[str]:
    """Workflow commands, which become annotations of the pull request."""
    for file, one in _all(files):
        place = ",".join(
            (
                f"file={_property(shown(file.place))}",
                f"line={one.line}",
                f"endLine={one.end_line}",
                f"col={one.column}",
                f"title={_property(one.rule)}",
            )
        )
        yield f"::{COMMANDS[one.severity]} {place}::{_message(one.message)}"


def _message(said: str) -> str:
    return said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(said: str) -> str:
    return _message(said).replace(":", "%3A").replace(",", "%2C")


def sarif(files: Sequence[Checked], shown: Shown) -> dict[str, Any]:
    used = sorted({one.rule for _, one in _all(files)})
    places = {rule: index for index, rule in enumerate(used)}
    return {
        "$schema": SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "roster",
                        "version": __version__,
                        "rules": [_rule(name) for name in used],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(one, shown(file.place), places) for file, one in _all(files)
                ],
            }
        ],
    }


def _rule(name: str) -> dict[str, Any]:
    rule = ALL_RULES[name]
    return {
        "id": name,
        "name": "".join(word.title() for word in name.replace(".", "-").split("-")),
        "shortDescription": {"text": rule.title},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(one: Finding, path: str, places: dict[str, int]) -> dict[str, Any]:
    region = {"startLine": one.line, "startColumn": one.column}
    if (one.end_line, one.end_column) > (one.line, one.column):
        region |= {"endLine": one.end_line, "endColumn": one.end_column}
    return {
        "ruleId": one.rule,
        "ruleIndex": places[one.rule],
        "level": LEVELS[one.severity],
        "message": {"text": one.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(path)},
                    "region": region,
                }
            }
        ],
    }


def _all(files: Sequence[Checked]) -> Iterator[tuple[Checked, Finding]]:
    for file in files:
        for one in sorted(file.findings, key=lambda one: (one.line, one.column)):
            yield file, one
