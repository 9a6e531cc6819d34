"""`roster login`, `logout`, `whoami`: which instance, and in whose name."""

import sys
from typing import Annotated

import typer

from roster.client.config import instances
from roster.client.config.addresses import normal
from roster.client.config.instances import URL, Chosen
from roster.client.config.keeping import KEYRING
from roster.client.device import sign_in
from roster.client.exits import Exit, Trouble
from roster.client.options import AsJson, Bundle, Url, connect, reach
from roster.client.saying import Say

commands = typer.Typer()
SCOPES = "read,write,publish"
TEAMS = 100


@commands.command()
def login(
    address: Annotated[
        str | None,
        typer.Argument(help="Of the Roster; none: the one you used last."),
    ] = None,
    *,
    scopes: Annotated[
        str, typer.Option(help="What the token may do, separated by commas.")
    ] = SCOPES,
    token_stdin: Annotated[
        bool,
        typer.Option("--token-stdin", help="Read an API token from standard input."),
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address to open.")
    ] = False,
    ca_bundle: Bundle = None,
) -> None:
    """Sign in to a Roster."""
    say = Say()
    given = address or instances.choose(None).address
    nobody = Chosen(normal(given), None, "")
    api = reach(nobody, ca_bundle, say)
    if token_stdin:
        token = sys.stdin.readline().strip()
        if not token:
            raise Trouble(Exit.usage, "Nothing came on standard input: send a token.")
    else:
        wanted = [name.strip() for name in scopes.split(",") if name.strip()]
        token = sign_in(api, wanted, say, browser=not no_browser)
    signed = reach(Chosen(nobody.address, token, "login"), ca_bundle, Say())
    user = str(signed.get("/auth/whoami")["username"])
    place = instances.remember(nobody.address, token, user)
    where = "the keyring" if place == KEYRING else "a file that only you may read"
    say.line(f"You are {user} at {nobody.address}; the token is kept in {where}.")


@commands.command()
def logout(
    address: Annotated[
        str | None, typer.Argument(help="Of the Roster; none: the one you used last.")
    ] = None,
) -> None:
    """Forget how to sign in."""
    given = address or instances.usual()
    if given is None or not instances.forget(normal(given)):
        raise Trouble(Exit.sign_in, "You are not signed in there.")
    typer.echo(
        f"Forgotten. Revoke the token at {normal(given)} under API tokens, if anybody "
        "else may have it."
    )


@commands.command()
def whoami(
    *, url: Url = None, ca_bundle: Bundle = None, as_json: AsJson = False
) -> None:
    """Show who you are, and where."""
    say = Say(as_json=as_json)
    api = connect(url, ca_bundle, say)
    me = api.get("/auth/whoami")
    teams = [
        {"slug": one["slug"], "role": one["role"]}
        for one in api.get("/teams", {"limit": TEAMS})["items"]
    ]
    shown = [f"{one['slug']} ({one['role']})" for one in teams]
    say.line(f"{me['username']} at {api.chosen.address}, by {api.chosen.place}")
    say.line(f"May: {', '.join(me['scopes'])}, {_until(me['expires_at'])}")
    say.line(f"Teams: {', '.join(shown) or 'none'}")
    others = sorted(instances.known().keys() - {api.chosen.address})
    if others:
        say.line(f"Also signed in to: {', '.join(others)} ({URL} or --url chooses)")
    say.result(
        {
            "url": api.chosen.address,
            "username": me["username"],
            "token_from": api.chosen.place,
            "scopes": me["scopes"],
            "expires_at": me["expires_at"],
            "teams": teams,
        }
    )


def _until(moment: str | None) -> str:
    return f"until {moment[:10]}" if moment else "without an end"
