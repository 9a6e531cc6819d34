"""Git servers that somebody made to do harm."""

import asyncio
import hashlib
import json
import struct
import sys
import zlib
from pathlib import Path

import pytest
from pydantic import SecretStr

from roster.fetching.child import attempt
from roster.fetching.errors import FetchError, Reason
from roster.fetching.git import ADVERTISEMENT, Remote, fetch, head
from roster.fetching.messages import Errand, as_failure
from roster.settings import Settings
from roster.uploads.spool import Spool
from tests.fetching.conftest import (
    Reply,
    Scripted,
    Scripts,
    dripping,
    endless,
    left_in,
    redirects,
    said,
)

RESULT = "application/x-git-upload-pack-result"
COMMIT = "1234567890" * 4
GONE_SECONDS = 30


def packet(data: bytes) -> bytes:
    return b"%04x" % (len(data) + 4) + data


HELLO = (
    packet(b"# service=git-upload-pack\n")
    + b"0000"
    + b"".join(
        map(packet, (b"version 2\n", b"ls-refs=unborn\n", b"fetch=shallow filter\n"))
    )
)
REFS = packet(f"{COMMIT} HEAD symref-target:refs/heads/main\n".encode()) + b"0000"
SHALLOW = packet(b"shallow-info\n") + packet(f"shallow {COMMIT}".encode()) + b"0001"
PACK = SHALLOW + packet(b"packfile\n")


async def serving(script: Scripts, *results: Reply, hello: Reply | None = None) -> str:
    """A git server that says hello, and then what it is told."""
    server = await script()
    return speaks(server, *results, hello=hello)


def speaks(server: Scripted, *results: Reply, hello: Reply | None = None) -> str:
    greeting = said(HELLO + b"0000", kind=ADVERTISEMENT)
    server.replies["/it/info/refs"] = hello or greeting
    server.replies["/it/git-upload-pack"] = [said(REFS, kind=RESULT), *results]
    return f"{server.url}/it"


def packed(*objects: bytes, count: int | None = None) -> bytes:
    """A pack, cut into packets."""
    number = len(objects) if count is None else count
    data = b"PACK" + struct.pack(">LL", 2, number) + b"".join(objects)
    data += hashlib.sha1(data, usedforsecurity=False).digest()
    pieces = [data[at : at + 60_000] for at in range(0, len(data), 60_000)]
    return b"".join(packet(b"\x01" + piece) for piece in pieces) + b"0000"


def blob(size: int, declared: int | None = None) -> bytes:
    """An object of so many zeros."""
    left = size if declared is None else declared
    head = [0x30 | (left & 15)]
    left >>= 4
    while left:
        head[-1] |= 0x80
        head.append(left & 0x7F)
        left >>= 7
    return bytes(head) + zlib.compress(bytes(size))


@pytest.mark.parametrize(
    ("reply", "reason", "sentence"),
    [
        (said(PACK + packed(count=10_000_000), kind=RESULT), "too-large", "500,000"),
        (
            endless(RESULT, PACK, packet(b"\x01" + b"x" * 60_000)),
            "too-large",
            "500,000",
        ),
        (
            endless(
                RESULT,
                PACK + packet(b"\x01PACK" + struct.pack(">LL", 2, 1)),
                packet(b"\x01" + b"x" * 60_000),
            ),
            "too-large",
            "4,194,304 bytes",
        ),
        (endless(RESULT, b"", b"\0"), "broken", "no git repository"),
        (said(PACK + packed(blob(9))[:-9], kind=RESULT), "broken", "no git repository"),
        (said(PACK + packed(blob(9, 900)), kind=RESULT), "broken", "no git repository"),
        (said(PACK + packed(blob(9)), kind=RESULT), "broken", "no git repository"),
        (said(PACK + packed(), kind=RESULT), "broken", "no git repository"),
        (said(PACK + packet(b"\x03stop"), kind=RESULT), "broken", "no git repository"),
        (said(b"<html>", kind="text/html"), "broken", "no git repository"),
        (said(b"", status="500 Broken"), "broken", "no git repository"),
        (said(b"", status="403 Forbidden"), "wrong-token", "with this token"),
        (redirects("http://127.0.0.1/"), "broken", "no git repository"),
        (redirects("https://169.254.169.254/"), "broken", "no git repository"),
    ],
)
async def test_what_a_server_sends_to_do_harm_is_refused(
    script: Scripts,
    loopback: Settings,
    spool: Spool,
    hidden: Path,
    reply: Reply,
    reason: str,
    sentence: str,
) -> None:
    url = await serving(script, reply)
    with pytest.raises(FetchError, match=sentence) as refusal:
        await fetch(Remote(url), spool, settings=loopback)
    assert refusal.value.reason == reason
    assert spool.size == 0
    assert left_in(hidden) == []


async def test_packs_are_not_taken_from_elsewhere(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    other = await script(pack=said(b"PACK"))
    uris = packet(b"packfile-uris\n") + packet(
        f"{other.url}/pack sha1 {'0' * 40}\n".encode()
    )
    url = await serving(script, said(SHALLOW + uris + PACK, kind=RESULT))
    with pytest.raises(FetchError):
        await fetch(Remote(url), spool, settings=loopback)
    assert other.requests == []


async def test_an_endless_list_of_branches_is_cut_off(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    line = packet(f"{COMMIT} refs/heads/x\n".encode())
    url = await serving(script, hello=endless(ADVERTISEMENT, HELLO, line))
    for asked in (
        fetch(Remote(url, "main"), spool, settings=loopback),
        head(Remote(url, "main"), settings=loopback),
    ):
        with pytest.raises(FetchError, match="larger than") as refusal:
            await asked
        assert refusal.value.reason is Reason.too_large


async def test_names_of_branches_are_shown_in_short_and_in_one_line(
    script: Scripts, loopback: Settings
) -> None:
    names = ["é" * 20_000, "a\x1b[2Jb", "a\u202eb", *(f"x{n}" for n in range(9))]
    lines = [packet(f"{COMMIT} refs/heads/{name}\n".encode()) for name in names]
    server = await script()
    url = speaks(server)
    refs = said(b"".join(lines) + b"0000", kind=RESULT)
    server.replies["/it/git-upload-pack"] = refs
    with pytest.raises(FetchError, match="no branch or tag main") as refusal:
        await head(Remote(url, "main"), settings=loopback)
    assert refusal.value.message.isprintable()
    assert len(refusal.value.message) < 1000


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (said(b"<html>", kind="text/html"), Reason.not_git),
        (said(b"a list of refs for simple clients"), Reason.not_git),
        (said(b"", status="503 Busy"), Reason.unreachable),
        (said(b"", status="418 Teapot"), Reason.not_git),
        (redirects("/somewhere/else"), Reason.not_found),
        (redirects("http://127.0.0.2:1/info/refs"), Reason.unreachable),
        (redirects("http://10.0.0.1/info/refs"), Reason.address),
        (redirects("https://169.254.169.254/info/refs"), Reason.address),
        (redirects("https://[fe80::1]/info/refs"), Reason.address),
        (redirects("file:///etc/passwd"), Reason.address),
    ],
)
async def test_what_is_no_repository_or_leads_away_is_refused(
    script: Scripts, loopback: Settings, spool: Spool, reply: Reply, reason: Reason
) -> None:
    url = await serving(script, hello=reply)
    with pytest.raises(FetchError) as refusal:
        await fetch(Remote(url), spool, settings=loopback)
    assert refusal.value.reason is reason


async def test_a_redirect_to_a_page_is_no_repository(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    other = await script(page=said(HELLO, kind=ADVERTISEMENT))
    url = await serving(script, hello=redirects(f"{other.url}/page"))
    with pytest.raises(FetchError, match="redirects to something other"):
        await fetch(Remote(url), spool, settings=loopback)


async def test_who_lets_one_wait_is_given_up(
    script: Scripts, loopback: Settings, spool: Spool, hidden: Path
) -> None:
    settings = loopback.model_copy(update={"fetch_seconds": 1})
    ended = asyncio.Event()
    begin = PACK + packet(b"\x01PACK" + struct.pack(">LL", 2, 1))
    url = await serving(script, dripping(RESULT, begin, ended))
    with pytest.raises(FetchError, match="longer than the 1 seconds") as refusal:
        await fetch(Remote(url), spool, settings=settings)
    assert refusal.value.reason is Reason.too_slow
    async with asyncio.timeout(GONE_SECONDS):
        await ended.wait()  # the child has gone
    assert left_in(hidden) == []


async def test_a_fetch_that_is_cancelled_ends_its_child(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()
    drip = dripping(RESULT, PACK, ended)

    async def begin(writer: asyncio.StreamWriter) -> None:
        begun.set()
        await drip(writer)

    url = await serving(script, begin)
    task = asyncio.create_task(fetch(Remote(url), spool, settings=loopback))
    async with asyncio.timeout(GONE_SECONDS):
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await ended.wait()


async def test_a_child_ends_with_a_parent_that_was_killed(
    script: Scripts, hidden: Path
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()
    drip = dripping(RESULT, PACK, ended)

    async def begin(writer: asyncio.StreamWriter) -> None:
        begun.set()
        await drip(writer)

    url = await serving(script, begin)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FETCHES, url, cwd=Path(__file__).parents[2]
    )
    async with asyncio.timeout(GONE_SECONDS):
        await begun.wait()
        parent.kill()
        await parent.wait()
        await ended.wait()
    assert left_in(hidden) == []


FETCHES = """
import asyncio, sys
from roster.fetching.git import Remote, fetch
from roster.settings import Settings
from roster.uploads.spool import Spool

settings = Settings(environment="test", fetch_allowed=["127.0.0.1"])
with Spool() as spool:
    asyncio.run(fetch(Remote(sys.argv[1]), spool, settings=settings))
"""


def test_an_errand_does_not_show_its_headers() -> None:
    errand = Errand("https", "a.b", 1, "/", "1.2.3.4", headers={"A": "secret"})
    assert "secret" not in repr(errand)
    assert "secret" not in repr(Remote("https://a.b/c", token=SecretStr("secret")))


@pytest.mark.parametrize("error", [MemoryError(), OSError("No space left")])
def test_what_does_not_fit_is_too_large(error: Exception) -> None:
    def work() -> bytes:
        raise error

    assert as_failure(json.loads(attempt(work))).reason is Reason.too_large
