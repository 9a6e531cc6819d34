"""`roster pull`: a release of a collection into a folder, exactly."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from roster.client import completing
from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api
from roster.client.options import AsJson, Bundle, Folder, Target, Url, connect
from roster.client.registry.references import CollectionRef
from roster.client.registry.releases import TARGET, Preview, find, lock_of, preview
from roster.client.saying import Say, is_terminal, plain
from roster.client.trees.disk import Disk
from roster.client.trees.planning import MOVED, Change, Fate, Plan
from roster.client.trees.pulling import Pull, Pulled, Wanted, keeping_mine
from roster.client.trees.state import State

commands = typer.Typer()
Wanting = Annotated[
    str,
    typer.Argument(
        metavar="TEAM/COLLECTION[@RELEASE]",
        help="What to pull.",
        autocompletion=completing.collections,
    ),
]
SIGNS = {
    Fate.add: "+",
    Fate.update: "~",
    Fate.overwrite: "!",
    Fate.remove: "-",
    Fate.left: "?",
    Fate.keep: "=",
}


@commands.command()
def pull(
    collection: Wanting,
    *,
    target: Target = TARGET,
    folder: Folder = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Change nothing; exit with 1 if anything would be done."
        ),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse if anything gets lost on the way.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave files that were changed here.")
    ] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", "-y", help="Overwrite those; yours go to .roster/kept first."
        ),
    ] = False,
    url: Url = None,
    ca_bundle: Bundle = None,
    as_json: AsJson = False,
) -> None:
    """Bring a release of a collection into a folder."""
    say = Say(as_json=as_json)
    if keep and yes:
        raise Trouble(Exit.usage, "Take --keep or --yes, not both.")
    work = _work(connect(url, ca_bundle, say), collection, target, folder)
    wanted = work.wanted
    _tell_losses(say, wanted.preview, strict=strict)
    for withdrawn in wanted.release.withdrawn():
        say.note(f"Warning: {withdrawn} was yanked or deleted since.")
    if dry_run or check:
        is_right = _look(say, work)
        raise typer.Exit(Exit.differs if check and not is_right else Exit.done)
    asking = _Asking(say, folder, keep=keep, yes=yes)
    size = sum(file.size for file in wanted.preview.files.values())
    with say.progress(f"Pulling {wanted.release.shown}", size) as advance:
        done = work.run(asking.decide, advance)
    _tell_done(say, wanted, done)


def _look(say: Say, work: Pull) -> bool:
    """Show what would be done, and give whether everything is as it should be."""
    found, old = work.look()
    _show(say, work.wanted, found, old)
    return found.is_done and old == work.wanted.state(found)


def _work(api: Api, collection: str, target: str, folder: Path) -> Pull:
    """Find out what is wanted, and hold its lock against its digest."""
    release = find(api, CollectionRef.read(collection))
    promised = preview(api, release, target)
    lock_of(api, release)
    wanted = Wanted(api.chosen.address, release, promised)
    return Pull(api, folder.absolute(), wanted, Disk())


class _Asking:
    """Decides what becomes of files that somebody changed."""

    def __init__(self, say: Say, folder: Path, *, keep: bool, yes: bool) -> None:
        self._say = say
        self._folder = folder
        self._keep = keep
        self._yes = yes

    def decide(self, found: Plan) -> Plan | None:
        if not found.in_the_way or self._yes:
            return found
        if self._keep:
            return keeping_mine(found)
        names = [change.path for change in found.in_the_way]
        if not is_terminal():
            raise Trouble(
                Exit.local_changes,
                f"{_counted(names)} in {self._folder} would be overwritten: take "
                "--keep to leave them, or --yes to overwrite them.",
            )
        for name in names:
            self._say.note(f"  ! {name}")
        answer = typer.prompt(
            f"{plain(_counted(names))} changed here, or not pulled by roster: "
            "(o)verwrite, (k)eep or (a)bort?",
            default="a",
            err=True,
        )
        if answer.lower().startswith("o"):
            return found
        return keeping_mine(found) if answer.lower().startswith("k") else None


def _counted(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{len(names)} files ({names[0]}, …)"


def _tell_losses(say: Say, promised: Preview, *, strict: bool) -> None:
    losses = promised.losses
    if not losses:
        return
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for note in losses:  # the weightiest first, as the server gives them
        weight = note.get("weight") or ""
        sort = weight, note["fate"], note.get("field") or "", note["why"]
        alike.setdefault(sort, []).append(note["component"])
    for (weight, fate, field, why), components in alike.items():
        more = f" and {len(components) - 1} more" if len(components) > 1 else ""
        place = f" {field}" if field else ""
        begin = f"{weight}: {fate}" if weight else fate
        say.note(f"  {begin}{place}: {why} ({components[0]}{more})")
    if strict:
        serious = f", {promised.serious} serious" if promised.serious else ""
        raise Trouble(
            Exit.differs,
            f"{len(losses)} losses{serious} for {promised.target}, and --strict "
            "allows none.",
        )


def _show(say: Say, wanted: Wanted, found: Plan, old: State | None) -> None:
    shown = wanted.release.shown
    is_other = old is not None and old.release != wanted.release.number
    before = f", before {old.release}" if old and is_other else ""
    moved = [one for one in found.changes if one.fate is not Fate.same]
    for change in moved:
        say.line(f"  {SIGNS[change.fate]} {change.path}")
    say.line(
        f"Compared {shown} for {wanted.preview.target}{before}: "
        f"{len(moved)} of {len(found.changes)} files differ."
    )
    say.result(_values(wanted, found.changes, old))


def _values(
    wanted: Wanted, changes: Sequence[Change], old: State | None
) -> dict[str, Any]:
    return {
        "collection": f"{wanted.release.team}/{wanted.release.name}",
        "release": wanted.release.number,
        "before": old.release if old else None,
        "target": wanted.preview.target,
        "lock_digest": wanted.preview.lock_digest,
        "losses": len(wanted.preview.losses),
        "serious": wanted.preview.serious,
        "files": [{"path": one.path, "fate": one.fate.value} for one in changes],
    }


def _tell_done(say: Say, wanted: Wanted, done: Pulled | None) -> None:
    if done is None:
        raise Trouble(Exit.local_changes, "Nothing was changed.")
    for change in done.plan.of(*MOVED, Fate.left, Fate.keep):
        say.line(f"  {SIGNS[change.fate]} {change.path}")
    moved = len(done.plan.of(*MOVED))
    say.line(
        f"{wanted.release.shown} for {wanted.preview.target} is here: "
        f"{len(wanted.preview.files)} files, {moved} changed."
    )
    for place in done.kept:
        say.note(f"What you had is kept in {place}.")
    _tell_variables(say, wanted.preview)
    values = _values(wanted, done.plan.changes, None)
    say.result(values | {"kept": [str(place) for place in done.kept]})


def _tell_variables(say: Say, promised: Preview) -> None:
    needed = [str(one["name"]) for one in promised.variables if one.get("required")]
    if needed:
        say.line(f"Set these variables before you start the tool: {', '.join(needed)}.")
