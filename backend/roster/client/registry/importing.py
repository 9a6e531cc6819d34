"""An import from its upload to its end, as `roster push` drives it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from roster.client.exits import Exit, Trouble
from roster.client.http import uploads
from roster.client.http.api import Api, part
from roster.client.http.uploads import Form
from roster.client.linting import walking
from roster.client.saying import Say

FIRST, LONGEST = 0.1, 2.0
"""Seconds between two questions, at the beginning and later."""
BUSY = frozenset({"reading", "applying"})
PAGE = 200
OUTCOMES = (
    "new",
    "changed",
    "unchanged",
    "clash",
    "needs_repair",
    "left_aside",
    "refused",
)


class Importing:
    """One import.

    Args:
        api: Where.
        say: Who shows how far it is.
        wait: Lets time pass between two questions.
    """

    def __init__(
        self, api: Api, say: Say, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._api = api
        self._say = say
        self._wait = wait
        self.row: dict[str, Any] = {}

    @property
    def _path(self) -> str:
        return f"/imports/{part(self.row['id'])}"

    def upload(self, place: Path, team: str) -> None:
        """Send a file, an archive or a folder, and wait until it was read.

        Raises:
            Trouble: There is nothing to be sent, or nothing in it to be taken.
        """
        with (
            _form(place, {"team": team}) as form,
            self._say.progress("Uploading", form.size) as advance,
        ):
            body = form.chunks(advance)
            answer = self._api.ask("POST", "/imports", headers=form.headers, body=body)
        self.row = answer.json()
        self._settle("Reading")

    def decide(self, **decision: Any) -> None:
        """Decide alike about all files that match."""
        self._api.send("PATCH", f"{self._path}/files", decision, if_match=self._tag)
        self._read()

    def files(self, **wanted: Any) -> Iterator[dict[str, Any]]:
        """Give the files that match."""
        cursor = None
        while True:
            query: Mapping[str, Any] = {**wanted, "limit": PAGE, "cursor": cursor}
            page = self._api.get(f"{self._path}/files", query)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def apply(self, outcomes: list[str] | None) -> dict[str, int]:
        """Store what was decided, and give how many of what came of it.

        Raises:
            Trouble: It went wrong; what was stored until then stays.
        """
        wanted = {"outcome": outcomes} if outcomes else {}
        self.row = self._api.send(
            "POST", f"{self._path}/apply", wanted, if_match=self._tag
        )
        self._settle("Storing")
        return dict(self.row["results"] or {})

    def discard(self) -> None:
        self._api.send("DELETE", self._path, if_match=self._tag)

    @property
    def _tag(self) -> str:
        return str(self.row["etag"])

    def _read(self) -> None:
        self.row = self._api.get(self._path)

    def _settle(self, what: str) -> None:
        """Wait for the job, and show how far it is."""
        pause, shown = FIRST, 0
        total = (self.row.get("job") or {}).get("total")
        with self._say.progress(what, total) as advance:
            while self.row["state"] in BUSY:
                self._wait(pause)
                pause = min(LONGEST, pause * 1.5)
                self._read()
                done = int((self.row.get("job") or {}).get("done") or 0)
                advance(max(0, done - shown))
                shown = max(shown, done)
        if self.row["state"] == "failed" or self.row["error"]:
            looked = ", ".join(self.row["looked_in"])
            where = f" Looked in: {looked}." if looked else ""
            raise Trouble(Exit.refused, f"{self.row['error']}{where}")


def _form(place: Path, fields: Mapping[str, str]) -> AbstractContextManager[Form]:
    if place.is_file():
        return uploads.alone(place, fields)
    files = walking.files_below(place)
    if not files:
        raise Trouble(Exit.not_found, f"There are no files in {place}.")
    return uploads.packed(files, fields)
