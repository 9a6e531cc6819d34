"""Commands that keep an instance, bring it back, and move it."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from roster.backup.checking import Checked, problems_of
from roster.backup.exporting import export_all
from roster.backup.importing import import_all
from roster.backup.making import back_up, usual_place
from roster.backup.restoring import Options, restore
from roster.core.keys import FILE_NAME as KEYS
from roster.serve import settings_here
from roster.settings import Settings
from roster.telling import one_sentence

commands = typer.Typer()
MIB = 1024 * 1024
PRIVATE = 0o077


def _say(sentence: str) -> None:
    typer.echo(f"{sentence} …", err=True)


@commands.command("backup")
def backup_command(
    *,
    to: Annotated[
        Path | None, typer.Option(help="File; none: in the data folder, with the time.")
    ] = None,
    with_keys: Annotated[
        bool, typer.Option(help="Put keys.json into it: whoever has it reads all.")
    ] = False,
) -> None:
    """Keep the whole instance in one file, while it runs."""
    os.umask(PRIVATE)
    with one_sentence():
        settings = settings_here()
        target = (to or usual_place(settings)).absolute()
        made = asyncio.run(back_up(settings, target, with_keys=with_keys, say=_say))
    checked = made.checked
    typer.echo(
        f"{made.path} ({made.size / MIB:.1f} MiB): {checked.rows} rows, "
        f"{len(checked.manifest.files)} files."
    )
    typer.echo(_how_checked(checked))
    typer.echo(_about_keys(settings, with_keys=with_keys))
    _end_with(checked.problems)


def _how_checked(checked: Checked) -> str:
    if checked.chain is None:
        return (
            "It was read to its end, but not brought back: the role of the database "
            "may make no other one (ALTER ROLE … CREATEDB)."
        )
    return (
        "It was brought back in a temporary place and is right: every row, every "
        f"file, {checked.chain.sealed} sealed audit events."
    )


def _about_keys(settings: Settings, *, with_keys: bool) -> str:
    if with_keys:
        return (
            f"{KEYS} is in it: whoever has this file can read every secret and sign "
            "as anybody. Keep it like a password."
        )
    place = settings.data_dir.resolve() / KEYS
    kept = f"Keep {place}" if place.exists() else "Keep the keys of the settings"
    return (
        f"The keys are not in it. {kept} apart from it: without them the secrets in "
        "it cannot be read and nobody can sign in."
    )


def _end_with(problems: Sequence[str]) -> None:
    """End with 1 where the instance itself had something wrong."""
    for problem in problems:
        typer.echo(f"Wrong in the instance itself: {problem}", err=True)
    if problems:
        sys.exit(1)


@commands.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="What `roster backup` wrote.")],
    *,
    replace: Annotated[
        bool, typer.Option(help="Put it over an instance, which is kept aside.")
    ] = False,
    keep_signed_in: Annotated[
        bool,
        typer.Option(help="Let sessions and API tokens of that time be good again."),
    ] = False,
    despite_problems: Annotated[
        bool, typer.Option(help="Also if something in it was wrong already.")
    ] = False,
) -> None:
    """Bring a backup back: all of it, or nothing. Stop Roster first."""
    os.umask(PRIVATE)
    options = Options(replace, keep_signed_in, despite_problems)
    with one_sentence():
        settings = settings_here()
        done = asyncio.run(restore(settings, file.absolute(), options, say=_say))
    head, settled = done.checked.head, done.settled
    typer.echo(f"The instance is as it was at {head.made_at}.")
    if keep_signed_in:
        typer.echo(
            "Sessions and API tokens are as they were then: what was ended or revoked "
            "after that is good again."
        )
    else:
        typer.echo(
            f"Everybody signs in anew: {settled.sessions} sessions ended and "
            f"{settled.tokens} API tokens revoked, since nobody knows which of them "
            "were ended after that time. Passwords are those of that time, too."
        )
    typer.echo(f"Jobs that begin again: {settled.jobs}.")
    if done.aside is not None:
        schema = done.aside.schema
        tables = f", its tables in the schema {schema}" if schema else ""
        typer.echo(f"What was here before is in {done.aside.folder}{tables}.")


@commands.command("export-all")
def export_command(
    file: Annotated[Path, typer.Argument(help="What to write.")],
) -> None:
    """Write the whole instance down, for a database of any engine."""
    os.umask(PRIVATE)
    with one_sentence():
        settings = settings_here()
        manifest = asyncio.run(export_all(settings, file.absolute(), say=_say))
    rows = sum(manifest.tables.values())
    typer.echo(f"{file}: {rows} rows of {len(manifest.tables)} tables.")
    typer.echo(
        "Whatever changes from now on is not in it: stop Roster before you move. "
        + _about_keys(settings, with_keys=False)
    )
    _end_with(problems_of(manifest, None, 0))


@commands.command("import-all")
def import_command(
    file: Annotated[Path, typer.Argument(help="What `roster export-all` wrote.")],
) -> None:
    """Fill an empty database with an instance: all of it, or nothing."""
    os.umask(PRIVATE)
    with one_sentence():
        settings = settings_here()
        done = asyncio.run(import_all(settings, file.absolute(), say=_say))
    rows = sum(done.manifest.tables.values())
    typer.echo(
        f"The instance of {done.head.made_at} is here: {rows} rows, "
        f"{done.chain.sealed} sealed audit events. Start Roster with the new "
        "settings, and not with the old ones."
    )
    _end_with(done.problems)
