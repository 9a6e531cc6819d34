"""Whatever goes wrong is said in one sentence, and ends with its exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager

import typer

from roster.client.exits import Exit, Trouble
from roster.client.saying import plain

TRACE = "ROSTER_TRACE"
"""Set, it shows where a mistake of this program was made."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def guarded() -> Generator[None]:
    """Turn what is raised into a sentence and an exit code; never a traceback."""
    try:
        yield
    except Trouble as trouble:
        _end(trouble.sentence, trouble.code)
    except BrokenPipeError:
        # Whoever read this, as `head` does, has enough. Nothing is to be flushed then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.done) from None
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Stopped.", err=True)
        raise typer.Exit(Exit.interrupted) from None
    except OSError as error:
        _end(disk_trouble(error).sentence, Exit.disk)
    except typer.Exit:
        raise
    except Exception as error:
        if type(error).__module__.startswith("typer."):
            raise
        if os.environ.get(TRACE):
            traceback.print_exc()
        _end(
            f"Roster made a mistake ({type(error).__name__}): run it again with "
            f"{TRACE}=1 to see where, and report that.",
            Exit.broken,
        )


def _end(sentence: str, code: Exit) -> None:
    # It may repeat what a server said, or how a file is called.
    typer.echo(f"roster: {plain(sentence)}", err=True)
    raise typer.Exit(int(code)) from None


def disk_trouble(error: OSError) -> Trouble:
    """Say what a file system has against it."""
    place = f" at {error.filename}" if error.filename else ""
    if error.errno in FULL:
        return Trouble(
            Exit.disk,
            f"The disk is full{place}: make room and run it again; nothing was lost.",
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Trouble(
            Exit.disk, f"This may not be written{place}: change who may, or --dir."
        )
    if error.errno in {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}:
        return Trouble(
            Exit.disk,
            f"A file stands where a folder is needed, or the other way "
            f"round{place}: move it away.",
        )
    said = error.strerror or type(error).__name__
    return Trouble(Exit.disk, f"The file system says{place}: {said}.")
