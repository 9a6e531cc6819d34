"""`roster search`, `show` and `targets`: what there is."""

import sys
from typing import Annotated, Any

import typer

from roster.client import completing
from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api
from roster.client.options import AsJson, Bundle, Url, connect
from roster.client.registry import components, releases
from roster.client.registry.references import CollectionRef, ComponentRef
from roster.client.saying import Say

commands = typer.Typer()
WIDTH = 100


@commands.command()
def search(
    words: Annotated[list[str], typer.Argument(help="What it is about.")],
    *,
    kind: Annotated[
        str | None, typer.Option(help="Only agents, skills, commands or servers.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="Only of this team.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many.")] = 20,
    url: Url = None,
    ca_bundle: Bundle = None,
    as_json: AsJson = False,
) -> None:
    """Find components and collections by words."""
    say = Say(as_json=as_json)
    api = connect(url, ca_bundle, say)
    asked = " ".join(words)
    only = kind.rstrip("s") if kind else None
    query = {"q": asked, "kind": only, "team": team, "limit": limit}
    page = api.get("/components", query)
    collections = []
    if only is None:
        wanted = {"q": asked, "team": team, "limit": limit}
        collections = api.get("/collections", wanted)["items"]
    for one in page["items"]:
        number = f"@{one['latest']['number']}" if one["latest"] else ""
        say.line(f"{one['reference']}{number}  {_short(one['description'])}")
    for one in collections:
        title = one.get("title") or one.get("description") or ""
        say.line(f"collection {one['team']['slug']}/{one['name']}  {_short(title)}")
    if not page["items"] and not collections:
        say.line("Nothing of this is here, or you may not see it.")
    elif page.get("next_cursor"):
        say.line("There is more: name more words, --kind or --team.")
    say.result(
        {
            "components": [_brief(one) for one in page["items"]],
            "collections": [
                f"{one['team']['slug']}/{one['name']}" for one in collections
            ],
        }
    )


def _brief(one: dict[str, Any]) -> dict[str, Any]:
    latest = one["latest"] or {}
    return {
        "reference": one["reference"],
        "latest": latest.get("number"),
        "digest": latest.get("digest"),
        "description": one["description"],
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


@commands.command()
def show(
    reference: Annotated[
        str,
        typer.Argument(
            metavar="[KIND:]TEAM/NAME[@N]",
            help="A component, or a collection.",
            autocompletion=completing.anything,
        ),
    ],
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="Print the very bytes of its file.")
    ] = False,
    url: Url = None,
    ca_bundle: Bundle = None,
    as_json: AsJson = False,
) -> None:
    """Show a component or a collection."""
    say = Say(as_json=as_json)
    api = connect(url, ca_bundle, say)
    asked = ComponentRef.read(reference)
    try:
        found = components.find(api, asked)
    except Trouble as trouble:
        if trouble.code is not Exit.not_found or asked.kind or raw:
            raise
        return _show_collection(api, reference, say)
    data = components.main_of(api, found)
    if raw:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return None
    one = found.component
    say.line(f"{one['reference']}@{found.number}")
    _tell(say, one, found)
    say.line()
    say.line(data.decode("utf-8", "replace").rstrip())
    say.result({**one, "number": found.number, "yank_reason": found.yank_reason})
    return None


def _tell(say: Say, one: dict[str, Any], found: components.Found) -> None:
    labels = ", ".join(f"{label['name']}={label['number']}" for label in one["labels"])
    say.line(f"{one['visibility']}, {one['licence'] or 'no licence'}, {labels}")
    if found.yank_reason is not None:
        say.line(f"Yanked: {found.yank_reason}")
    if one.get("deprecation"):
        say.line(f"Deprecated: {one['deprecation']['message']}")


def _show_collection(api: Api, reference: str, say: Say) -> None:
    release = releases.find(api, CollectionRef.read(reference))
    detail = release.detail
    say.line(f"collection {release.shown}, {detail['created_at'][:10]}")
    if detail["notes"]:
        say.line(detail["notes"])
    for entry in detail["entries"]:
        marks = [name for name in ("yanked", "deleted", "shadowed") if entry[name]]
        told = f" ({', '.join(marks)})" if marks else ""
        say.line(f"  {entry['identifier'].removeprefix('roster:')}{told}")
    say.result(detail)


@commands.command()
def targets(
    *, url: Url = None, ca_bundle: Bundle = None, as_json: AsJson = False
) -> None:
    """List the tools that collections can be laid out for."""
    say = Say(as_json=as_json)
    found = connect(url, ca_bundle, say).get("/exports/targets")
    for one in found:
        say.line(f"{one['name']:<14} {one['description']}")
    say.result(found)
