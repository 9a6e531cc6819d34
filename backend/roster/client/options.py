"""Options that many commands have, and what they make of them."""

from pathlib import Path
from typing import Annotated

import typer

from roster.client import completing
from roster.client.config import instances
from roster.client.config.addresses import is_open
from roster.client.config.instances import Chosen
from roster.client.http.api import Api
from roster.client.http.pools import Trust
from roster.client.saying import Say

Url = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="ADDRESS",
        help="Which Roster; else ROSTER_URL, else where you signed in last.",
    ),
]
Bundle = Annotated[
    str | None,
    typer.Option(
        "--ca-bundle",
        metavar="FILE",
        help="Certificates to trust beside the system's; SSL_CERT_FILE works, too.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Target = Annotated[
    str,
    typer.Option(
        "--target",
        "-t",
        help="For which tool: see `roster targets`.",
        autocompletion=completing.targets,
    ),
]
Folder = Annotated[
    Path,
    typer.Option("--dir", "-d", help="The folder of the project.", show_default="."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]


def connect(url: str | None, ca_bundle: str | None, say: Say) -> Api:
    """Open the way to the instance that is meant."""
    return reach(instances.choose(url), ca_bundle, say)


def reach(chosen: Chosen, ca_bundle: str | None, say: Say) -> Api:
    if is_open(chosen.address):
        say.note(
            f"Warning: what is sent to {chosen.address} can be read on the way; use "
            "https."
        )
    return Api(chosen, Trust(ca_bundle))
