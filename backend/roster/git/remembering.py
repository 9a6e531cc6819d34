"""What folders git calls by which ids, kept on disk beside the database.

To find that out, a release has to be laid out for every target, which takes seconds for
a large one; and all releases are named to whoever clones. It may be deleted at any
time, and holds nothing of what the files say.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import UUID

import structlog
import yaml

import roster
from roster.git.objects import ID_BYTES, Id

log = structlog.get_logger()

MAKERS = ("exports", "components", "lint", "git")
"""Parts of this program that decide what exports hold."""
NAME_BYTES = 16


class Memory:
    """Files in a folder, one for each release. Blocks: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, releases: Iterable[UUID]) -> dict[tuple[UUID, str], Id]:
        """What is known of some releases."""
        found: dict[tuple[UUID, str], Id] = {}
        for release_id in releases:
            for name, id_ in self._read(release_id).items():
                found[release_id, name] = id_
        return found

    def _read(self, release_id: UUID) -> dict[str, Id]:
        try:
            held = json.loads(self._place(release_id).read_bytes())
            found = {name: bytes.fromhex(id_) for name, id_ in held.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
        is_whole = all(len(id_) == ID_BYTES for id_ in found.values())
        return found if is_whole else {}

    def write(self, release_id: UUID, found: Mapping[str, Id]) -> None:
        """Note what was found out; if that cannot be, it will be found out again."""
        held = {**self._read(release_id), **found}
        data = json.dumps({name: id_.hex() for name, id_ in held.items()})
        place = self._place(release_id)
        draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        try:
            if not place.parent.is_dir():
                self._begin(place.parent)
            draft.write_text(data)
            draft.replace(place)
        except OSError as error:
            log.warning("git_memory_failed", error=type(error).__name__)
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _begin(self, folder: Path) -> None:
        """Make the folder, and remove what another version left."""
        for other in self._folder.glob("*"):
            shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _place(self, release_id: UUID) -> Path:
        return self._folder / makers() / release_id.hex


@cache
def makers() -> str:
    """A name for the program that made it: another one may make something else."""
    digest = hashlib.sha256(yaml.__version__.encode())
    package = Path(roster.__file__).parent
    for part in MAKERS:
        for path in sorted((package / part).rglob("*.py")):
            digest.update(os.fsencode(path.relative_to(package)))
            digest.update(path.read_bytes())
    return digest.hexdigest()[:NAME_BYTES]
