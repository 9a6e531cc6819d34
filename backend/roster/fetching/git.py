"""Fetch one commit of a git repository, in a process of its own.

This process finds out where the repository is: it resolves, checks, follows redirects.
The child speaks with the one address that came of it, and parses what it sends.
"""

import asyncio
import base64
import json
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

import structlog
from pydantic import SecretStr

import roster
from roster.core import tracing
from roster.fetching.addresses import Location, Pinned, Resolver, system
from roster.fetching.errors import FetchError, Reason
from roster.fetching.http import AGENT, Answer, Asked, ask
from roster.fetching.messages import Errand, as_failure, media_type
from roster.settings import Settings
from roster.uploads.multipart import Part
from roster.uploads.spool import Span, Spool

INFO = "/info/refs?service=git-upload-pack"
ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
MAX_URL = 500
USER = "x-access-token"
"""For hosts that want any name beside a token."""
KEPT = ("SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR", "LD_LIBRARY_PATH")
"""Of the environment; nothing else of it reaches the child."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Remote:
    """What is to be fetched.

    Attributes:
        url: Of the repository.
        ref: A branch, a tag or a whole commit id; None: where its HEAD points.
        folder: Only what stands in it; None: all.
        token: Is sent as the password, or as `user:password` if there is a colon.
    """

    url: str
    ref: str | None = None
    folder: str | None = None
    token: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came.

    Attributes:
        commit: Its id.
        ref: The name of the branch or tag that it was found by, or its id.
        span: The place in the spool of a TAR with its files.
    """

    commit: str
    ref: str
    span: Span

    @property
    def part(self) -> Part:
        """The TAR as `unpack` takes it."""
        return Part("repository.tar", self.span)


@dataclass(frozen=True, slots=True)
class Progress:
    received: int
    """Bytes."""
    objects: int
    """Files that were unpacked."""


OnProgress = Callable[[Progress], None]


def normalise(url: str) -> str:
    """Give the form in which addresses of repositories are compared and stored.

    Raises:
        ValueError: It is no address of a repository; the sentence says why.
    """
    if len(url) > MAX_URL:
        raise ValueError(f"The address is longer than {MAX_URL} characters.")
    location = Location.parse(url.strip())
    if "?" in location.target:
        raise ValueError("Leave out the part of the address after the question mark.")
    target = location.target.rstrip("/")
    if not target:
        raise ValueError("The address names a host but no repository on it.")
    return str(replace(location, target=target))


async def head(
    remote: Remote, *, settings: Settings, resolver: Resolver = system
) -> str:
    """Give the id of the commit that is now at the ref.

    Raises:
        FetchError: It cannot be found out.
    """
    async with _limited(settings):
        errand = await _errand(remote, settings, resolver)
        said = await _send(errand, None)
        return str(said["commit"])


async def fetch(
    remote: Remote,
    spool: Spool,
    *,
    settings: Settings,
    resolver: Resolver = system,
    on_progress: OnProgress | None = None,
) -> Fetched:
    """Fetch the files of one commit, without its history.

    Args:
        remote: What and from where.
        spool: Gets a TAR at its end; nobody else may append to it meanwhile.
        settings: Its limits, and what is private but allowed.
        resolver: Gives the addresses of a host.
        on_progress: Is told now and then.

    Raises:
        FetchError: It is not there, not allowed, too large, too slow or broken.
    """
    async with _limited(settings):
        errand = await _errand(remote, settings, resolver)
        # Without a name: nothing is left of it, however this ends.
        with await asyncio.to_thread(tempfile.TemporaryFile) as out:
            said = await _send(replace(errand, out=out.fileno()), on_progress)
            span = await asyncio.to_thread(_move, out, spool, int(said["size"]))
        return Fetched(str(said["commit"]), str(said["ref"]), span)


def _move(out: IO[bytes], spool: Spool, size: int) -> Span:
    out.seek(0)
    return spool.append_from(out, size)


@asynccontextmanager
async def _limited(settings: Settings) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(settings.fetch_seconds):
            yield
    except TimeoutError as error:
        raise FetchError(
            f"It took longer than the {settings.fetch_seconds} seconds that are given "
            f"to fetching.",
            Reason.too_slow,
        ) from error


async def _errand(remote: Remote, settings: Settings, resolver: Resolver) -> Errand:
    """Find out where the repository is and whether it may be read."""
    try:
        url = normalise(remote.url)
    except ValueError as error:
        raise FetchError(str(error), Reason.address) from error
    authorization = None if remote.token is None else _basic(remote.token)
    about = {"User-Agent": f"git/{AGENT}"}  # some hosts speak git to no others
    more = {"Git-Protocol": "version=2", "Accept": "*/*"}
    asked = Asked({**about, **more}, authorization)
    async with ask(
        url + INFO, settings=settings, resolver=resolver, asked=asked
    ) as answer:
        _check(answer, url, has_token=authorization is not None)
        pinned = _base(answer.pinned)
        keeps_credentials = answer.keeps_credentials
    headers = {**about, **tracing.headers()}
    if authorization is not None and keeps_credentials:
        headers["Authorization"] = authorization.get_secret_value()
    origin = pinned.origin
    return Errand(
        origin.scheme,
        origin.host,
        origin.port,
        pinned.location.target,
        pinned.address,
        ref=remote.ref or None,
        folder=remote.folder or None,
        headers=headers,
        seconds=settings.fetch_seconds,
        received_bytes=settings.fetch_bytes,
        files=settings.import_files,
        file_bytes=max(settings.file_bytes, settings.tree_bytes),
        unpacked_bytes=settings.unpacked_bytes,
    )


def _basic(token: SecretStr) -> SecretStr:
    value = token.get_secret_value()
    pair = value if ":" in value else f"{USER}:{value}"
    return SecretStr(f"Basic {base64.b64encode(pair.encode()).decode()}")


def _base(pinned: Pinned) -> Pinned:
    target = pinned.location.target
    if not target.endswith(INFO):
        raise FetchError(
            f"{pinned.origin} redirects to something other than a git repository.",
            Reason.not_git,
        )
    location = replace(pinned.location, target=target.removesuffix(INFO) + "/")
    return replace(pinned, location=location)


def _check(answer: Answer, url: str, *, has_token: bool) -> None:
    status = answer.status
    if status == HTTPStatus.OK:
        if media_type(answer.headers.get("content-type", "")) != ADVERTISEMENT:
            raise FetchError(
                f"There is no git repository at {url}, but something else.",
                Reason.not_git,
            )
    elif status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        if has_token:
            raise FetchError(
                f"{answer.pinned.origin} refuses the token: it is wrong, has ended, or "
                f"may not read this repository.",
                Reason.wrong_token,
            )
        raise FetchError(
            f"{url} cannot be read without a token, or there is no such repository.",
            Reason.needs_token,
        )
    elif status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        private = "" if has_token else ", or only for those with a token"
        raise FetchError(f"There is no repository {url}{private}.", Reason.not_found)
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in {408, 429}:
        raise FetchError(
            f"{answer.pinned.origin} is in trouble or busy: it answers {status}.",
            Reason.unreachable,
        )
    else:
        raise FetchError(
            f"{url} answers {status}, which no git repository does.", Reason.not_git
        )


async def _send(errand: Errand, on_progress: OnProgress | None) -> dict[str, Any]:
    """Let a child do it, and give its last word; it does not outlive this call."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "roster.fetching.child",
        env=_environment(),
        cwd="/",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=() if errand.out is None else (errand.out,),
    )
    try:
        said = await _listen(child, errand, on_progress)
        await child.wait()
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await asyncio.shield(child.wait())
    if "error" in said:
        raise as_failure(said)
    if "commit" not in said:
        log.warning("fetching.child_ended", status=child.returncode)
        raise FetchError(
            "It could not be unpacked within the memory and the time given to it.",
            Reason.too_large,
        )
    return said


async def _listen(
    child: asyncio.subprocess.Process, errand: Errand, on_progress: OnProgress | None
) -> dict[str, Any]:
    """Tell the child what to do, and give the last that it says."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("A child without pipes.")
    with suppress(ConnectionError):
        child.stdin.write(errand.line())
        await child.stdin.drain()
    said: dict[str, Any] = {}
    async for line in child.stdout:
        said = json.loads(line)
        if "received" in said and on_progress is not None:
            on_progress(Progress(said["received"], said["objects"]))
    return said


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    package = Path(roster.__file__).resolve().parent
    return {**kept, "PYTHONPATH": str(package.parent), "MALLOC_ARENA_MAX": "1"}
