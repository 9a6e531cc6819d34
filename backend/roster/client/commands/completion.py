"""`roster completion`: what a shell needs to complete commands."""

from enum import StrEnum
from typing import Annotated

import typer

commands = typer.Typer()
_NAME, _VARIABLE = "roster", "_ROSTER_COMPLETE"


class Shell(StrEnum):
    """Those that a script is there for."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


@commands.command()
def completion(shell: Annotated[Shell, typer.Argument(help="Which shell.")]) -> None:
    """Print the script that completes commands in a shell."""
    from typer import completion as typers  # noqa: PLC0415 - seldom used

    script = typers.get_completion_script(  # type: ignore[attr-defined] # an import
        prog_name=_NAME, complete_var=_VARIABLE, shell=shell.value
    )
    typer.echo(script)
