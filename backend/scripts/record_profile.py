"""Record what a running server does into a flame graph, by py-spy.

    record_profile.py PYTHON_ENVIRONMENT SECONDS OUTPUT [PID]

Without a process id it looks for the one server of this user on this machine.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

PROC = Path("/proc")
# With several processes the one that watches them: all of them are recorded.
SERVER = re.compile(r"-m roster\.supervisor\b|-m roster serve\b|/roster serve\b")
RATE = "200"
NOT_ALLOWED = re.compile(r"permission denied|not permitted|ptrace|root", re.IGNORECASE)
YAMA = PROC / "sys" / "kernel" / "yama" / "ptrace_scope"


class CannotProfileError(Exception):
    """What is in the way, as one sentence for the person who tried."""


def servers() -> dict[int, str]:
    """Find the servers that this user may look into."""
    found = {}
    for place in PROC.iterdir():
        if not place.name.isdecimal():
            continue
        try:
            command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            owner = place.stat().st_uid
        except OSError:  # it has ended
            continue
        if owner in {os.getuid(), 0} and SERVER.search(command):
            found[int(place.name)] = command.strip()
    # A shell that waits for the server has its command, too.
    python = {pid: text for pid, text in found.items() if "python" in text.split()[0]}
    return python or found


def choose(given: str) -> int:
    if given:
        if not given.isdecimal() or not (PROC / given).exists():
            message = f"There is no process {given}."
            raise CannotProfileError(message)
        return int(given)
    if not PROC.exists():
        message = "This system does not list its processes: name one with PID=…"
        raise CannotProfileError(message)
    found = servers()
    if not found:
        message = "No server runs here: start one with make run, or name it by PID=…"
        raise CannotProfileError(message)
    if len(found) > 1:
        listed = "\n".join(f"  PID={pid}  {text}" for pid, text in found.items())
        message = f"Several servers run here; name one of them:\n{listed}"
        raise CannotProfileError(message)
    return next(iter(found))


def record(environment: Path, seconds: str, output: Path, pid: int) -> None:
    print(f"Recording process {pid} for {seconds} seconds …", flush=True)
    done = subprocess.run(  # noqa: S603 - py-spy of our own environment
        [
            environment / "py-spy",
            "record",
            *("--pid", str(pid), "--subprocesses"),
            *("--duration", seconds, "--rate", RATE),
            *("--format", "flamegraph", "--output", output),
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode == 0 and output.exists():
        print(f"The flame graph is in {output}: open it in a browser.")
        return
    said = (done.stderr or done.stdout).strip()
    if NOT_ALLOWED.search(said):
        raise CannotProfileError(_not_allowed())
    message = f"py-spy could not record it: {said}"
    raise CannotProfileError(message)


def _not_allowed() -> str:
    scope = YAMA.read_text().strip() if YAMA.exists() else "0"
    why = "This system does not let one process look into another (ptrace)"
    if scope != "0" and os.getuid():
        return (
            f"{why}: run this as root, or let the same user do so by "
            "sysctl kernel.yama.ptrace_scope=0."
        )
    return f"{why}: in a container it needs --cap-add SYS_PTRACE."


def main(environment: str, seconds: str, output: str, pid: str = "") -> None:
    if not seconds.isdecimal() or not int(seconds):
        message = f"SECONDS is a number of whole seconds, not {seconds!r}."
        raise CannotProfileError(message)
    record(Path(environment), seconds, Path(output).resolve(), choose(pid))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except CannotProfileError as error:
        sys.exit(str(error))
