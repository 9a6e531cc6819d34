"""What must never get into git: addresses of registries, machine paths, secrets."""

import json
import re
import stat
from pathlib import Path

import pytest

from tests.house.committed import ROOT, files, name_of

PYTHON_LOCKS = ["bootstrap.lock", "requirements.lock", "requirements-dev.lock"]
REGISTRIES = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|yarnpkg|npmmirror)\.(?:org|com|io)\b"
)
MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|work|opt|mnt|tmp)/\w")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[A-Z0-9]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bsk-[A-Za-z0-9_-]{32,}\b"
    r"|\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}"
)
# Where made-up secrets and paths of made-up machines are what is read.
MADE_UP = ("backend/tests/", "backend/roster/samples/", "frontend/e2e/")
BINARY = {".png", ".woff2", ".zip", ".ico", ".db"}


def texts(*patterns: str) -> dict[str, str]:
    return {
        name_of(path): path.read_text(errors="replace")
        for path in files(*patterns)
        if path.suffix not in BINARY
    }


def lines_with(pattern: re.Pattern[str], found: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in found.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_python_locks_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "backend" / name).read_text()
    assert "://" not in text
    pinned = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)
    assert pinned
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())


def test_the_node_lock_holds_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [
        name
        for name, entry in packages.items()
        if "integrity" not in entry and not entry.get("inBundle")
    ]


def test_no_registry_is_named() -> None:
    assert not lines_with(REGISTRIES, texts())


def test_no_path_of_a_machine_is_named() -> None:
    written = {
        name: text for name, text in texts().items() if not name.startswith(MADE_UP)
    }
    assert not lines_with(MACHINE_PATHS, written)


def test_this_folder_is_named_nowhere() -> None:
    here = re.compile(re.escape(str(ROOT)) + r"\b")
    assert not lines_with(here, texts())


def test_no_secret_is_written_down() -> None:
    written = {
        name: text for name, text in texts().items() if not name.startswith(MADE_UP)
    }
    assert not lines_with(SECRETS, written)


def test_no_data_is_committed() -> None:
    refused = {"keys.json", "setup-code", ".env"}
    names = [path.name for path in files()]
    assert not refused & set(names)
    assert not [name for name in names if name.endswith((".db", ".db-wal", ".pem"))]


def test_programs_are_the_ones_meant_to_be_run() -> None:
    programs = [path for path in files() if is_program(path)]
    assert [name_of(path) for path in programs] == [".ci/run"]


def is_program(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IXUSR)
