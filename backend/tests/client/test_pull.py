"""`roster pull`, against a server that listens."""

import stat
import sys
from pathlib import Path

import pytest

from roster.client.saying import Say
from tests.client.conftest import Cli
from tests.client.instances import SERVER, Instance, agent

FIRST, SECOND = agent("critic"), agent("critic", "Look at names.")
CRITIC, HELPER = ".claude/agents/critic.md", ".claude/agents/helper.md"
STATE = ".roster/ada-kit.claude-code.json"


@pytest.fixture(scope="module")
def kit(instance: Instance) -> Instance:
    """Release 1 has critic and helper, release 2 another critic and a server."""
    instance.add("agent", "critic", FIRST)
    instance.add("agent", "helper", agent("helper"))
    instance.add("server", "tickets", SERVER % "tickets")
    instance.collect("kit", ["critic", "helper"])
    instance.release("kit")
    instance.publish("critic", SECOND)
    instance.choose("kit", ["critic", "tickets"])
    instance.release("kit")
    return instance


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != ".roster"
    }


def test_it_brings_a_release_and_then_another(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    (folder / "mine.txt").write_text("mine")
    done = cli.json("pull", "ada/kit@1", "--dir", str(folder))
    assert done["release"] == 1
    assert tree(folder) == {
        CRITIC: FIRST.encode(),
        HELPER: agent("helper").encode(),
        "mine.txt": b"mine",
    }
    again = cli.run("pull", "ada/kit@1", "--dir", str(folder))
    assert "0 changed" in again.output

    result = cli.run("pull", "ada/kit", "--dir", str(folder))
    assert result.exit_code == 0, result.output
    assert "TICKETS_TOKEN" in result.stdout
    found = tree(folder)
    assert found.keys() == {CRITIC, ".mcp.json", "mine.txt"}
    assert found[CRITIC] == SECOND.encode()
    assert sorted(path.name for path in (folder / ".roster").iterdir()) == [
        ".gitignore",
        "ada-kit.claude-code.json",
        "lock",
    ]
    assert cli.run("pull", "ada/kit@1", "--dir", str(folder)).exit_code == 0
    assert tree(folder).keys() == {CRITIC, HELPER, "mine.txt"}


def test_check_and_dry_run_change_nothing(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    place = ("--dir", str(folder))
    assert cli.run("pull", "ada/kit", *place, "--dry-run").exit_code == 0
    assert cli.run("pull", "ada/kit", *place, "--check").exit_code == 1
    assert not list(folder.iterdir())
    cli.run("pull", "ada/kit@1", *place)
    assert cli.run("pull", "ada/kit@1", *place, "--check").exit_code == 0
    stale = cli.json("pull", "ada/kit", *place, "--check", code=1)
    assert (stale["before"], stale["release"]) == (1, 2)
    (folder / CRITIC).write_text("changed")
    assert cli.run("pull", "ada/kit@1", *place, "--check").exit_code == 1
    assert (folder / CRITIC).read_text() == "changed"


def test_local_changes_are_asked_about(kit: Instance, cli: Cli, folder: Path) -> None:
    place = ("--dir", str(folder))
    cli.run("pull", "ada/kit@1", *place)
    (folder / CRITIC).write_text("changed")
    (folder / HELPER).write_text("changed, too")
    refused = cli.run("pull", "ada/kit", *place)
    assert refused.exit_code == 8
    assert len(refused.stderr.strip().splitlines()) <= 2
    assert tree(folder).keys() == {CRITIC, HELPER}

    kept = cli.run("pull", "ada/kit", *place, "--keep")
    assert kept.exit_code == 0, kept.output
    assert (folder / CRITIC).read_text() == "changed"
    # It is gone from the release, and somebody worked on it.
    assert (folder / HELPER).read_text() == "changed, too"

    done = cli.json("pull", "ada/kit", *place, "--yes")
    assert (folder / CRITIC).read_bytes() == SECOND.encode()
    [aside] = done["kept"]
    assert Path(aside).read_text() == "changed"


def test_a_file_of_somebody_else_is_asked_about(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    (folder / ".mcp.json").write_text("{}")
    result = cli.run("pull", "ada/kit", "--dir", str(folder))
    assert result.exit_code == 8
    assert ".mcp.json" in result.stderr
    assert tree(folder) == {".mcp.json": b"{}"}


def test_two_collections_do_not_share_a_file(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    kit.collect("other", ["critic"])
    kit.release("other")
    cli.run("pull", "ada/kit", "--dir", str(folder))
    result = cli.run("pull", "ada/other", "--dir", str(folder), "--yes")
    assert result.exit_code == 8
    assert "ada/kit@2" in result.stderr


def test_links_are_not_written_through(
    kit: Instance, cli: Cli, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / ".claude").symlink_to(outside)
    result = cli.run("pull", "ada/kit", "--dir", str(folder), "--yes")
    assert result.exit_code == 8
    assert not list(outside.iterdir())


def test_the_state_says_what_was_written(kit: Instance, cli: Cli, folder: Path) -> None:
    cli.run("pull", "ada/kit@1", "--dir", str(folder))
    lock = kit.ask("GET", f"/collections/{kit.ids['kit']}/releases/1")
    state = (folder / STATE).read_text()
    assert f'"lock_digest": "{lock["digest"]}"' in state
    assert stat.S_IMODE((folder / CRITIC).stat().st_mode) & 0o111 == 0
    (folder / STATE).write_text("{}")
    assert cli.run("pull", "ada/kit@1", "--dir", str(folder)).exit_code == 8


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ada/nothing"], 5, "no collection ada/nothing"),
        (["ada/kit@9"], 5, "9"),
        (["kit"], 2, "names no collection"),
        (["ada/kit", "--target", "emacs"], 5, "claude-code"),
        (["ada/kit", "--keep", "--yes"], 2, "not both"),
    ],
)
def test_what_is_not_there(
    kit: Instance, cli: Cli, folder: Path, words: list[str], code: int, said: str
) -> None:
    result = cli.run("pull", *words, "--dir", str(folder))
    assert result.exit_code == code, result.output
    assert said in result.stderr
    assert result.stderr.startswith("roster: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_person_is_asked(
    kit: Instance, cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roster.client.commands.pull.is_terminal", lambda: True)
    words = ("pull", "ada/kit", "--dir", str(folder))
    cli.run("pull", "ada/kit@1", "--dir", str(folder))
    (folder / CRITIC).write_text("changed")
    no = cli.run(*words, stdin="a\n")
    assert no.exit_code == 8
    assert f"! {CRITIC}" in no.stderr
    assert cli.run(*words, stdin="k\n").exit_code == 0
    assert (folder / CRITIC).read_text() == "changed"
    assert cli.run(*words, stdin="o\n").exit_code == 0
    assert (folder / CRITIC).read_bytes() == SECOND.encode()


def test_progress_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Say().progress("Pulling", 10) as advance:
        advance(5)
    assert capsys.readouterr().err == "Pulling …\n"
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Say().progress("Pulling", 10) as advance:
        advance(5)
    assert "…" not in capsys.readouterr().err


def test_no_bar_is_painted_over_a_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Say().progress("Pulling", 10):
        assert capsys.readouterr().err == ""


def test_what_is_lost_alike_is_said_once(
    instance: Instance, cli: Cli, folder: Path
) -> None:
    for name in ("painter", "printer"):
        text = agent(name).replace("description:", "color: blue\ndescription:")
        instance.add("agent", name, text)
    instance.collect("shades", ["painter", "printer"])
    instance.release("shades")
    words = ("pull", "ada/shades", "--target", "codex", "--dir", str(folder))
    result = cli.run(*words)
    assert result.exit_code == 0, result.output
    [line] = [one for one in result.stderr.splitlines() if "color" in one]
    assert line.endswith("(agent:ada/painter@1 and 1 more)")
