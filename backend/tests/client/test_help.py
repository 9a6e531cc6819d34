"""`roster` starts light, and says of each command what that says of itself."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from roster.cli import Commands, app

BACKEND = Path(__file__).resolve().parents[2]
HEAVY = (
    *("fastapi", "starlette", "sqlalchemy", "sqlmodel", "pydantic", "alembic"),
    *("celery", "uvicorn", "jinja2", "keyring", "cryptography", "opentelemetry"),
)
LIGHTEST = (*HEAVY, "urllib3", "ssl", "yaml")
LISTED = """
import sys, typer
from roster.cli import app
try:
    app(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print("\\n".join(sys.modules), file=sys.stderr)
"""


def modules(*words: str) -> set[str]:
    """Name what is imported when `roster` is called so."""
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", LISTED, *words],
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stderr.splitlines()}


@pytest.mark.parametrize("words", [["--help"], ["--version"]], ids=" ".join)
def test_nothing_is_imported_before_a_command_is_named(words: list[str]) -> None:
    assert not modules(*words) & set(LIGHTEST)


@pytest.mark.parametrize(
    "words",
    [["pull", "--help"], ["status", "--help"], ["login", "--help"]],
    ids=" ".join,
)
def test_the_server_is_not_imported_for_its_clients(words: list[str]) -> None:
    allowed = {"pydantic"} if words[0] == "status" else set()
    assert not modules(*words) & set(HEAVY) - allowed


def test_rules_are_checked_without_the_server(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nname: a\ndescription: Reads.\n---\nRead.\n")
    loaded = modules("lint", str(tmp_path))
    assert not loaded & set(HEAVY) - {"pydantic"}


@pytest.mark.parametrize("name", Commands.places)
def test_each_command_is_there_and_says_the_same_of_itself(name: str) -> None:
    group = typer.main.get_command(app)
    command = group.commands[name].found  # type: ignore[attr-defined]  # a LazyCommand
    first = inspect.cleandoc(command.help).split("\n\n")[0].replace("\n", " ")
    assert first == Commands.places[name].help


def test_commands_are_listed_in_two_groups() -> None:
    panels = [place.panel for place in Commands.places.values()]
    assert list(dict.fromkeys(panels)) == ["Use a registry", "Run an instance"]
    assert panels == sorted(panels, reverse=True)


def test_python_m_roster_is_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "roster", "--version"],
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("roster ")


def test_an_installed_package_runs_no_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROSTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("roster.serve.MIGRATIONS", tmp_path / "none")
    result = CliRunner().invoke(app, ["migrate"])
    assert isinstance(result.exception, SystemExit)
    assert "from a checkout" in str(result.exception)
    assert not (tmp_path / "data").exists()
