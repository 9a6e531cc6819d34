"""The instances that somebody signed in to, and the one that is meant now."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roster.client.config import files, keeping
from roster.client.config.addresses import normal
from roster.client.exits import Exit, Trouble

URL, TOKEN = "ROSTER_URL", "ROSTER_TOKEN"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An instance, and what it is asked with.

    Attributes:
        address: Without a slash at its end.
        token: None: as nobody.
        place: Where the token is from: the variable, the keyring or the file.
    """

    address: str
    token: str | None
    place: str


def _path() -> Path:
    return files.folder() / "instances.json"


def known() -> dict[str, dict[str, Any]]:
    """Give what is noted of each instance, by its address."""
    found = files.read(_path()).get("instances", {})
    return found if isinstance(found, dict) else {}


def usual() -> str | None:
    found = files.read(_path()).get("default")
    return found if isinstance(found, str) else None


def choose(url: str | None) -> Chosen:
    """Find which Roster is meant: by argument, variable, or the last sign-in.

    Raises:
        Trouble: None of these says so.
    """
    given = url or os.environ.get(URL) or usual()
    if not given:
        raise Trouble(
            Exit.sign_in,
            f"Say which Roster: run `roster login https://…`, or set {URL}.",
        )
    address = normal(given)
    if token := os.environ.get(TOKEN, "").strip():
        return Chosen(address, token, TOKEN)
    noted = known().get(address)
    if noted is None:
        return Chosen(address, None, "")
    keeper = keeping.called(str(noted.get("kept_in")))
    return Chosen(address, keeper.read(address), keeper.name)


def remember(address: str, token: str, user: str) -> str:
    """Keep how to sign in there, and mean it from now on; gives where it is kept."""
    place = keeping.keep(address, token)
    noted = known() | {address: {"user": user, "kept_in": place}}
    files.write(_path(), {"default": address, "instances": noted})
    return place


def forget(address: str) -> bool:
    """Forget it; gives whether there was anything."""
    noted = known()
    found = noted.pop(address, None)
    if found is None:
        return False
    keeping.called(str(found.get("kept_in"))).forget(address)
    default = usual()
    left = next(iter(sorted(noted)), None) if default == address else default
    files.write(_path(), {"default": left, "instances": noted})
    return True
