"""How commands speak: lines for people, JSON for programs, progress on a terminal."""

import json
import os
import re
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import typer

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
Advance = Callable[[int], None]


def plain(text: str) -> str:
    """Take out what a terminal would obey, or read in another order."""
    return _CONTROLS.sub("\ufffd", text)


def is_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Say:
    """What a command has to say.

    Args:
        as_json: Whether a program listens: then standard output is one JSON document.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def line(self, text: str = "") -> None:
        if not self.as_json:
            typer.echo(plain(text))

    def note(self, text: str) -> None:
        """Say what is no result."""
        typer.echo(plain(text), err=True)

    def result(self, values: Any) -> None:
        if self.as_json:
            typer.echo(json.dumps(values, indent=2, ensure_ascii=False))

    def diff(self, lines: list[str]) -> None:
        colours = {"+": typer.colors.GREEN, "-": typer.colors.RED}
        for line in lines:
            text = plain(line.rstrip("\n"))
            if self._may_colour() and text[:1] in colours:
                text = typer.style(text, fg=colours[text[0]])
            if not self.as_json:
                typer.echo(text)

    @staticmethod
    def _may_colour() -> bool:
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    @contextmanager
    def progress(self, what: str, total: int | None) -> Generator[Advance]:
        """Show how far it is; without a terminal, one line that it began."""
        if not sys.stderr.isatty() or os.environ.get("CI"):
            self.note(f"{what} …")
            yield lambda _: None
            return
        # It takes a while to import, and only a terminal needs it.
        from rich.console import Console  # noqa: PLC0415 - see above
        from rich.progress import Progress  # noqa: PLC0415 - see above

        shown = Progress(console=Console(stderr=True), transient=True)
        task = shown.add_task(what, total=total)

        def advance(count: int) -> None:
            shown.start()
            shown.advance(task, count)

        # What is asked before anything moved would be painted over.
        if total is None:
            shown.start()
        try:
            yield advance
        finally:
            shown.stop()
