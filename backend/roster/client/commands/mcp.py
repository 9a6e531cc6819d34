"""`roster mcp`: how to add servers to a tool by hand."""

import re
from enum import StrEnum
from typing import Annotated

import typer

from roster.client import completing
from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api
from roster.client.options import AsJson, Bundle, Url, connect
from roster.client.registry import components, releases
from roster.client.registry.hints import HINTS, Server, servers_in
from roster.client.registry.references import CollectionRef, ComponentRef
from roster.client.saying import Say

commands = typer.Typer()
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)")


class Tool(StrEnum):
    claude = "claude"
    codex = "codex"
    gemini = "gemini"
    vscode = "vscode"


@commands.command()
def mcp(
    reference: Annotated[
        str,
        typer.Argument(
            metavar="SERVER|COLLECTION",
            help="server:team/name[@n], or team/collection[@n] for all of its servers.",
            autocompletion=completing.anything,
        ),
    ],
    *,
    tool: Annotated[
        Tool | None, typer.Option(help="Only for this tool; none: for all.")
    ] = None,
    url: Url = None,
    ca_bundle: Bundle = None,
    as_json: AsJson = False,
) -> None:
    """Print the commands that add servers to a tool."""
    say = Say(as_json=as_json)
    api = connect(url, ca_bundle, say)
    servers = _servers(api, reference)
    tools = [tool.value] if tool else list(HINTS)
    lines = {name: [HINTS[name](server) for server in servers] for name in tools}
    for name, hints in lines.items():
        say.line(f"# {name}")
        for hint in hints:
            say.line(hint)
    needed = sorted({name for server in servers for name in _variables(server)})
    if needed:
        say.line(f"# set these before: {', '.join(needed)}")
    say.result({"commands": lines, "variables": needed})


def _servers(api: Api, reference: str) -> list[Server]:
    if reference.startswith(("server:", "roster:server:")):
        return _of(api, reference)
    release = releases.find(api, CollectionRef.read(reference))
    found = [
        server
        for entry in release.detail["entries"]
        if entry["kind"] == "server" and not entry["shadowed"] and not entry["deleted"]
        for server in _of(api, f"{entry['reference']}@{entry['number']}")
    ]
    if not found:
        raise Trouble(Exit.not_found, f"{release.shown} holds no servers.")
    return found


def _of(api: Api, reference: str) -> list[Server]:
    found = components.find(api, ComponentRef.read(reference))
    return servers_in(components.main_of(api, found))


def _variables(server: Server) -> set[str]:
    return set(_VARIABLE.findall(str(dict(server.values))))
