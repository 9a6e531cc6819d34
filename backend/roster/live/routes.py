from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Query, Request, Response, WebSocket
from fastapi.sse import format_sse_event

from roster.auth.deps import ActorDep, BearerDep
from roster.auth.origin import require_own_page
from roster.core.errors import NotSignedIn, TooManyRequests, problems
from roster.live.schemas import EXAMPLE, LONGEST_POSITION
from roster.live.socket import talk
from roster.live.stream import EventStream

router = APIRouter(tags=["live"])

AS_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "What happened, one LiveEvent in the data of each message; `ready` says "
            "that it begins, `reset` that too much was missed to be told."
        ),
        "content": {
            EventStream.media_type: {
                "schema": {"type": "string"},
                "example": format_sse_event(
                    data_str=orjson.dumps(EXAMPLE).decode(), id="2mKf…"
                ).decode(),
            }
        },
    },
}
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        max_length=LONGEST_POSITION,
        description="The id of the last message that you got, to miss nothing.",
    ),
]


@router.get(
    "/events",
    summary="Listen to what happens",
    response_class=Response,
    responses={**AS_STREAM, **problems(NotSignedIn, TooManyRequests)},
)
async def listen(
    request: Request,
    _actor: ActorDep,
    token: BearerDep,
    last_event_id: LastEventId = None,
    follow: Annotated[
        bool,
        Query(description="Whether to go on; else it ends with what has happened."),
    ] = True,
) -> Response:
    """Send an event for each change to what you may see, as it happens.

    A client that comes back with `Last-Event-ID` is told what it missed, if it was
    away for less than an hour. The stream ends when the token does.
    """
    assert token is not None  # noqa: S101 - else there is no actor
    hub = request.app.state.hub
    return EventStream(hub, token, last_event_id, follow=follow)


@router.websocket("/ws")
async def listen_over_socket(socket: WebSocket) -> None:
    state = socket.app.state
    require_own_page(socket, state.settings)
    await talk(socket, state.hub, state.database, state.waiting)
