"""The same events over a WebSocket: how a client signs in, and why it is closed."""

import json
from dataclasses import replace
from http import HTTPStatus

import httpx
import pytest
from fastapi import FastAPI

from roster.live import socket as live
from roster.live.listeners import MOST_PER_USER
from roster.live.socket import Code
from tests.components.conftest import create
from tests.conftest import StartApp
from tests.live.conftest import Seal
from tests.live.test_stream import make_token
from tests.live.wire import ORIGIN, Socket


async def test_a_client_signs_in_and_is_told(
    app: FastAPI, ada: httpx.AsyncClient, seal: Seal
) -> None:
    await seal()
    async with Socket(app, Origin=ORIGIN) as socket:
        began = await socket.sign_in(ada)
        assert (began["type"], set(began)) == ("ready", {"type", "position"})
        made = await create(ada, "ada")
        await seal()
        told = await socket.read()
    assert told["type"] == "event"
    assert told["event"]["target"]["id"] == made["id"]

    async with Socket(app) as socket:
        assert (await socket.sign_in(ada, position="strange"))["type"] == "reset"
    async with Socket(app) as socket:
        again = await socket.sign_in(ada, position=began["position"])
        assert again["type"] == "ready"
        assert (await socket.read())["event"] == told["event"]


async def test_a_socket_is_closed_with_the_session(
    app: FastAPI, ada: httpx.AsyncClient
) -> None:
    async with Socket(app) as socket:
        await socket.sign_in(ada)
        await ada.post("/auth/logout")
        assert await socket.closed() == (Code.not_signed_in, "ended")
    async with Socket(app) as socket:
        await socket.accepted()
        token = ada.headers["authorization"].removeprefix("Bearer ")
        socket.write(json.dumps({"token": token}))
        assert await socket.closed() == (Code.not_signed_in, "invalid")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.not_allowed),
        ("token", Code.not_allowed),
        ('{"token": "x", "more": 1}', Code.not_allowed),
        ('{"token": "' + "x" * live.LONGEST_MESSAGE + '"}', Code.too_big),
        ('{"token": "x"}', Code.not_signed_in),
        ('{"token": "rst_x"}', Code.not_signed_in),
    ],
)
async def test_the_first_message_has_to_sign_in(
    app: FastAPI, text: str, code: Code
) -> None:
    async with Socket(app) as socket:
        await socket.accepted()
        socket.write(text)
        assert (await socket.closed())[0] is code


async def test_what_else_closes_a_socket(app: FastAPI, ada: httpx.AsyncClient) -> None:
    async with Socket(app) as socket:
        await socket.sign_in(ada)
        socket.write("more")
        assert (await socket.closed())[0] is Code.not_allowed

    _, writer = await make_token(ada, scopes=["write"])
    async with writer, Socket(app) as socket:
        await socket.accepted()
        token = writer.headers["authorization"].removeprefix("Bearer ")
        socket.write(json.dumps({"token": token}))
        assert (await socket.closed())[0] is Code.scope_missing

    open_sockets = [Socket(app) for _ in range(MOST_PER_USER)]
    for socket in open_sockets:
        await socket.__aenter__()
        await socket.sign_in(ada)
    async with Socket(app) as socket:
        await socket.accepted()
        token = ada.headers["authorization"].removeprefix("Bearer ")
        socket.write(json.dumps({"token": token}))
        assert (await socket.closed())[0] is Code.too_many
    app.state.hub.close()
    for socket in open_sockets:
        assert (await socket.closed())[0] is Code.going_away
        await socket.hang_up()


async def test_who_does_not_sign_in_is_not_waited_for(app: FastAPI) -> None:
    patient = app.state.hub.pace
    app.state.hub.pace = replace(patient, sign_in_seconds=0.01)
    async with Socket(app) as socket:
        await socket.accepted()
        assert (await socket.closed())[0] is Code.too_late

    app.state.hub.pace = patient
    waiting = [Socket(app) for _ in range(live.MOST_WAITING)]
    for socket in waiting:
        await socket.__aenter__()
        await socket.accepted()
    async with Socket(app) as socket:
        assert await socket.refused() == HTTPStatus.SERVICE_UNAVAILABLE
    for socket in waiting:
        await socket.hang_up()


async def test_pages_of_other_sites_open_none(
    app: FastAPI, start_app: StartApp, ada: httpx.AsyncClient
) -> None:
    for origin in ("https://evil.example", "null", "http://roster.test.evil.example"):
        async with Socket(app, Origin=origin) as socket:
            assert await socket.refused() == HTTPStatus.FORBIDDEN
    elsewhere = await start_app(cors_origins=["https://app.example"])
    async with Socket(elsewhere, Origin="https://app.example") as socket:
        assert (await socket.sign_in(ada))["type"] == "ready"
    # A name that the instance does not go by, as for any request.
    async with Socket(app, Host="evil.example") as socket:
        assert await socket.refused() == HTTPStatus.MISDIRECTED_REQUEST


async def test_handshakes_are_counted_as_requests(start_app: StartApp) -> None:
    app = await start_app(rate_limit_per_minute=1)
    async with Socket(app) as socket:
        await socket.accepted()
    async with Socket(app) as socket:
        assert await socket.refused() == HTTPStatus.TOO_MANY_REQUESTS


async def test_who_takes_nothing_is_dropped(
    app: FastAPI, ada: httpx.AsyncClient
) -> None:
    app.state.hub.pace = replace(
        app.state.hub.pace, beat_seconds=0.01, send_seconds=0.05
    )
    async with Socket(app) as socket:
        await socket.sign_in(ada)
        socket.taking.clear()
        await socket.ended()
