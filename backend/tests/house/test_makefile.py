"""The targets of the Makefile, and what its programs say when something is missing."""

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAKEFILE = (ROOT / "Makefile").read_text()
# The names with an underscore are steps of the others.
TARGETS = re.findall(r"^([a-z][a-z0-9-]*):(?!=)(.*)$", MAKEFILE, re.MULTILINE)
PREPARE = ROOT / "backend" / "scripts" / "prepare.py"


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outer = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "ROSTER_"))
    }
    return subprocess.run(  # noqa: S603 - arguments of this file
        ["make", *arguments],  # noqa: S607 - the make that PATH chooses is meant
        cwd=ROOT,
        env={**outer, **environment},
        capture_output=True,
        check=False,
        text=True,
    )


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_every_target_says_what_it_does() -> None:
    assert not [name for name, rest in TARGETS if " ## " not in f" {rest}"]


def test_no_target_is_taken_for_a_file() -> None:
    phony = set(
        " ".join(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)).split()
    )
    assert {name for name, _ in TARGETS} <= phony


def test_help_is_what_make_does_unasked() -> None:
    told = make().stdout
    assert told == make("help").stdout
    assert all(f"make {name} " in told for name, _ in TARGETS)


@pytest.mark.parametrize(
    "document", ["README.md", "docs/ARCHITECTURE.md", ".github/workflows/ci.yml"]
)
def test_documents_name_targets_that_exist(document: str) -> None:
    text = (ROOT / document).read_text()
    named = set(re.findall(r"(?:`|run: |^)make ([a-z][a-z0-9-]*)", text, re.MULTILINE))
    assert named <= {name for name, _ in TARGETS}


def test_the_most_needed_targets_are_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text()
    assert all(f"make {name}" in text for name in ("run", "test", "check", "dev"))


def test_without_python_one_sentence_says_so() -> None:
    done = make("run", "PYTHON=no-such-python")
    assert done.returncode
    assert "install Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_python_is_told_from_a_new_one(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    program(
        old,
        f'#!/bin/sh\nexec "{sys.executable}" -c '
        '"import sys; sys.version_info = (3, 9, 2); exec(sys.argv[1])" "$2"\n',
    )
    done = make("run", f"PYTHON={old}")
    assert done.returncode
    assert "needs Python 3.11 or newer" in done.stderr
    assert "is 3.9" in done.stderr


@pytest.mark.parametrize(
    ("version", "refused"),
    [
        ("v18.20.4", True),
        ("v20.18.9", True),
        ("v20.19.0", False),
        ("v21.7.0", True),
        ("v22.11.0", True),
        ("v22.12.0", False),
        ("v24.1.0", False),
    ],
)
def test_node_must_be_new_enough(
    tmp_path: Path, version: str, *, refused: bool
) -> None:
    for name in ("node", "npm"):
        program(tmp_path / name, f"#!/bin/sh\necho {version}\n")
    done = check_node(tmp_path)
    assert bool(done.returncode) is refused, done.stderr
    assert (version in done.stderr) is refused


def test_without_npm_one_sentence_says_so(tmp_path: Path) -> None:
    program(tmp_path / "node", "#!/bin/sh\necho v24.0.0\n")
    done = check_node(tmp_path)
    assert done.returncode
    assert "there is no npm here" in done.stderr


def check_node(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import prepare; prepare.check_node()"],
        cwd=PREPARE.parent,
        env={"PATH": str(path)},
        capture_output=True,
        check=False,
        text=True,
    )


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = roster("serve", "--port", str(port), data=tmp_path / "data")
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_a_bad_setting_is_one_sentence_without_its_value(tmp_path: Path) -> None:
    done = roster("serve", data=tmp_path, ROSTER_SIGNING_KEYS="a:sesame")
    assert done.returncode == 1
    assert "ROSTER_SIGNING_KEYS" in done.stderr
    assert "sesame" not in done.stderr + done.stdout
    assert len(done.stderr.splitlines()) == 1


def roster(
    *arguments: str, data: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this Python, with arguments of this file
        [sys.executable, "-m", "roster", *arguments],
        cwd=ROOT / "backend",
        env={**os.environ, "ROSTER_DATA_DIR": str(data), **environment},
        capture_output=True,
        check=False,
        text=True,
    )


def test_ci_runs_what_people_run() -> None:
    steps = (ROOT / ".ci" / "run").read_text().splitlines()
    assert steps[-2:] == ["make check", "make test"]
    assert "run: .ci/run" in (ROOT / ".github" / "workflows" / "ci.yml").read_text()
