"""`roster lint`: the rules of the server, offline."""

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from roster.client.exits import Exit
from roster.client.linting import reports, walking
from roster.client.linting.reading import Checked, check
from roster.client.saying import Say
from roster.client.trees.disk import rewrite
from roster.lint.findings import Severity

commands = typer.Typer()


class Form(StrEnum):
    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


@commands.command()
def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders; none: this folder.", metavar="PATH…"),
    ] = None,
    *,
    form: Annotated[
        Form, typer.Option("--format", "-f", help="For whom the report is.")
    ] = Form.text,
    fail_on: Annotated[
        Severity,
        typer.Option("--fail-on", help="From which findings on to exit with 1."),
    ] = Severity.error,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended without a risk.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file for the report.")
    ] = None,
) -> None:
    """Check agents, skills, commands and servers, without a server."""
    found = _look(paths or [Path()])
    if fix and (mended := [file for file in found if file.mended is not None]):
        for file in mended:
            rewrite(file.place, file.mended or b"")
            Say().note(f"Mended {_shown(file.place)}")
        found = _look(paths or [Path()])
    _report(found, form, output)
    if any(file.has(fail_on) for file in found):
        raise typer.Exit(Exit.differs)


def _look(paths: list[Path]) -> list[Checked]:
    return [file for path in paths for file in check(walking.files_below(path))]


def _shown(place: Path) -> str:
    return Path(os.path.relpath(place)).as_posix()


def _report(found: list[Checked], form: Form, output: Path | None) -> None:
    if form is Form.text:
        lines = "\n".join(reports.text(found, _shown))
    elif form is Form.github:
        lines = "\n".join([*reports.github(found, _shown), reports.summary(found)])
    else:
        make = reports.sarif if form is Form.sarif else reports.as_json
        lines = json.dumps(make(found, _shown), indent=2, ensure_ascii=False)
    if output is None:
        say = Say()
        for line in lines.split("\n"):
            say.line(line)
        return
    rewrite(output, f"{lines}\n".encode())
    Say().note(reports.summary(found))
