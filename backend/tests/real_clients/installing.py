"""Real clients at exact versions, in a folder of their own outside of the repository.

They are installed once per lock file, under a lock, so that several runs share them.
What cannot be installed is an error of every test that needs it: none is left out.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).with_name("lock")
FILES = ("package.json", "package-lock.json", ".npmrc")
MODULES = "node_modules"
INSTALL = (
    *("npm", "install", "--no-audit", "--no-fund", "--loglevel=error"),
    # What they do after an install is to fetch or copy what is taken from its place.
    "--ignore-scripts",
)

AGENTSKILLS = Path(sys.executable).with_name("agentskills")
"""Of skills-ref, one of the packages that tests need anyhow."""


@dataclass(frozen=True)
class Clients:
    """Where each program is."""

    claude: Path
    claude_strict: Path
    """The last one that does not mend YAML before it reads it."""
    codex: Path
    gemini: Path
    opencode: Path
    skills: Path


def place() -> Path:
    """The folder: `ROSTER_CLIENTS_CACHE`, or one among the person's caches."""
    if chosen := os.environ.get("ROSTER_CLIENTS_CACHE"):
        return Path(chosen).absolute()
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches, "roster", "clients")


def installed() -> Clients:
    """Install what is missing; say where everything is.

    Raises:
        RuntimeError: Something could not be installed; says why.
    """
    folder = place()
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        digest = hashlib.sha256(b"".join((LOCK / f).read_bytes() for f in FILES))
        stamp = folder / f".made-from-{digest.hexdigest()[:16]}"
        if not (stamp.exists() and (folder / MODULES).is_dir()):
            for old in folder.glob(".made-from-*"):
                old.unlink()
            _install(folder)
            stamp.touch()
    return _found(folder / MODULES)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(folder: Path) -> None:
    for name in FILES:
        shutil.copyfile(LOCK / name, folder / name)
    # As the person installs anything, from wherever they do.
    done = subprocess.run(  # noqa: S603 - the words above
        INSTALL, cwd=folder, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise RuntimeError(f"The clients could not be installed.\n{done.stderr}")
    wanted = json.loads((LOCK / "package.json").read_text())["dependencies"]
    for name, version in wanted.items():
        there = json.loads((folder / MODULES / name / "package.json").read_text())
        if there["version"] != version.rpartition("@")[2]:
            raise RuntimeError(f"{name} is {there['version']}, and not {version}.")


def _found(modules: Path) -> Clients:
    return Clients(
        claude=_one(modules, "@anthropic-ai/claude-code-*/claude"),
        claude_strict=_one(
            modules / "claude-code-strict", "**/@anthropic-ai/claude-code-*/claude"
        ),
        codex=_one(modules, ".bin/codex"),
        gemini=_one(modules, ".bin/gemini"),
        opencode=_one(modules, "opencode-*/bin/opencode"),
        skills=_one(modules, ".bin/skills"),
    )


def _one(folder: Path, pattern: str) -> Path:
    """The program; of those for several processors the one that runs on the oldest."""
    found = sorted(folder.glob(pattern))
    if not found:
        raise RuntimeError(f"There is no {pattern} in {folder}.")
    return found[-1]
