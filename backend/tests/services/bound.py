"""Run a program that is killed when whoever started it is gone.

    python -I -S bound.py USER:GROUP PROGRAM ARGUMENT…

The two numbers say whom to run it as; empty: as who starts it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
BOUND = [sys.executable, "-I", "-S", __file__]
"""What to put before whom to run a program as, and the program."""


def main(who: str, *command: str) -> None:
    if who:
        user, group = map(int, who.split(":"))
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if sys.platform == "linux":
        # After the change of user, which takes it back.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.execv(command[0], command)  # noqa: S606 - it becomes the program


if __name__ == "__main__":
    main(*sys.argv[1:])
