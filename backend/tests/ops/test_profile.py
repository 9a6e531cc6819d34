"""`make profile`, on a real server."""

import subprocess
import sys
from pathlib import Path

import pytest

from roster.settings import Settings
from tests.deploy.conftest import (
    BACKEND,
    environment_of,
    is_ready,
    programs,
    roster,
    until,
)
from tests.services.postgres import free_port

SCRIPT = BACKEND / "scripts" / "record_profile.py"
PROGRAMS = Path(sys.executable).parent


def profile(
    output: Path, *pid: str, seconds: str = "1"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this Python, with a program of ours
        [sys.executable, SCRIPT, PROGRAMS, seconds, output, *pid],
        capture_output=True,
        check=False,
        text=True,
    )


async def test_a_server_is_recorded_or_it_is_said_why_not(
    settings: Settings, tmp_path: Path
) -> None:
    port = free_port()
    output = tmp_path / "profile.svg"
    with programs(tmp_path) as run:
        server = run(roster("serve", "--port", str(port)), environment_of(settings))
        await until(lambda: is_ready(port), "the server")
        done = profile(output, str(server.pid))

    if done.returncode:
        # Where this machine lets no process look into another.
        assert "does not let one process look into another (ptrace)" in done.stderr
        assert "SYS_PTRACE" in done.stderr or "ptrace_scope" in done.stderr
    else:
        assert f"The flame graph is in {output}" in done.stdout
        assert "<svg" in output.read_text()


@pytest.mark.parametrize(
    ("arguments", "seconds", "said"),
    [
        (["4194304999"], "1", "There is no process 4194304999."),
        (["me"], "1", "There is no process me."),
        ([], "soon", "SECONDS is a number of whole seconds, not 'soon'."),
        ([], "0", "SECONDS is a number of whole seconds, not '0'."),
    ],
)
def test_it_says_what_is_in_the_way(
    tmp_path: Path, arguments: list[str], seconds: str, said: str
) -> None:
    done = profile(tmp_path / "profile.svg", *arguments, seconds=seconds)

    assert (done.returncode, done.stderr.strip()) == (1, said)
