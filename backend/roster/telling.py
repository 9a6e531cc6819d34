"""How the command line says what is in the way: in one sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError

from roster.backup.errors import BackupError
from roster.core.keys import BadKeyError
from roster.core.private_file import TooOpenError
from roster.serve import CannotStartError
from roster.upkeep import NoDatabaseError


@contextmanager
def one_sentence() -> Iterator[None]:
    """Say what a person can mend without a traceback, and never the value of it."""
    try:
        yield
    except (
        CannotStartError,
        BadKeyError,
        TooOpenError,
        NoDatabaseError,
        BackupError,
    ) as error:
        sys.exit(str(error))
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(["ROSTER", *map(str, problem["loc"])]).upper()
            typer.echo(f"{name}: {problem['msg']}", err=True)
        sys.exit(1)
