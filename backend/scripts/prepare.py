"""Make what the other targets need: Python packages, Node packages, the built app.

    python3 backend/scripts/prepare.py python node spa

Each is stamped with a digest of what it was made from, so that a second run does
nothing, and made under a lock, so that two runs at once make it once. This runs
before any package is there, with the standard library alone.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "backend"
FRONTEND = ROOT / "frontend"

VENV = BACKEND / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
BOOTSTRAP_LOCK = BACKEND / "bootstrap.lock"
PYTHON_LOCK = BACKEND / "requirements-dev.lock"
USABLE = "import sys, pip; sys.exit(sys.version_info < (3, 11))"

NODE_MODULES = FRONTEND / "node_modules"
NODE_LOCK = FRONTEND / "package-lock.json"
# What the tools of the frontend can run on, as Vite states it.
NODE_NEEDED = (20, 19)
NODE_22_NEEDED = (22, 12)

DIST = FRONTEND / "dist"
SPA_SOURCES = ("src/**/*", "public/**/*", "index.html", "*.json", "*.config.*")
NOT_IN_THE_APP = re.compile(r"\.test\.tsx?$|\.gen\.ts$|/src/test/")


def stop(sentence: str) -> None:
    sys.exit(f"Roster cannot start: {sentence}")


def say(sentence: str) -> None:
    print(f"· {sentence}", file=sys.stderr, flush=True)


def run(
    command: Sequence[str | Path], folder: Path, env: Mapping[str, str] | None = None
) -> bool:
    # Standard output belongs to the target that needs this.
    done = subprocess.run(  # noqa: S603 - commands of this file
        command, cwd=folder, env=env, check=False, stdout=sys.stderr
    )
    return done.returncode == 0


def digest_of(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return whole.hexdigest()[:16]


@contextlib.contextmanager
def made_once(stamp: Path, proof: Path) -> Iterator[bool]:
    """Give True to the one process that has to do the work, and stamp it when done."""

    def made() -> bool:
        return stamp.exists() and proof.exists()

    if made():
        yield False
        return
    with (stamp.parent.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made():
            yield False
            return
        yield True
        for old in stamp.parent.glob(".made-from-*"):
            old.unlink()
        stamp.touch()


def prepare_python() -> None:
    stamp = VENV / f".made-from-{digest_of([BOOTSTRAP_LOCK, PYTHON_LOCK])}"
    with made_once(stamp, proof=VENV_PYTHON) as missing:
        if missing:
            say("Installing Python packages; once per lock file.")
            make_venv()
            install_python_packages()


def make_venv() -> None:
    if VENV_PYTHON.exists() and run([VENV_PYTHON, "-c", USABLE], BACKEND):
        return
    if importlib.util.find_spec("ensurepip") is None:
        stop(
            "this Python makes no virtual environments, because its module ensurepip "
            "is missing: install it (on Debian and Ubuntu the package python3-venv)."
        )
    if not run([sys.executable, "-m", "venv", "--clear", VENV], BACKEND):
        stop("the virtual environment could not be made; what is wrong stands above.")


def install_python_packages() -> None:
    quiet = ["--quiet", "--require-hashes"]
    python = [str(VENV_PYTHON), "-m"]
    pip = [*python, "pip", "install", "--disable-pip-version-check", *quiet, "-r"]
    uv = [*python, "uv", "pip", "sync", "--no-config", *quiet]
    if run([*pip, BOOTSTRAP_LOCK], BACKEND) and run([*uv, PYTHON_LOCK], BACKEND):
        return
    say("uv did not do it; installing with pip, which takes longer.")
    if not run([*pip, PYTHON_LOCK], BACKEND):
        stop("the Python packages could not be installed; what is wrong stands above.")


def prepare_node() -> None:
    stamp = NODE_MODULES / f".made-from-{digest_of([NODE_LOCK])}"
    with made_once(stamp, proof=NODE_MODULES) as missing:
        if missing:
            check_node()
            say("Installing Node packages; once per lock file.")
            npm = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            if not run(npm, FRONTEND):
                stop("the Node packages could not be installed; see above for why.")


def check_node() -> None:
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            stop(f"there is no {tool} here: install Node 20.19 or newer, with npm.")
    told = subprocess.run(
        ["node", "--version"],  # noqa: S607 - the one that PATH chooses is meant
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()
    found = tuple(int(part) for part in re.findall(r"\d+", told)[:2])
    if found < NODE_NEEDED or (21,) <= found < NODE_22_NEEDED:
        stop(f"it needs Node 20.19, 22.12 or newer, and this is {told}.")


def spa_sources() -> list[Path]:
    found = (path for pattern in SPA_SOURCES for path in FRONTEND.glob(pattern))
    return [
        path
        for path in found
        if path.is_file() and not NOT_IN_THE_APP.search(path.as_posix())
    ]


def prepare_spa() -> None:
    prepare_node()
    stamp = DIST / f".made-from-{digest_of(spa_sources())}"
    with made_once(stamp, proof=DIST / "index.html") as missing:
        if missing:
            say("Building the browser app; once per change.")
            build_spa()


def build_spa() -> None:
    # Beside the old one, which is whole until the new one is.
    fresh, old = DIST.with_name("dist.new"), DIST.with_name("dist.old")
    # Served by the API itself, so the app must not look for it elsewhere.
    env = {name: value for name, value in os.environ.items() if name != "VITE_API_URL"}
    vite = [str(NODE_MODULES / ".bin" / "vite"), "build", "--logLevel=error"]
    if not run([*vite, "--emptyOutDir", "--outDir", fresh], FRONTEND, env):
        stop("the browser app could not be built; what is wrong stands above.")
    shutil.rmtree(old, ignore_errors=True)
    if DIST.exists():
        DIST.rename(old)
    fresh.rename(DIST)
    shutil.rmtree(old, ignore_errors=True)


PARTS = {"python": prepare_python, "node": prepare_node, "spa": prepare_spa}

if __name__ == "__main__":
    for part in sys.argv[1:]:
        PARTS[part]()
