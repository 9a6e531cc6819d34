"""Small files of this program, of which nobody else reads and none is ever half."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from roster.client.exits import Exit, Trouble

PRIVATE_FOLDER = 0o700


def folder() -> Path:
    """Give the place for settings, as XDG and Windows have it."""
    if given := os.environ.get("XDG_CONFIG_HOME"):
        return Path(given, "roster")
    if os.name == "nt" and (given := os.environ.get("APPDATA")):
        return Path(given, "roster")
    return Path.home() / ".config" / "roster"


def read(path: Path) -> dict[str, Any]:
    """Read an object of JSON; nothing where there is no file.

    Raises:
        Trouble: It is there and holds something else.
    """
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise Trouble(
            Exit.disk, f"{path} cannot be read: remove it, and sign in again."
        )
    return values


def write(path: Path, values: dict[str, Any]) -> None:
    """Put it there as a whole, for nobody else to read."""
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    # A file of `tempfile` is nobody else's to read from its first moment on.
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(json.dumps(values, indent=2, sort_keys=True) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
