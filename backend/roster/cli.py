"""The command line: `roster …`, or `python -m roster …`.

It imports no command before it is named: what is listed here says where each stands.
"""

from typing import Annotated

import typer

from roster import __version__
from roster.client.lazy import LazyGroup, Place

USE, INSTANCE = "Use a registry", "Run an instance"


def _client(module: str, text: str) -> Place:
    return Place(f"roster.client.commands.{module}", text, USE)


def _server(module: str, text: str) -> Place:
    return Place(f"roster.{module}", text, INSTANCE, is_guarded=False)


class Commands(LazyGroup):
    places = {  # noqa: RUF012 - typer makes the group, and nothing changes it
        "login": _client("account", "Sign in to a Roster."),
        "logout": _client("account", "Forget how to sign in."),
        "whoami": _client("account", "Show who you are, and where."),
        "search": _client("browse", "Find components and collections by words."),
        "show": _client("browse", "Show a component or a collection."),
        "targets": _client(
            "browse", "List the tools that collections can be laid out for."
        ),
        "pull": _client("pull", "Bring a release of a collection into a folder."),
        "status": _client("status", "Show how far a folder is from what is published."),
        "diff": _client("compare", "Compare two releases, or a release with a folder."),
        "lock": _client(
            "compare", "Write down what a release holds, to verify folders by."
        ),
        "verify": _client(
            "compare", "Compare a folder with what it should hold, offline."
        ),
        "push": _client("push", "Import a file, a folder or an archive."),
        "lint": _client(
            "lint", "Check agents, skills, commands and servers, without a server."
        ),
        "mcp": _client("mcp", "Print the commands that add servers to a tool."),
        "completion": _client(
            "completion", "Print the script that completes commands in a shell."
        ),
        "serve": _server(
            "cli_server", "Migrate the database, print the address, and serve."
        ),
        "worker": _server(
            "cli_server", "Do jobs that are heard of through Redis (ROSTER_REDIS_URL)."
        ),
        "beat": _server(
            "cli_server",
            "Remind workers of what comes by the clock; a worker does so by itself.",
        ),
        "migrate": _server(
            "cli_server", "Bring the database to the schema of this version."
        ),
        "backup": _server(
            "cli_backup", "Keep the whole instance in one file, while it runs."
        ),
        "restore": _server(
            "cli_backup",
            "Bring a backup back: all of it, or nothing. Stop Roster first.",
        ),
        "export-all": _server(
            "cli_backup",
            "Write the whole instance down, for a database of any engine.",
        ),
        "import-all": _server(
            "cli_backup",
            "Fill an empty database with an instance: all of it, or nothing.",
        ),
        "audit-verify": _server(
            "cli_server",
            "Compare the audit events with what was sealed; exit with 1 where they "
            "differ.",
        ),
        "keys": _server("cli_server", "The keys of the instance."),
        "openapi": _server(
            "cli_server",
            "Write the OpenAPI document, without a database or a running server.",
        ),
        "revision": _server(
            "cli_server", "Write a migration from the tables as they are declared now."
        ),
    }


# Rich tracebacks show local variables, and with them secrets.
app = typer.Typer(
    help="Roster: a registry for the building blocks of coding agents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    cls=Commands,
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"roster {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            callback=_show_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Roster: a registry for the building blocks of coding agents."""
