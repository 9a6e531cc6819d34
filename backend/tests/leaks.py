"""Finds secrets where none may be: in log lines, answers and errors of any test.

Every application that a test starts is listened to, and what it stored is read when
the test ends. A test whose log or answers hold a hash, a digest, a seed, a password or
a token fails, whatever else it checks; only the routes that hand a secret out may show
the one that they make.
"""

import base64
import contextlib
import hashlib
import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
from cryptography.fernet import InvalidToken
from fastapi import FastAPI
from sqlalchemy import Select, Text, cast, literal, select, text, union_all
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import roster.tables  # noqa: F401 - fills the metadata
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.model import Model

STORED = {
    "users": ["password_hash"],
    "pending_registrations": ["password_hash"],
    "auth_sessions": ["token_digest", "previous_digest"],
    "device_grants": ["device_digest", "user_digest"],
    "mail_tokens": ["digest"],
    "invitations": ["digest"],
    "recovery_codes": ["digest"],
    "totp_factors": ["secret"],
    "secrets": ["sealed"],
    "repositories": ["sealed_token"],
    "import_inputs": ["sealed_token"],
}
"""Columns whose values nobody may see, not even as they are stored."""
SEEDS = "totp_factors"
VALUES = {"secrets", "repositories", "import_inputs"}
ACCOUNTS = ["users", "pending_registrations"]
NAMES = ["username", "email"]


def _all_of(name: str, column: str) -> Select[str, str, str]:
    table = Model.metadata.tables[name]
    return select(
        literal(name), literal(column), cast(table.c[column], Text).label("value")
    )


READ = text(
    str(
        union_all(
            *(
                _all_of(name, one)
                for name, columns in STORED.items()
                for one in columns
            ),
            *(_all_of(name, one) for name in ACCOUNTS for one in NAMES),
        ).compile(compile_kwargs={"literal_binds": True})
    )
)
"""One statement for all of it: it is asked after each test."""

HANDS_OUT = re.compile(
    r"POST /api/v1/(auth/(token|refresh|tokens|tokens/[^/]+/rotate|factors/.+"
    r"|device|device/token)"
    r"|teams/[^/]+/invitations|instance/invitations|users/[^/]+/reset"
    r"|components/[^/]+/secrets/[^/]+/reveal)"
)
SHAPES = {
    "the hash of a password": re.compile(r"\$bcrypt|\$2[aby]\$\d\d\$"),
    "an encrypted secret": re.compile(r"gAAAAA[\w-]{40,}"),
}
TOKEN = re.compile(r"eyJ[\w-]{8,}\.([\w-]{8,})\.[\w-]{16,}")
RAW_SECRET = re.compile(r"[\w-]{40,100}")
SHORTEST_PASSWORD = 12
MOST_BYTES = 1024 * 1024
MOST_REQUEST_BYTES = 64 * 1024


@dataclass
class Said:
    """Something that left the application."""

    where: str
    text: str
    hands_out: bool = False


@dataclass
class Watch:
    """What one test made its applications say, and what they keep to themselves."""

    said: list[Said] = field(default_factory=list)
    stored: set[str] = field(default_factory=set)
    seeds: set[str] = field(default_factory=set)
    passwords: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Of accounts: tests try them as passwords, and answers hold them."""
    values: set[str] = field(default_factory=set)
    """Secrets of servers, and tokens of repositories."""

    def found(self, log: str = "") -> list[str]:
        """Say which kind of secret showed where, but not the secret itself."""
        found = [
            f"{kind} in {said.where}"
            for said in self.said
            for kind in self._in(said.text, hands_out=said.hands_out)
        ]
        kinds = list(self._in(log, hands_out=False))
        if TOKEN.search(log):
            kinds.append("a token")
        return found + [f"{kind} in the log" for kind in kinds]

    def _in(self, text: str, *, hands_out: bool) -> Iterator[str]:
        for kind, shape in SHAPES.items():
            if shape.search(text):
                yield kind
        if any(value in text for value in self.stored):
            yield "a hash or digest"
        if any(value in text for value in self.passwords - self.names):
            yield "a password"
        if hands_out:
            return
        if any(value in text for value in self.seeds):
            yield "the seed of a second factor"
        if any(value in text for value in self.values):
            yield "the secret of a server or repository"
        if any(_is_ours(match[1]) for match in TOKEN.finditer(text)):
            yield "a token"
        if any(_digest(word) in self.stored for word in RAW_SECRET.findall(text)):
            yield "a one-time secret"

    async def read_stored(self, app: FastAPI) -> None:
        """Read what must not be seen from the database of an application."""
        database: Database = app.state.database
        cipher = Cipher(app.state.keys.encryption)
        async with database.read() as session:
            connection = await session.connection()
            rows = (await connection.execute(READ)).all()
        sealed: dict[str, list[str]] = {name: [] for name in (SEEDS, *VALUES)}
        for table, column, value in rows:
            if column in NAMES:
                self.names.add(value)
            elif value:
                self.stored.add(value)
                sealed.setdefault(table, []).append(value)
        self.seeds.update(self._opened(sealed[SEEDS], cipher))
        for name in VALUES:
            opened = self._opened(sealed[name], cipher)
            self.values.update(json.loads(told)[-1] for told in opened)

    @staticmethod
    def _opened(values: list[str], cipher: Cipher) -> list[str]:
        opened = []
        for value in values:
            # A test may have written a row that it never decrypts.
            with contextlib.suppress(InvalidToken):
                opened.append(cipher.decrypt(value))
        return opened

    def note_passwords(self, body: bytes) -> None:
        given: Any = None
        with contextlib.suppress(ValueError):
            given = orjson.loads(body)
        if not isinstance(given, dict):
            given = dict(parse_qsl(body.decode("latin-1")))
        for name, value in given.items():
            if not isinstance(value, str):
                continue
            if "password" not in name:
                self.names.add(value)
            elif len(value) >= SHORTEST_PASSWORD:
                self.passwords.add(value)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _is_ours(payload: str) -> bool:
    """Tell a token of Roster from the invented ones in what tests upload."""
    with contextlib.suppress(ValueError):
        padded = payload + "=" * (-len(payload) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        return isinstance(claims, dict) and claims.get("iss") == "roster"
    return False


class Listener:
    """Stands around an application and hears all that it says."""

    def __init__(self, app: ASGIApp, *, watch: Watch) -> None:
        self.app = app
        self.watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = f"{scope['method']} {scope['path']}"
        asked, answered = bytearray(), bytearray()

        async def hear_request() -> Message:
            message = await receive()
            if len(asked) < MOST_REQUEST_BYTES:
                asked.extend(message.get("body", b""))
            return message

        async def hear_answer(message: Message) -> None:
            for pair in message.get("headers", []):
                answered.extend(b": ".join(pair) + b"\n")
            if len(answered) < MOST_BYTES:
                answered.extend(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, hear_request, hear_answer)
        finally:
            hands_out = HANDS_OUT.fullmatch(name) is not None
            text = answered.decode("utf-8", "replace")
            self.watch.said.append(Said(f"the answer to {name}", text, hands_out))
            if scope["path"].startswith(("/api/v1/auth", "/api/v1/users")):
                self.watch.note_passwords(bytes(asked))


WATCH = pytest.StashKey[Watch]()


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Watch:
    watching = Watch()
    request.node.stash[WATCH] = watching
    return watching


async def read_stored(watch: Watch, apps: list[FastAPI]) -> None:
    """Read each database that a test used, where it can be read."""
    for app in {app.state.settings.database: app for app in apps}.values():
        with contextlib.suppress(SQLAlchemyError, OSError):
            await watch.read_stored(app)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "teardown" and report.passed:
        log = "\n".join(
            text for title, text in report.sections if "stdout" not in title
        )
        found = item.stash.get(WATCH, Watch()).found(log)
        # The test stays until the end of the run, and would keep all of it.
        item.stash[WATCH] = Watch()
        if found:
            report.outcome = "failed"
            report.longrepr = "\n".join(["Secrets got out:", *sorted(set(found))])
    return report
