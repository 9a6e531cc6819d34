"""A pull leaves the old tree or the new one, whatever happens to it."""

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from roster.client.exits import Exit, Trouble
from roster.client.trees import moving, staging
from roster.client.trees.disk import Disk
from roster.client.trees.paths import check
from roster.client.trees.planning import Plan
from tests.client import killing
from tests.client.conftest import Cli
from tests.client.instances import Instance, agent
from tests.client.killing import MINE, NEW, OLD, begin, release_of, run, tree

BACKEND = Path(__file__).resolve().parents[2]


def texts(files: dict[str, bytes]) -> dict[str, str]:
    found = {path: data.decode() for path, data in files.items()}
    return dict(sorted((found | {MINE: "mine"}).items()))


def test_a_kill_at_any_step_leaves_the_old_tree_or_the_new_one(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "tests.client.killing", str(tmp_path)],
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    points = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(points) > 40
    for point in points:
        wanted = {1: texts(OLD), 2: texts(NEW)}[point["release"]]
        assert point["tree"] == wanted, point
        assert point["left"] == [], point
        assert point["then"] == texts(NEW), point
    assert {point["release"] for point in points} == {1, 2}


class Failing(Disk):
    """A disk on which one step fails, and those of its kind from then on."""

    def __init__(self, at: int, code: int) -> None:
        self.at, self.code, self.done, self.kind = at, code, 0, ""

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name not in Disk.__dict__ or name.startswith("_"):
            return found

        def step(*given: Any) -> None:
            self.done += 1
            if self.done == self.at:
                # What brings the old tree back needs no room on a disk.
                raise OSError(self.code, os.strerror(self.code), str(given[0]))
            found(*given)

        return step


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_a_step_that_fails_leaves_the_old_tree(tmp_path: Path, code: int) -> None:
    at, trees = 0, []
    while True:
        at += 1
        root = tmp_path / str(at)
        begin(root)
        disk = Failing(at, code)
        with contextlib.suppress(OSError):
            run(root, NEW, 2, disk)
        if disk.done < at:
            break
        moving.recover(root, Disk())
        trees.append(release_of(root))
        assert tree(root) == {1: texts(OLD), 2: texts(NEW)}[release_of(root)]
        run(root, NEW, 2, Disk())
        assert tree(root) == texts(NEW)
    assert trees.count(1) > 20


def test_what_is_edited_meanwhile_is_kept(tmp_path: Path) -> None:
    root = tmp_path / "root"
    begin(root)
    critic = root / ".claude/agents/critic.md"

    def edit(plan: Plan) -> Plan:
        critic.write_text("edited")
        return plan

    done = killing.pull_of(root, NEW, 2, Disk()).run(edit, lambda _: None)
    assert done is not None
    [kept] = done.kept
    assert kept.read_text() == "edited"
    assert tree(root) == texts(NEW)
    again = killing.pull_of(root, OLD, 3, Disk())
    assert again.look()[0].in_the_way == []


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    root = tmp_path / "root"
    begin(root)
    with moving.alone(root), pytest.raises(Trouble) as caught:
        run(root, NEW, 2, Disk())
    assert caught.value.code is Exit.local_changes
    assert tree(root) == texts(OLD)


class WithoutLinks(Disk):
    """A file system that gives no file a second name."""

    def second(self, path: Path, other: Path) -> None:
        def refuse(*_: Any) -> None:
            raise OSError(errno.EPERM, "no links")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "link", refuse)
            super().second(path, other)


class AcrossDisks(Disk):
    """The folder for what is new is on another file system."""

    def move(self, path: Path, other: Path) -> None:
        real = Path.replace

        def refuse(own: Path, target: Path) -> Path:
            if own == path:
                raise OSError(errno.EXDEV, "other disk")
            return real(own, target)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "replace", refuse)
            super().move(path, other)


@pytest.mark.parametrize(
    "disk", [WithoutLinks(), AcrossDisks()], ids=["no links", "two disks"]
)
def test_odd_file_systems(tmp_path: Path, disk: Disk) -> None:
    root = tmp_path / "root"
    begin(root)
    run(root, NEW, 2, disk)
    assert tree(root) == texts(NEW)
    assert (root / killing.EXECUTABLE).stat().st_mode & 0o100


def test_a_journal_of_somebody_else_writes_nothing_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    begin(root)
    stage = staging.begin(root / ".roster", "ada-kit.claude-code", Disk())
    step = ["../outside", None, "0" * 64, False]
    (stage / "journal.json").write_text(json.dumps({"key": "x", "steps": [step]}))
    (stage / "new" / "0").write_text("x")
    with pytest.raises(Trouble):
        moving.recover(root, Disk())
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("key", ["../../settings", "/settings", "a/b", ".."])
def test_a_journal_of_somebody_else_has_no_name_that_leads_outside(
    tmp_path: Path, key: str
) -> None:
    root = tmp_path / "root"
    begin(root)
    stage = staging.begin(root / ".roster", "ada-kit.claude-code", Disk())
    (stage / "journal.json").write_text(json.dumps({"key": key, "steps": []}))
    (stage / "state").write_text("{}")
    before = set(tmp_path.rglob("*.json"))
    with pytest.raises(Trouble):
        moving.recover(root, Disk())
    assert set(tmp_path.rglob("*.json")) == before


@pytest.mark.parametrize("name", ["", "kept", "lock", "x.next"])
def test_no_link_leads_out_of_the_own_folder(tmp_path: Path, name: str) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    place = root / ".roster" / name if name else root / ".roster"
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(elsewhere)
    with pytest.raises(Trouble):
        run(root, NEW, 1, Disk())
    with pytest.raises(Trouble):
        moving.recover(root, Disk())
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("path", ["../outside", "/outside", ".git/hooks/pre-commit"])
def test_what_is_promised_stays_inside(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(Trouble) as caught:
        run(root, {path: b"evil"}, 1, Disk())
    assert caught.value.code is Exit.tampered
    assert tree(root) == {}
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "paths",
    [
        ["../a"],
        ["/a"],
        ["a/../../b"],
        ["a//b"],
        ["./a"],
        [""],
        ["a\\b"],
        ["C:a"],
        ["a\0b"],
        ["a\nb"],
        ["a ", "b"],
        ["a."],
        [".git/hooks/pre-commit"],
        ["a/.GIT/config"],
        ["GIT~1/config"],
        [".g\u200cit/config"],
        [".\ufeffroster/ada-kit.claude-code.json"],
        [".roster/ada-kit.claude-code.json"],
        ["A.md", "a.md"],
        ["A/x.md", "a/y.md"],
        ["a", "a/b"],
        ["stra\u00dfe.md", "STRASSE.md"],
        ["\u00e9.md", "e\u0301.md"],
    ],
    ids=repr,
)
def test_paths_that_are_never_written(paths: list[str]) -> None:
    with pytest.raises(Trouble) as caught:
        check(paths)
    assert caught.value.code is Exit.tampered


def test_a_kill_at_any_moment(instance: Instance, cli: Cli, folder: Path) -> None:
    """The command itself, killed where chance has it."""
    names = [f"agent-{number}" for number in range(12)]
    for name in names:
        instance.add("agent", name, agent(name))
    instance.collect("many", names)
    instance.release("many")
    for name in names:
        instance.publish(name, agent(name, "Look at names."))
    instance.release("many")
    place = ("--dir", str(folder))
    trees = {}
    for number in (2, 1):
        assert cli.run("pull", f"ada/many@{number}", *place).exit_code == 0
        trees[number] = tree(folder)
    at = 1
    for _ in range(4):
        other = 3 - at
        started = cli.start("pull", f"ada/many@{other}", *place)
        # It says so before the first byte is written.
        assert started.stderr is not None
        for line in started.stderr:
            if line.startswith("Pulling"):
                break
        started.send_signal(signal.SIGKILL)
        started.communicate()
        cli.run("status", str(folder), "--pulled")
        at = next(number for number, found in trees.items() if found == tree(folder))
        assert cli.run("pull", f"ada/many@{other}", *place).exit_code == 0
        assert tree(folder) == trees[other]
        at = other
