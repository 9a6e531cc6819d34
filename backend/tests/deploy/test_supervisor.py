"""The program that watches those who serve, with small ones in their place."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.conftest import Program, Run, children_of, is_there, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "watched"
    made.mkdir()
    return made


@pytest.fixture
def watch(run: Run, folder: Path) -> Callable[[], Program]:
    command = [sys.executable, "-m", "tests.deploy.watched", "watch", str(folder)]
    return lambda: run(command, dict(os.environ))


def present(folder: Path) -> set[int]:
    """Those who say that they serve, and did not end."""
    files = (folder / "metrics").glob("gauge_livesum_*.db")
    return {int(file.stem.rpartition("_")[2]) for file in files}


async def two(program: Program, folder: Path, *, without: set[int]) -> set[int]:
    async def found() -> set[int]:
        now = children_of(program.pid)
        is_whole = len(now) == 2 and now == present(folder) and not now & without
        return now if is_whole else set()

    pids: set[int] = await until(found, "two processes")
    return pids


async def none(pids: set[int]) -> None:
    async def gone() -> bool:
        return not any(is_there(pid) for pid in pids)

    await until(gone, "their end")


async def test_who_ends_or_falls_silent_is_replaced(
    watch: Callable[[], Program], folder: Path
) -> None:
    program = watch()
    first = await two(program, folder, without=set())
    killed, stopped = sorted(first)
    os.kill(killed, signal.SIGKILL)
    await two(program, folder, without={killed})
    os.kill(stopped, signal.SIGSTOP)
    second = await two(program, folder, without=first)
    silent = second.copy().pop()
    (folder / f"silent-{silent}").touch()
    third = await two(program, folder, without={silent})
    assert "does not answer, and is killed" in program.said
    assert await program.end() == 0
    await none(third)


async def test_all_are_renewed_one_after_the_other(
    watch: Callable[[], Program], folder: Path
) -> None:
    program = watch()
    first = await two(program, folder, without=set())
    program.signal(signal.SIGHUP)
    second = await two(program, folder, without=first)
    # What cannot start takes nobody's place.
    (folder / "fail").touch()
    program.signal(signal.SIGHUP)

    async def said() -> bool:
        return "did not start" in program.said

    await until(said, "what it says of it")
    assert await two(program, folder, without=first) == second
    # It is tried again, with a pause, until it can.
    os.kill(second.copy().pop(), signal.SIGKILL)

    async def tried() -> bool:
        return program.said.count("ended (3)") > 1

    await until(tried, "another try")
    (folder / "fail").unlink()
    third = await two(program, folder, without=set())
    assert len(third & second) == 1


async def test_what_cannot_start_at_all_ends_everything(
    watch: Callable[[], Program], folder: Path
) -> None:
    (folder / "fail").touch()
    assert await watch().wait() == 3


async def test_none_is_left_behind_when_it_is_killed(
    watch: Callable[[], Program], folder: Path
) -> None:
    program = watch()
    pids = await two(program, folder, without=set())
    program.signal(signal.SIGKILL)
    await none(pids)
