"""`roster status`, `diff`, `lock`, `verify`: what is here, and what it should be."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.client.conftest import Cli
from tests.client.instances import ANY, Instance, agent

FIRST, SECOND = agent("critic"), agent("critic", "Look at names.")
CRITIC, HELPER = ".claude/agents/critic.md", ".claude/agents/helper.md"


@pytest.fixture(scope="module")
def kit(instance: Instance) -> Instance:
    """Release 1 has critic and helper; release 2 has another critic alone."""
    instance.add("agent", "critic", FIRST)
    instance.add("agent", "helper", agent("helper"))
    instance.collect("kit", ["critic", "helper"])
    instance.release("kit")
    instance.publish("critic", SECOND)
    instance.choose("kit", ["critic"])
    instance.release("kit")
    return instance


@pytest.fixture
def pulled(kit: Instance, cli: Cli, folder: Path) -> Path:
    result = cli.run("pull", "ada/kit@1", "--dir", str(folder))
    assert result.exit_code == 0, result.output
    return folder


def status(cli: Cli, folder: Path, *words: str, code: int = 0) -> Any:
    return cli.json("status", str(folder), *words, code=code)


def test_what_was_pulled_is_behind(pulled: Path, cli: Cli) -> None:
    [found] = status(cli, pulled)["pulled"]
    assert (found["release"], found["newest"], found["behind"]) == (1, 2, 1)
    assert found["files"] == {CRITIC: "identical", HELPER: "identical"}
    assert status(cli, pulled)["files"] == []
    status(cli, pulled, "--check", code=1)
    assert "behind 1" in cli.run("status", str(pulled)).stdout
    cli.run("pull", "ada/kit", "--dir", str(pulled))
    status(cli, pulled, "--check")


def test_what_was_changed_is_shown(pulled: Path, cli: Cli) -> None:
    (pulled / CRITIC).write_text(FIRST.replace("tests", "types"))
    (pulled / HELPER).unlink()
    [found] = status(cli, pulled)["pulled"]
    assert found["files"] == {CRITIC: "modified", HELPER: "missing"}
    said = cli.run("status", str(pulled), "--diff").stdout
    assert "-Look at tests." in said
    assert "+Look at types." in said


def test_what_was_yanked_is_said(kit: Instance, cli: Cli, folder: Path) -> None:
    kit.add("agent", "bad", agent("bad"))
    kit.collect("risky", ["bad"])
    kit.release("risky")
    cli.run("pull", "ada/risky", "--dir", str(folder))
    status(cli, folder, "--check")
    kit.ask(
        "POST",
        f"/components/{kit.ids['bad']}/revisions/1/yank",
        json={"reason": "It deletes files."},
        headers=ANY,
    )
    [found] = status(cli, folder, "--check", code=1)["pulled"]
    assert found["yanked"] == ["agent:ada/bad@1"]
    said = cli.run("status", str(folder)).stdout
    assert "yanked     agent:ada/bad@1" in said
    assert "Ask ada to release" in said
    again = cli.run("pull", "ada/risky", "--dir", str(folder))
    assert "was yanked" in again.stderr


def test_other_files_are_found(kit: Instance, cli: Cli, folder: Path) -> None:
    agents = folder / "agents"
    agents.mkdir()
    (agents / "old.md").write_text(FIRST)
    (agents / "critic.md").write_text(SECOND.replace("names", "places"))
    (agents / "new.md").write_text(SECOND)
    (agents / "mine.md").write_text(agent("mine"))
    (folder / "README.md").write_text("# Hello\n")
    found = {Path(one["path"]).name: one for one in status(cli, folder)["files"]}
    assert {name: one["standing"] for name, one in found.items()} == {
        "old.md": "behind",
        "critic.md": "modified",
        "new.md": "identical",
        "mine.md": "unknown",
    }
    assert found["old.md"]["reference"] == "agent:ada/critic@1"
    assert found["critic.md"]["reference"] == "agent:ada/critic@2"
    assert 0.5 < found["critic.md"]["likeness"] < 1
    said = cli.run("status", str(folder), "--diff").stdout
    assert "+Look at places." in said
    assert "nearest agent:ada/critic@2" in said
    assert status(cli, folder, "--pulled")["files"] == []


def test_pulls_into_folders_below_are_left_to_their_own(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    below = folder / "apps" / "web"
    below.mkdir(parents=True)
    cli.run("pull", "ada/kit", "--dir", str(below))
    result = cli.run("status", str(folder))
    assert "web has pulls of its own" in result.stderr
    assert status(cli, folder, "--check") == {"pulled": [], "files": []}
    assert len(status(cli, below)["pulled"]) == 1


def test_what_is_from_another_roster_is_left(pulled: Path, cli: Cli) -> None:
    state = pulled / ".roster" / "ada-kit.claude-code.json"
    values = json.loads(state.read_text())
    state.write_text(json.dumps(values | {"url": "https://roster.example.org"}))
    result = cli.run("status", str(pulled), "--json")
    assert json.loads(result.stdout)["pulled"] == []
    assert "https://roster.example.org" in result.stderr


def test_a_collection_that_is_gone(kit: Instance, cli: Cli, folder: Path) -> None:
    kit.collect("gone", ["critic"])
    kit.release("gone")
    cli.run("pull", "ada/gone", "--dir", str(folder))
    path = f"/collections/{kit.ids['gone']}"
    kit.ask("DELETE", path, params={"confirm": "gone"}, headers=ANY)
    [found] = status(cli, folder, "--check", code=1)["pulled"]
    assert found["newest"] is None


def test_a_diff_of_releases_is_a_patch(kit: Instance, cli: Cli) -> None:
    said = cli.run("diff", "ada/kit@1", "ada/kit@2").stdout
    assert f"--- a/{CRITIC}\n+++ b/{CRITIC}\n" in said
    assert "-Look at tests.\n+Look at names.\n" in said
    assert f"--- a/{HELPER}\n+++ /dev/null\n" in said
    names = cli.run("diff", "ada/kit@1", "ada/kit@2", "--name-only").stdout.split()
    assert names == [CRITIC, HELPER]
    same = cli.run("diff", "ada/kit@1", "ada/kit@1", "--exit-code")
    assert (same.exit_code, same.stdout) == (0, "")
    assert same.stderr == "ada/kit@1 and ada/kit@1 hold the same files.\n"
    assert cli.run("diff", "ada/kit@1", "ada/kit", "--exit-code").exit_code == 1


def test_a_diff_with_the_folder(pulled: Path, cli: Cli) -> None:
    place = ("--dir", str(pulled))
    found = cli.json("diff", "ada/kit@1", *place)
    assert found["files"] == []
    # What the newer release dropped stands here still.
    assert cli.json("diff", "ada/kit", *place)["files"] == [CRITIC, HELPER]
    (pulled / CRITIC).write_bytes(b"\0\1")
    assert "Binary files differ" in cli.run("diff", "ada/kit@1", *place).stdout


def test_a_lock_verifies_without_a_server(
    pulled: Path, cli: Cli, stranger: Cli, tmp_path: Path
) -> None:
    lock = tmp_path / "roster.lock"
    made = cli.run("lock", "ada/kit@1", "--output", str(lock))
    assert made.exit_code == 0, made.output
    first = lock.read_bytes()
    cli.run("lock", "ada/kit@1", "--output", str(lock))
    assert lock.read_bytes() == first
    assert json.loads(first)["lock"]["entries"][0]["name"] == "ada/critic"

    words = ("verify", "--dir", str(pulled), "--lock", str(lock))
    assert stranger.run(*words).exit_code == 0
    assert stranger.run("verify", "--dir", str(pulled)).exit_code == 0
    (pulled / CRITIC).write_text("changed")
    (pulled / HELPER).chmod(0o755)
    found = stranger.json(*words, code=1)
    assert found["wrong"] == {CRITIC: "modified", HELPER: "mode"}
    shutil.rmtree(pulled / ".claude")
    assert stranger.json(*words, code=1)["wrong"][CRITIC] == "missing"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"roster_lock": 2, "files": {}}'], ids=repr
)
def test_what_is_no_lock_is_said(
    folder: Path, stranger: Cli, tmp_path: Path, text: str
) -> None:
    lock = tmp_path / "roster.lock"
    lock.write_text(text)
    words = ("verify", "--dir", str(folder), "--lock")
    assert stranger.run(*words, str(lock)).exit_code == 2
    assert stranger.run(*words, str(tmp_path / "none")).exit_code == 5
    assert stranger.run("verify", "--dir", str(folder)).exit_code == 5


def test_a_lock_that_leads_elsewhere_is_refused(
    folder: Path, stranger: Cli, tmp_path: Path
) -> None:
    lock = tmp_path / "roster.lock"
    file = {"sha256": "0" * 64, "mode": "100644"}
    lock.write_text(json.dumps({"roster_lock": 1, "files": {"../x": file}}))
    result = stranger.run("verify", "--dir", str(folder), "--lock", str(lock))
    assert result.exit_code == 9
