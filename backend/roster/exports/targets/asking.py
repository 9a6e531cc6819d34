"""What a request may ask of targets, and what it is refused with."""

from roster.core.errors import ExportLoses, FieldError, NotFound
from roster.exports.targets.base import Exported, Target
from roster.exports.targets.registry import TARGETS

NAMED = 200
"""So many losses are named in a refusal."""


def find_target(name: str) -> Target:
    """Find a target by its name.

    Raises:
        NotFound: There is none.
    """
    target = TARGETS.get(name)
    if target is None:
        known = ", ".join(TARGETS)
        raise NotFound(f"There is no target {name!r}; there are {known}.")
    return target


def require_lossless(made: Exported) -> None:
    """Refuse an export that is not all that was asked for.

    Raises:
        ExportLoses: Something is approximated or dropped.
    """
    lost = made.losses
    if not lost:
        return
    errors = [
        FieldError(
            loc=note.path or note.component,
            message=f"{note.component}{f', {note.field}' if note.field else ''}: "
            f"{note.why}",
            code=note.fate.value,
        )
        for note in lost[:NAMED]
    ]
    things = "1 thing" if len(lost) == 1 else f"{len(lost):,} things"
    serious = f", {made.serious:,} of them serious" if made.serious else ""
    raise ExportLoses(
        f"{things} would get lost{serious}; read the report, or export without strict.",
        errors=errors,
    )
