"""`roster status`: what of a folder is as published, behind, changed or unknown."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from roster.client.exits import Exit
from roster.client.linting import walking
from roster.client.linting.reading import Checked, check
from roster.client.options import AsJson, Bundle, Url, connect
from roster.client.registry import drifting
from roster.client.registry.components import MAINS
from roster.client.registry.drifting import Pulled, Stray
from roster.client.saying import Say
from roster.client.trees import moving, state
from roster.client.trees.disk import Disk
from roster.client.trees.paths import OWN
from roster.client.trees.sides import of_file
from roster.client.trees.state import State

commands = typer.Typer()
PERCENT = 100


@commands.command()
def status(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="None: this one.")
    ] = Path(),
    *,
    shows_diff: Annotated[
        bool, typer.Option("--diff", help="Show what was changed here.")
    ] = False,
    check_only: Annotated[
        bool, typer.Option("--check", help="Exit with 1 if anything is not identical.")
    ] = False,
    pulled_only: Annotated[
        bool, typer.Option("--pulled", help="Only what roster pulled.")
    ] = False,
    url: Url = None,
    ca_bundle: Bundle = None,
    as_json: AsJson = False,
) -> None:
    """Show how far a folder is from what is published."""
    say = Say(as_json=as_json)
    root = folder.absolute()
    api = connect(url, ca_bundle, say)
    if (root / OWN).is_dir():
        with moving.alone(root):
            moving.recover(root, Disk())
    states = state.all_in(root)
    here = [one for one in states if one.url == api.chosen.address]
    for other in (one for one in states if one not in here):
        say.note(f"{other.shown} is from {other.url}: ask there with --url.")
    pulled = [drifting.of_pull(api, root, one) for one in here]
    for one in pulled:
        _tell_pull(say, one)
        if shows_diff:
            say.diff(drifting.changes_of(api, root, one))
    strays = [] if pulled_only else drifting.of_strays(api, _others(say, root, states))
    _tell_strays(say, strays, shows_diff=shows_diff)
    say.result({"pulled": [_pull(one) for one in pulled], "files": _files(strays)})
    is_fine = all(one.is_fine for one in pulled) and all(
        one.standing == "identical" for one in strays
    )
    if check_only and not is_fine:
        raise typer.Exit(Exit.differs)


def _others(say: Say, root: Path, states: list[State]) -> list[Checked]:
    """Main files of components that roster did not put there.

    What it put into folders below belongs to these: their own status tells of it.
    """
    files = walking.files_below(root)
    known = {root / path for one in states for path in one.files}
    folders = {folder for place in files.values() for folder in place.parents}
    for folder in sorted(one for one in folders if root in one.parents):
        if below := state.all_in(folder):
            known |= {folder / path for one in below for path in one.files}
            say.note(f"{_shown(folder)} has pulls of its own: ask there as well.")
    return [
        file
        for file in check(files)
        if file.name is not None and file.place not in known and file.kind in MAINS
    ]


def _tell_pull(say: Say, one: Pulled) -> None:
    if one.newest is None:
        say.line(f"{one.state.shown}: gone, or you may not see it any more")
    elif one.behind:
        say.line(f"{one.state.shown}: behind {one.behind}, the newest is {one.newest}")
    else:
        say.line(f"{one.state.shown}: the newest release")
    for reference in one.withdrawn:
        say.line(f"  yanked     {reference}")
    if one.withdrawn and one.behind:
        say.line(f"  Pull {one.newest}, and look what became of them there.")
    elif one.withdrawn:
        say.line(f"  Ask {one.state.team} to release the collection without them.")
    for path, found in one.files.items():
        say.line(f"  {found:<10} {path}")
    same = len(one.state.files) - len(one.files)
    say.line(f"  identical  {same} of {len(one.state.files)} files")


def _tell_strays(say: Say, strays: list[Stray], *, shows_diff: bool) -> None:
    if strays:
        say.line("Other files")
    for one in strays:
        told = one.reference
        if one.standing == "behind":
            told = f"{told}, {one.behind} behind"
        elif one.standing == "yanked":
            told = f"{told}: {one.yank_reason}"
        elif one.likeness is not None:
            told = f"nearest {told}, {one.likeness * PERCENT:.0f} % alike"
        say.line(f"  {one.standing:<10} {_shown(one.file.place)}  {told}".rstrip())
        if shows_diff and one.nearest is not None:
            own = one.file.place.read_bytes()
            say.diff(list(of_file(_shown(one.file.place), one.nearest, own)))


def _shown(place: Path) -> str:
    return Path(os.path.relpath(place)).as_posix()


def _pull(one: Pulled) -> dict[str, Any]:
    return {
        "collection": f"{one.state.team}/{one.state.collection}",
        "target": one.state.target,
        "release": one.state.release,
        "newest": one.newest,
        "behind": one.behind,
        "yanked": one.withdrawn,
        "files": {
            path: one.files.get(path, "identical") for path in sorted(one.state.files)
        },
    }


def _files(strays: list[Stray]) -> list[dict[str, Any]]:
    return [
        {
            "path": one.file.path,
            "kind": one.file.kind,
            "standing": one.standing,
            "reference": one.reference or None,
            "behind": one.behind,
            "yank_reason": one.yank_reason,
            "likeness": one.likeness,
        }
        for one in strays
    ]
