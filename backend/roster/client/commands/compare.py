"""`roster diff`, `lock` and `verify`: what changed, and whether anything did."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from roster.client import completing
from roster.client.exits import Exit, Trouble
from roster.client.options import AsJson, Bundle, Folder, Target, Url, connect
from roster.client.registry.references import CollectionRef
from roster.client.registry.releases import TARGET, find, lock_of, preview
from roster.client.saying import Say
from roster.client.trees import sides, state
from roster.client.trees.disk import EXECUTABLE, PLAIN, digest_of, has_mode, rewrite
from roster.client.trees.paths import check, inside

commands = typer.Typer()
Old = Annotated[
    str,
    typer.Argument(
        metavar="TEAM/COLLECTION[@RELEASE]",
        help="What it was.",
        autocompletion=completing.collections,
    ),
]
New = Annotated[
    str | None,
    typer.Argument(
        metavar="[TEAM/COLLECTION@RELEASE]",
        help="What it is; none: the folder.",
        autocompletion=completing.collections,
    ),
]
FORMAT = 1
LOCK = Path("roster.lock")


@commands.command()
def diff(
    old: Old,
    new: New = None,
    *,
    target: Target = TARGET,
    folder: Folder = Path(),
    names: Annotated[
        bool, typer.Option("--name-only", help="Only which files differ.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if any differs.")
    ] = False,
    url: Url = None,
    ca_bundle: Bundle = None,
    as_json: AsJson = False,
) -> None:
    """Compare two releases, or a release with a folder."""
    say = Say(as_json=as_json)
    api = connect(url, ca_bundle, say)
    release = find(api, CollectionRef.read(old))
    before = sides.of_release(api, release, preview(api, release, target))
    if new is None:
        root = folder.absolute()
        key = state.key_of(release.team, release.name, target)
        pulled = state.State.read(state.place_of(root, key))
        paths = sorted(before.files.keys() | (pulled.files.keys() if pulled else set()))
        after = sides.of_folder(root, paths)
    else:
        other = find(api, CollectionRef.read(new))
        after = sides.of_release(api, other, preview(api, other, target))
    differing = sides.changed(before, after)
    if names or as_json:
        for path in differing:
            say.line(path)
    else:
        say.diff(list(sides.diff(before, after)))
    if not differing:
        say.note(f"{before.label} and {after.label} hold the same files.")
    say.result({"old": before.label, "new": after.label, "files": differing})
    if exit_code and differing:
        raise typer.Exit(Exit.differs)


@commands.command()
def lock(
    collection: Annotated[
        str,
        typer.Argument(
            metavar="TEAM/COLLECTION[@RELEASE]",
            help="What to lock.",
            autocompletion=completing.collections,
        ),
    ],
    *,
    target: Target = TARGET,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write.")
    ] = LOCK,
    url: Url = None,
    ca_bundle: Bundle = None,
) -> None:
    """Write down what a release holds, to verify folders by."""
    say = Say()
    api = connect(url, ca_bundle, say)
    release = find(api, CollectionRef.read(collection))
    promised = preview(api, release, target)
    values = {
        "roster_lock": FORMAT,
        "url": api.chosen.address,
        "collection": f"{release.team}/{release.name}",
        "release": release.number,
        "target": target,
        "lock_digest": promised.lock_digest,
        "digest": promised.digest,
        "files": {
            path: {"sha256": one.sha256, "mode": one.mode}
            for path, one in sorted(promised.files.items())
        },
        "lock": json.loads(lock_of(api, release)),
    }
    text = json.dumps(values, indent=2, ensure_ascii=False) + "\n"
    rewrite(output, text.encode())
    say.line(f"{output}: {release.shown} for {target}, {len(promised.files)} files.")


@commands.command()
def verify(
    *,
    folder: Folder = Path(),
    lock_file: Annotated[
        Path | None,
        typer.Option(
            "--lock", help="What `roster lock` wrote; none: what was pulled here."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a folder with what it should hold, offline."""
    say = Say(as_json=as_json)
    root = folder.absolute()
    if lock_file is not None:
        wanted = _read(lock_file)
    else:
        pulled = state.all_in(root)
        if not pulled:
            raise Trouble(
                Exit.not_found,
                f"Nothing was pulled into {folder}: name a lock with --lock.",
            )
        wanted = {
            path: (sha, EXECUTABLE if path in one.executable else PLAIN)
            for one in pulled
            for path, sha in one.files.items()
        }
    wrong = {
        path: found
        for path, (sha, mode) in sorted(wanted.items())
        if (found := _standing(root, path, sha, mode))
    }
    for path, found in wrong.items():
        say.line(f"  {found:<9} {path}")
    say.line(
        f"{len(wanted) - len(wrong)} of {len(wanted)} files are as they should be."
    )
    say.result({"files": len(wanted), "wrong": wrong})
    if wrong:
        raise typer.Exit(Exit.differs)


def _standing(root: Path, path: str, sha: str, mode: str) -> str:
    place = inside(root, path)
    present = digest_of(place)
    if present is None:
        return "missing"
    if present != sha:
        return "modified"
    return "" if has_mode(place, mode) else "mode"


def _read(path: Path) -> dict[str, tuple[str, str]]:
    try:
        values: dict[str, Any] = json.loads(path.read_bytes())
        files = {
            str(name): (str(one["sha256"]), str(one["mode"]))
            for name, one in values["files"].items()
        }
        is_known = values["roster_lock"] == FORMAT
    except FileNotFoundError:
        raise Trouble(Exit.not_found, f"There is no file {path}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        is_known = False
    if not is_known:
        raise Trouble(
            Exit.usage,
            f"{path} is no lock of this version: write it with `roster lock`.",
        )
    check(files)
    return files
