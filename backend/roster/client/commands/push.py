"""`roster push`: files from here into a team, looked at before they are stored."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api
from roster.client.options import AsJson, Bundle, Url, Yes, connect
from roster.client.registry.importing import OUTCOMES, Importing
from roster.client.saying import Say, is_terminal, plain

commands = typer.Typer()
SHOWN = 10


class Secrets(StrEnum):
    """What becomes of files with what looks like a secret."""

    ask = "ask"
    skip = "skip"
    keep = "keep"


class Repair(StrEnum):
    """Which text is taken of files that strict tools refuse."""

    repaired = "repaired"
    original = "original"


@dataclass(frozen=True, slots=True)
class Decisions:
    only_new: bool
    skips_clashes: bool
    repair: Repair
    secrets: Secrets
    yes: bool


@commands.command()
def push(
    path: Annotated[Path, typer.Argument(help="A file, a folder or an archive.")],
    *,
    team: Annotated[
        str | None, typer.Option(help="Into which team; none: your own.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be stored, and stop.")
    ] = False,
    all_new: Annotated[
        bool, typer.Option("--all-new", help="Only what the team does not have.")
    ] = False,
    skip_clashes: Annotated[
        bool, typer.Option("--skip-clashes", help="Leave names that two files want.")
    ] = False,
    repair: Annotated[
        Repair, typer.Option(help="Which text of files that strict tools refuse.")
    ] = Repair.repaired,
    secrets: Annotated[
        Secrets, typer.Option(help="Files with what looks like a secret.")
    ] = Secrets.ask,
    yes: Yes = False,
    url: Url = None,
    ca_bundle: Bundle = None,
    as_json: AsJson = False,
) -> None:
    """Import a file, a folder or an archive."""
    say = Say(as_json=as_json)
    if not path.exists():
        raise Trouble(Exit.not_found, f"There is no file or folder {path}.")
    api = connect(url, ca_bundle, say)
    work = Importing(api, say)
    into = team or _own_team(api)
    work.upload(path, into)
    is_stored = False
    try:
        _show(work, say)
        wanted = Decisions(all_new, skip_clashes, repair, secrets, yes)
        if not dry_run and _is_worth_it(work, wanted, say):
            _decide(work, wanted, into)
            outcomes = ["new"] if all_new else None
            is_stored = True
            _tell(work, work.apply(outcomes), say, into)
    finally:
        # What nobody goes on with should not wait in the app.
        if not is_stored:
            work.discard()
    if not is_stored:
        say.result({"team": into, "counts": work.row["counts"], "results": {}})


def _own_team(api: Api) -> str:
    return str(api.get("/auth/whoami")["username"])


def _show(work: Importing, say: Say) -> None:
    counts = work.row["counts"]
    for outcome in OUTCOMES:
        if not counts[outcome]:
            continue
        say.line(f"{counts[outcome]:>5} {outcome.replace('_', ' ')}")
        if outcome == "unchanged":
            continue
        for number, file in enumerate(work.files(outcome=[outcome])):
            if number == SHOWN:
                say.line("        …")
                break
            why = f": {file['reason']}" if file["reason"] else ""
            say.line(f"        {file['path']}{why}")


def _is_worth_it(work: Importing, wanted: Decisions, say: Say) -> bool:
    """Whether there is something that the team does not have."""
    counts = work.row["counts"]
    takes = ("new",) if wanted.only_new else ("new", "changed", "needs_repair")
    if any(counts[name] for name in takes):
        return True
    if counts["clash"] or counts["refused"]:
        raise Trouble(
            Exit.refused, "Nothing of this can be stored: the list above says why."
        )
    say.line("The team has all of it already.")
    return False


def _decide(work: Importing, wanted: Decisions, team: str) -> None:
    counts = work.row["counts"]
    if wanted.repair is Repair.original and counts["needs_repair"]:
        work.decide(outcome=["needs_repair"], decision="original")
    if counts["clash"] and not wanted.only_new:
        _about_clashes(work, wanted)
    if work.row["leaks"]:
        _about_secrets(work, wanted)
    if wanted.yes or not is_terminal():
        return
    if not typer.confirm(f"Store this in the team {team}?", err=True):
        raise Trouble(Exit.refused, "Nothing was stored.")


def _about_clashes(work: Importing, wanted: Decisions) -> None:
    if not wanted.skips_clashes:
        first = next(work.files(outcome=["clash"]))
        raise Trouble(
            Exit.refused,
            f"{work.row['counts']['clash']} files clash ({first['path']}: "
            f"{first['reason']}): take --skip-clashes, or decide in the app.",
        )
    work.decide(outcome=["clash"], decision="skip")


def _about_secrets(work: Importing, wanted: Decisions) -> None:
    chosen = wanted.secrets
    if chosen is Secrets.ask:
        paths = [file["path"] for file in work.files(secrets="undecided")]
        if not is_terminal() or wanted.yes:
            raise Trouble(
                Exit.refused,
                f"{len(paths)} files hold what looks like a secret ({paths[0]}): take "
                "--secrets skip, or --secrets keep if everybody may read it.",
            )
        for path in paths:
            typer.echo(f"  ! {plain(path)}", err=True)
        answer = typer.prompt(
            f"{len(paths)} files hold what looks like a secret: (s)kip them, (k)eep "
            "them for everybody who may read them, or (a)bort?",
            default="a",
            err=True,
        ).lower()
        if answer[:1] not in {"s", "k"}:
            raise Trouble(Exit.refused, "Nothing was stored.")
        chosen = Secrets.keep if answer.startswith("k") else Secrets.skip
    if chosen is Secrets.keep:
        work.decide(secrets="keep")
        return
    ids = [file["id"] for file in work.files(secrets="undecided")]
    work.decide(ids=ids, decision="skip")


def _tell(work: Importing, results: dict[str, int], say: Say, team: str) -> None:
    told = ", ".join(f"{count} {name}" for name, count in results.items() if count)
    say.line(f"Stored in {team}: {told or 'nothing'}.")
    say.result({"team": team, "counts": work.row["counts"], "results": results})
