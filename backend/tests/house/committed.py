"""The files that are in git, or about to be."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def files(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--"]
    listed = subprocess.run(  # noqa: S603 - patterns of the house tests
        [*command, *patterns], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    found = [ROOT / name for name in listed.splitlines()]
    # One that was removed is listed until that is committed.
    return [path for path in found if path.is_file()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
