"""Releases of collections, and what is promised of their exports."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roster.client.exits import Exit, Trouble
from roster.client.http.answers import strange
from roster.client.http.api import Api, part
from roster.client.registry.references import CollectionRef

TARGET = "claude-code"
EXECUTABLE = "100755"
MODES = frozenset({"100644", EXECUTABLE})


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a collection.

    Attributes:
        id: Of the collection.
        team: Its slug now.
        name: Of the collection now.
        detail: As the API gives it.
    """

    id: str
    team: str
    name: str
    detail: dict[str, Any]

    @property
    def number(self) -> int:
        return int(self.detail["number"])

    @property
    def path(self) -> str:
        return f"/collections/{part(self.id)}/releases/{self.number}"

    @property
    def shown(self) -> str:
        return f"{self.team}/{self.name}@{self.number}"

    def withdrawn(self) -> list[str]:
        """Name what of it was yanked or deleted since."""
        return [
            str(entry["identifier"]).removeprefix("roster:")
            for entry in self.detail.get("entries", [])
            if entry.get("yanked") or entry.get("deleted")
        ]


@dataclass(frozen=True, slots=True)
class Promise:
    """A file of an export."""

    mode: str
    size: int
    sha256: str
    component: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export holds, as the server promises it before it is taken."""

    target: str
    number: int
    lock_digest: str
    digest: str
    files: Mapping[str, Promise]
    notes: list[dict[str, Any]]
    variables: list[dict[str, Any]]

    @property
    def losses(self) -> list[dict[str, Any]]:
        return [n for n in self.notes if n.get("fate") in {"approximated", "dropped"}]

    @property
    def serious(self) -> int:
        """How many losses matter most; an older server weighs none."""
        return sum(one.get("weight") == "serious" for one in self.losses)


def find(api: Api, asked: CollectionRef) -> Release:
    """Find a release, the newest where none is named.

    Raises:
        Trouble: There is none, or none that the token may see.
    """
    name = f"{asked.team}/{asked.name}"
    items = api.get("/collections", {"ref": name})["items"]
    if not items:
        raise Trouble(
            Exit.not_found,
            f"There is no collection {name} that you may see: check the name, and "
            "`roster whoami`.",
        )
    found = items[0]
    base = f"/collections/{part(found['id'])}/releases"
    number = asked.number
    if number is None:
        newest = api.get(base, {"limit": 1})["items"]
        if not newest:
            raise Trouble(
                Exit.not_found,
                f"{name} has no release that you may see: make one in the app.",
            )
        number = newest[0]["number"]
    detail = api.get(f"{base}/{number}")
    return Release(found["id"], found["team"]["slug"], found["name"], detail)


def preview(api: Api, release: Release, target: str) -> Preview:
    """Read what an export promises, and compare it with itself.

    Raises:
        Trouble: There is no such target, or the promise does not hold together.
    """
    values = api.get(f"{release.path}/targets/{part(target)}")
    try:
        found = _read(values)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise strange() from None
    if tree_digest(found.files) != found.digest:
        raise tampered("the list of files has another digest than it says")
    if found.lock_digest != release.detail["digest"] or found.number != release.number:
        raise tampered("the list of files is not of this release")
    return found


def lock_of(api: Api, release: Release) -> bytes:
    """Read the lock of a release, and hold it against its digest.

    Raises:
        Trouble: It has another one.
    """
    lock = api.read(f"{release.path}/lock").data
    if hashlib.sha256(lock).hexdigest() != release.detail["digest"]:
        raise tampered("the lock has another digest than its release")
    return lock


def _read(values: dict[str, Any]) -> Preview:
    files = {}
    for one in values["files"]:
        if one["mode"] not in MODES:
            raise ValueError(one["mode"])
        files[str(one["path"])] = Promise(
            one["mode"], int(one["size"]), str(one["sha256"]), str(one["component"])
        )
    if len(files) != len(values["files"]):
        raise tampered("a path comes twice")
    return Preview(
        target=str(values["target"]),
        number=int(values["number"]),
        lock_digest=str(values["lock_digest"]),
        digest=str(values["digest"]),
        files=files,
        notes=list(values["notes"]),
        variables=list(values["variables"]),
    )


def tree_digest(files: Mapping[str, Promise]) -> str:
    """The digest of a tree, as the server makes it."""
    lines = sorted((path, one.mode, one.sha256) for path, one in files.items())
    text = json.dumps(lines, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def tampered(what: str) -> Trouble:
    return Trouble(
        Exit.tampered,
        f"What came is not what was promised: {what}. Nothing was written; ask who "
        "runs the instance, or what stands between.",
    )
