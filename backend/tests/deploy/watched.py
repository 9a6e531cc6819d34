"""A supervisor and what it watches, as small as can be, for tests of the supervisor.

    python -m tests.deploy.watched watch FOLDER
    python -m tests.deploy.watched serve FOLDER …

What serves writes its number into the folder, and does what a file there asks for: it
fails at its start, or falls silent.
"""

import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from roster.supervisor import Supervisor

SILENT = 1.0


def watch(folder: Path) -> int:
    with socket.create_server(("127.0.0.1", 0)) as place:
        metrics = folder / "metrics"
        metrics.mkdir()
        program = ("-m", "tests.deploy.watched", "serve", str(folder))
        supervisor = Supervisor(
            os.dup(place.fileno()), "", 2, metrics, program=program, silent=SILENT
        )
        return supervisor.run()


def serve(folder: Path, lifeline: int, beats: int) -> None:
    if (folder / "fail").exists():
        sys.exit(3)
    (folder / "metrics" / f"gauge_livesum_{os.getpid()}.db").touch()

    def end_with() -> None:
        os.read(lifeline, 1)
        os._exit(0)

    threading.Thread(target=end_with, daemon=True).start()
    while True:
        if not (folder / f"silent-{os.getpid()}").exists():
            with suppress(BrokenPipeError):
                os.write(beats, b".")
        time.sleep(0.05)


if __name__ == "__main__":
    role, place = sys.argv[1], Path(sys.argv[2])
    if role == "watch":
        sys.exit(watch(place))
    serve(place, int(sys.argv[4]), int(sys.argv[5]))
