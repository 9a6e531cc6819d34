"""Run the parser over a folder and count what comes out.

    python -m roster.import_check DIR [--manifest FILE] [--list-refused] [--list RULE]

The agents are those of `MANIFEST.tsv` (columns path, kind, strict_yaml_ok) where there
is one, or else what the classifier takes for agents. The last line of the output is
one JSON object. The exit status is 1 when the parser crashed on a file.
"""

import argparse
import csv
import json
import os
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from roster.components.kinds.agent import AGENT
from roster.components.kinds.base import Parsed
from roster.components.kinds.classify import classify
from roster.lint import strict

MANIFEST = "MANIFEST.tsv"
_AGENT_KINDS = {"agent", "agent-nofm"}
_MANY = 200  # files from which on a second process pays
_CHUNK = 50
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\n|)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


@dataclass
class Outcome:
    """What came out of one file."""

    path: str
    kind: str
    outcome: str = "left aside"
    reason: str = ""
    rules: Counter[str] = field(default_factory=Counter)
    strict_yaml_ok: bool | None = None
    repaired: bool = False
    valid_after_repair: bool = False
    identical: bool = False
    examples: int = 0


@dataclass
class Listed:
    """What a manifest says: the kind of each file, and the verdict on its YAML."""

    kinds: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    begin = time.perf_counter()
    root: Path = options.directory
    if not root.is_dir():
        sys.stderr.write(f"There is no folder {root}.\n")
        return 2
    listed = _read_manifest(options.manifest or root / MANIFEST)
    paths = sorted(_walk(root))
    outcomes = list(_run(root, paths, listed))
    _report(outcomes, listed, options)
    summary = _summary(outcomes, time.perf_counter() - begin)
    sys.stdout.write(json.dumps(summary) + "\n")
    return 1 if summary["crashed"] else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m roster.import_check",
        description="Run the parser over a folder and count what comes out.",
    )
    parser.add_argument("directory", type=Path)
    parser.add_argument("--manifest", type=Path, help="a list of the files' kinds")
    parser.add_argument("--list-refused", action="store_true")
    parser.add_argument("--list", metavar="RULE", help="print the files it is found in")
    return parser.parse_args(arguments)


def _read_manifest(path: Path) -> Listed:
    listed = Listed()
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                listed.kinds[row["path"]] = row["kind"]
                listed.verdicts[row["path"]] = row.get("strict_yaml_ok", "")
    return listed


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in {".git", "node_modules"}]
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix()


def _run(root: Path, paths: list[str], listed: Listed) -> Iterator[Outcome]:
    jobs = [(root, path, listed.kinds.get(path), bool(listed.kinds)) for path in paths]
    if len(jobs) < _MANY:
        yield from _check_all(jobs)
        return
    with ProcessPoolExecutor() as pool:
        chunks = [jobs[at : at + _CHUNK] for at in range(0, len(jobs), _CHUNK)]
        for outcomes in pool.map(_check_all, chunks):
            yield from outcomes


def _check_all(jobs: Iterable[tuple[Path, str, str | None, bool]]) -> list[Outcome]:
    return [_check(*job) for job in jobs]


def _check(root: Path, path: str, kind: str | None, has_manifest: bool) -> Outcome:
    outcome = Outcome(path, kind or "")
    try:
        data = (root / path).read_bytes()
        found = classify(path, data)
        outcome.kind = kind or found
        is_agent = kind in _AGENT_KINDS if has_manifest else found == AGENT.name
        if is_agent:
            _fill(outcome, data, AGENT.parse(data, path))
    except Exception:  # noqa: BLE001  # a crash is what this command looks for
        outcome.outcome = "crashed"
        outcome.reason = traceback.format_exc(limit=-2)
    return outcome


def _fill(outcome: Outcome, data: bytes, parsed: Parsed) -> None:
    outcome.outcome = "accepted" if parsed.ok else "refused"
    outcome.rules = Counter(finding.rule for finding in parsed.findings)
    outcome.strict_yaml_ok = parsed.strict_yaml_ok
    outcome.identical = parsed.encoded() == data
    outcome.examples = len(parsed.examples)
    outcome.reason = parsed.objection or ""
    if parsed.repaired is not None:
        outcome.repaired = True
        outcome.valid_after_repair = _is_valid(parsed.repaired, parsed.manifest)


def _is_valid(repaired: bytes, manifest: dict[str, Any]) -> bool:
    """Read the repaired file as a strict tool does, without the parser's own steps."""
    match = _FRONT_MATTER.match(repaired.decode())
    if not match:
        return not manifest
    try:
        plain = yaml.load(match[1], Loader=yaml.CSafeLoader) or {}
        values = strict.load(match[1]).values
    except (yaml.YAMLError, ValueError, strict.StrictError):
        return False
    return list(plain) == list(values) and values == manifest


def _report(
    outcomes: list[Outcome],
    listed: Listed,
    options: argparse.Namespace,
) -> None:
    agents = [outcome for outcome in outcomes if outcome.outcome != "left aside"]
    aside = Counter(o.kind for o in outcomes if o.outcome == "left aside")
    _table("Outcome", Counter(o.outcome for o in outcomes))
    _table("Left aside", aside)
    _table("Refused because", Counter(o.reason for o in agents if o.reason))
    found: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for outcome in agents:
        found.update(outcome.rules)
        files.update(outcome.rules.keys())
    _table("Rule (findings, files)", found, files)
    for outcome in agents:
        if outcome.outcome == "crashed":
            _line(f"crashed: {outcome.path}\n{outcome.reason}")
        elif options.list_refused and outcome.outcome == "refused":
            _line(f"refused: {outcome.path}: {outcome.reason}")
        if options.list and options.list in outcome.rules:
            _line(f"{options.list}: {outcome.path}")
        verdict = {True: "1", False: "0", None: "-"}[outcome.strict_yaml_ok]
        expected = listed.verdicts.get(outcome.path)
        if expected and expected != verdict:
            _line(f"verdict {verdict}, the manifest says {expected}: {outcome.path}")


def _table(title: str, counts: Counter[str], more: Counter[str] | None = None) -> None:
    if not counts:
        return
    _line(f"\n{title}")
    for name, count in counts.most_common():
        extra = f" {more[name]:>7,}" if more else ""
        _line(f"  {count:>7,}{extra}  {name}")


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _summary(outcomes: list[Outcome], seconds: float) -> dict[str, int | float]:
    agents = [outcome for outcome in outcomes if outcome.outcome != "left aside"]
    counts = Counter(outcome.outcome for outcome in agents)
    return {
        "files": len(outcomes),
        "agents": len(agents),
        "accepted": counts["accepted"],
        "refused": counts["refused"],
        "crashed": counts["crashed"],
        "strict_yaml_ok": sum(outcome.strict_yaml_ok is True for outcome in agents),
        "repaired": sum(outcome.repaired for outcome in agents),
        "valid_after_repair": sum(outcome.valid_after_repair for outcome in agents),
        "roundtrip_identical": sum(outcome.identical for outcome in agents),
        "examples": sum(outcome.examples for outcome in agents),
        "seconds": round(seconds, 3),
    }


if __name__ == "__main__":
    sys.exit(main())
