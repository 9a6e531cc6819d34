"""What was pulled into a folder: a file beside it that may be kept in git."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from roster.client.exits import Exit, Trouble
from roster.client.trees.paths import OWN, check, named

VERSION = 1


@dataclass(frozen=True, slots=True)
class State:
    """What a pull left behind.

    Attributes:
        url: Of the instance.
        team: Of the collection.
        collection: Its name.
        target: For which tool.
        release: Its number.
        lock_digest: Of that release.
        files: The sha256 of each file as it was written, by its path.
        executable: Those that may be run.
    """

    url: str
    team: str
    collection: str
    target: str
    release: int
    lock_digest: str
    files: Mapping[str, str] = field(default_factory=dict)
    executable: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return key_of(self.team, self.collection, self.target)

    @property
    def shown(self) -> str:
        return f"{self.team}/{self.collection}@{self.release} for {self.target}"

    def text(self) -> str:
        values = {
            "version": VERSION,
            "url": self.url,
            "team": self.team,
            "collection": self.collection,
            "target": self.target,
            "release": self.release,
            "lock_digest": self.lock_digest,
            "files": dict(sorted(self.files.items())),
            "executable": sorted(self.executable),
        }
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read what an earlier pull wrote; None if there was none.

        Raises:
            Trouble: Something else stands there.
        """
        try:
            values = json.loads(path.read_bytes())
            return cls._of(values)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Trouble(
                Exit.local_changes,
                f"{path} cannot be read: put it back from git, or remove it and pull "
                "again.",
            ) from None

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        if values["version"] != VERSION:
            raise ValueError(values["version"])
        files = {str(path): str(sha) for path, sha in values["files"].items()}
        check(files)
        return cls(
            url=str(values["url"]),
            team=str(values["team"]),
            collection=str(values["collection"]),
            target=str(values["target"]),
            release=int(values["release"]),
            lock_digest=str(values["lock_digest"]),
            files=files,
            executable=frozenset(map(str, values["executable"])),
        )


def key_of(team: str, collection: str, target: str) -> str:
    return f"{team}-{collection}.{target}"


def place_of(root: Path, key: str) -> Path:
    return root / OWN / named(key, ".json")


def all_in(root: Path) -> list[State]:
    """Give what was pulled into a folder, in order."""
    found = (State.read(path) for path in sorted((root / OWN).glob("*.json")))
    return [state for state in found if state is not None]
