"""Answer git clients: names first, then objects."""

from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from roster.core.actor import Caller
from roster.core.errors import (
    Forbidden,
    Gone,
    Problem,
    TooLarge,
    UnsupportedMediaType,
)
from roster.git import asking, negotiating, packing, telling
from roster.git.history import History
from roster.git.laying import Bench
from roster.git.lines import FLUSH, in_band, line
from roster.git.negotiating import Answer
from roster.git.packing import Pack
from roster.git.signing_in import is_git
from roster.settings import Settings
from roster.usage.clients import client_of

UPLOAD_PACK, RECEIVE_PACK = "git-upload-pack", "git-receive-pack"
ADVERTISEMENT = f"application/x-{UPLOAD_PACK}-advertisement"
ASKED = f"application/x-{UPLOAD_PACK}-request"
ANSWERED = f"application/x-{UPLOAD_PACK}-result"
NO_CACHE = {"Cache-Control": "no-cache, max-age=0, must-revalidate"}
SMALL = 16 * 1024
"""So little is read at once; more of it in a thread."""
READS_ALONE = "Git knows no keys, and nothing is changed."
READ_ONLY = (
    "This repository can only be read. Publish revisions and make a release in "
    "Roster; then fetch it."
)
HistoryOf = Callable[[], Awaitable[History]]


def require_fetch(service: str | None) -> None:
    """Let only those go on who fetch, whoever they are and whatever it is.

    Raises:
        Forbidden: They want to push, or to read files one by one.
    """
    if service == RECEIVE_PACK:
        raise Forbidden(READ_ONLY)
    if service != UPLOAD_PACK:
        raise Forbidden("Use git 1.6.6 or newer, which knows the smart HTTP protocol.")


def advertise(history: History) -> Response:
    return Response(history.advertisement, media_type=ADVERTISEMENT, headers=NO_CACHE)


async def asked_of(request: Request, bench: Bench) -> asking.Asked:
    """Read what a client wants.

    Raises:
        UnsupportedMediaType: It is no request of a git client.
        Malformed: It cannot be read.
        TooLarge: There is too much of it.
    """
    if request.headers.get("Content-Type", "") != ASKED:
        raise UnsupportedMediaType(f"Send it as {ASKED}.")
    data = await request.body()
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if len(data) <= SMALL and not coding:
        return asking.read(data)
    return await bench.shelf.in_thread(
        lambda: asking.read(asking.unpacked(data, coding))
    )


async def upload(
    request: Request,
    bench: Bench,
    settings: Settings,
    caller: Caller,
    history_of: HistoryOf,
) -> Response:
    """Give a client the objects that it lacks."""
    asked = await asked_of(request, bench)
    try:
        history = await history_of()
        answer = negotiating.answer(history, asked)
        if answer.commits is None:
            return Response(answer.said, media_type=ANSWERED, headers=NO_CACHE)
        pack = await packing.pack(
            bench, answer.commits, answer.known, most=settings.unpacked_bytes
        )
    except (TooLarge, Gone) as problem:
        return _refused(request, problem)
    try:
        if answer.commits:
            client = client_of(request.headers.get("User-Agent"))
            async with bench.shelf.turns:
                await telling.tell(
                    bench, answer.commits, answer.known, by=caller, client=client
                )
    except BaseException:
        pack.close()
        raise
    return PackResponse(answer, pack)


def _refused(request: Request, problem: Problem) -> Response:
    """Say no in the protocol: git shows no other answer to a request for objects.

    Raises:
        Problem: To anything but git.
    """
    if not is_git(request):
        raise problem
    said = line(f"ERR {problem.detail}")
    return Response(said, media_type=ANSWERED, headers=NO_CACHE)


class PackResponse(StreamingResponse):
    """Streams a pack, and lets go of it whatever happens."""

    def __init__(self, answer: Answer, pack: Pack) -> None:
        super().__init__(_body(answer, pack), media_type=ANSWERED, headers=NO_CACHE)
        self._pack = pack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._pack.close()


async def _body(answer: Answer, pack: Pack) -> AsyncIterator[bytes]:
    yield answer.said
    async for piece in pack.pieces():
        yield b"".join(in_band(piece, answer.band))
    if answer.band:
        yield FLUSH
