"""Commands that are imported when they are named, so that `roster` starts at once."""

import gc
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from roster.client.guarding import guarded


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command stands, and what is said of it before it is imported.

    Attributes:
        module: That has `commands`, a Typer with the command in it.
        help: Its first line, as the command itself has it; a test compares them.
        panel: Under which heading it is listed.
        is_guarded: Whether whatever goes wrong in it is said in one sentence.
    """

    module: str
    help: str
    panel: str
    is_guarded: bool = True


class LazyCommand(TyperCommand):
    """Stands for a command in lists, and becomes it when it is called."""

    def __init__(self, name: str, place: Place) -> None:
        super().__init__(name, help=place.help, rich_help_panel=place.panel)
        self.place = place

    @cached_property
    def found(self) -> Any:
        """The command itself."""
        # There is no garbage to find in what is imported, and looking for it takes a
        # quarter of the time.
        gc.disable()
        try:
            module = importlib.import_module(self.place.module)
        finally:
            gc.freeze()
            gc.enable()
        group: Any = typer.main.get_group(module.commands)
        return group.commands[self.name]

    def make_context(self, *args: Any, **extra: Any) -> Any:
        return self.found.make_context(*args, **extra)


class LazyGroup(TyperGroup):
    """All commands of `roster`, of which it imports the one that is named."""

    places: Mapping[str, Place] = {}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, place in self.places.items():
            self.commands[name] = LazyCommand(name, place)

    def invoke(self, ctx: Any) -> Any:
        place = self.places.get(next(iter(ctx._protected_args), ""))  # noqa: SLF001 - typer has no other place for the name
        if place is None or not place.is_guarded:
            return super().invoke(ctx)
        with guarded():
            return super().invoke(ctx)
