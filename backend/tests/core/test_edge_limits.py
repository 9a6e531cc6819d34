"""What the edge refuses, gives up, and does at once."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roster.auth.known import Callers
from roster.auth.tokens import Tokens
from roster.core.admission import Rules
from roster.core.answers import Answers
from roster.core.at_once import AtOnce
from roster.core.edge import Edge
from roster.core.exchange import PACE_BYTES
from roster.core.handlers import uncaught
from tests.conftest import Connect, StartApp

RULES = Rules(
    body_limit=1000,
    body_limits={},
    quiet=frozenset(),
    host_allowed=lambda _: False,
    timeout_seconds=0.5,
)
REQUEST = {
    "type": "http",
    "method": "POST",
    "scheme": "http",
    "path": "/probe",
    "raw_path": b"/probe",
    "query_string": b"",
    "headers": [],
    "server": ("roster.test", 80),
}


def edge_of(app: ASGIApp, rules: Rules = RULES) -> Edge:
    """An edge that keeps no answers."""
    readers = Callers(Tokens({"k": "a secret of tests, long enough"}), None)
    at_once = AtOnce(rules, Answers(0), readers)
    return Edge(app, at_once=at_once, on_error=uncaught)


async def test_too_long_an_address_is_refused(anonymous: httpx.AsyncClient) -> None:
    for path in (f"/agents/{'a' * 17_000}", f"/agents?q={'a' * 17_000}"):
        answer = await anonymous.get(path)
        assert answer.status_code == 414
        assert answer.json()["type"] == "/problems/uri-too-long"
    assert (await anonymous.get(f"/agents/{'a' * 15_000}")).status_code == 401


async def test_too_many_headers_are_refused(anonymous: httpx.AsyncClient) -> None:
    for headers in ({"X-Big": "x" * 33_000}, {f"X-{n}": "x" * 500 for n in range(80)}):
        answer = await anonymous.get("/instance", headers=headers)
        assert answer.status_code == 431
        assert answer.json()["type"] == "/problems/headers-too-large"
    headers = {"X-Big": "x" * 30_000}
    assert (await anonymous.get("/instance", headers=headers)).status_code == 200


async def test_only_https_asks_to_stay_with_https(
    app: FastAPI, anonymous: httpx.AsyncClient
) -> None:
    plain = await anonymous.get("/instance")
    secure = await anonymous.get("https://roster.test/api/v1/instance")

    assert "strict-transport-security" not in plain.headers
    assert secure.headers["strict-transport-security"] == "max-age=31536000"


async def test_names_are_those_of_the_settings(
    start_app: StartApp, connect: Connect
) -> None:
    client = connect(await start_app(allowed_hosts=["roster.example.org"]))

    statuses = {}
    for host in ("roster.example.org", "localhost", "roster.test", "192.0.2.1"):
        answer = await client.get("/instance", headers={"Host": host})
        statuses[host] = answer.status_code
        probe = "http://roster.test/health/live"
        assert (await client.get(probe, headers={"Host": host})).status_code == 200

    assert statuses == {
        "roster.example.org": 200,
        "localhost": 200,
        "roster.test": 421,
        "192.0.2.1": 421,
    }
    assert answer.json()["type"] == "/problems/misdirected"
    assert "ROSTER_ALLOWED_HOSTS" in answer.json()["detail"]


async def test_a_request_without_a_name_is_taken() -> None:
    """HTTP/1.0 has none."""
    messages = await exchange(edge_of(answer_at_once), [])

    assert messages[0]["status"] == 204


@dataclass
class Clock:
    """The event loop's, which goes on when it is told to, however busy a machine is."""

    now: float

    async def passes(self, seconds: float) -> None:
        self.now += seconds
        # In the first turn what is due is found, in the second it is felt.
        for _ in range(2):
            await asyncio.sleep(0)


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    loop = asyncio.get_running_loop()
    made = Clock(loop.time())
    monkeypatch.setattr(loop, "time", lambda: made.now)
    return made


async def exchange(
    edge: Edge,
    parts: list[bytes],
    pause: float = 0,
    address: str | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> list[Message]:
    """Send a body part by part, with a pause before each, and collect the answer."""
    sent: list[Message] = []
    waiting = list(parts)

    async def receive() -> Message:
        await sleep(pause)
        if not waiting:
            return {"type": "http.disconnect"}
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    client = None if address is None else (address, 5000)
    await edge({**REQUEST, "client": client}, receive, send)
    return sent


async def answer_at_once(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def never_answer(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.Event().wait()


async def read_all_then_answer(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await answer_at_once(scope, receive, send)


async def answer_slowly(_scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await receive()
    await send({"type": "http.response.body", "body": b"late", "more_body": False})


async def give_up_by_itself(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise TimeoutError


async def fail_halfway(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError


async def test_what_is_not_answered_in_time_is_given_up() -> None:
    edge = edge_of(never_answer)

    start, body = await exchange(edge, [])

    assert start["status"] == 503
    headers = dict(start["headers"])
    assert headers[b"retry-after"] == b"10"
    assert headers[b"x-content-type-options"] == b"nosniff"
    problem = json.loads(body["body"])
    assert problem["type"] == "/problems/unavailable"
    assert "longer than 0.5 seconds" in problem["detail"]


async def test_an_upload_may_take_longer_than_that_while_it_moves(
    clock: Clock,
) -> None:
    edge = edge_of(read_all_then_answer, replace(RULES, body_limit=8 * PACE_BYTES))
    parts = [b"x" * PACE_BYTES] * 5

    messages = await exchange(edge, parts, pause=0.15, sleep=clock.passes)

    assert messages[0]["status"] == 204


async def test_a_few_bytes_now_and_then_are_not_waited_for(clock: Clock) -> None:
    """Some hundred of such requests would keep everybody else out."""
    edge = edge_of(read_all_then_answer)

    messages = await exchange(edge, [b"x"] * 20, pause=0.15, sleep=clock.passes)

    assert messages[0]["status"] == 503
    assert edge.work.requests == 0


async def test_an_answer_gets_its_time_from_the_end_of_the_request_on(
    clock: Clock,
) -> None:
    async def read_all_then_think(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await clock.passes(0.3)
        await answer_at_once(scope, receive, send)

    edge = edge_of(read_all_then_think)
    messages = await exchange(edge, [b"x"], pause=0.35, sleep=clock.passes)

    assert messages[0]["status"] == 204


async def test_a_stream_may_take_longer_than_that() -> None:
    edge = edge_of(answer_slowly)

    messages = await exchange(edge, [b"x"], pause=0.7)

    assert [message.get("status") for message in messages] == [200, None]


async def test_too_much_at_once_is_told_to_come_back() -> None:
    edge = edge_of(never_answer, replace(RULES, most_at_once=2))
    at_work = [asyncio.create_task(exchange(edge, [])) for _ in range(2)]
    await asyncio.sleep(0)
    assert edge.work.requests == 2

    start, body = await exchange(edge, [])

    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"] == b"1"
    assert json.loads(body["body"])["type"] == "/problems/unavailable"
    assert [messages[0]["status"] for messages in await asyncio.gather(*at_work)] == [
        503,
        503,
    ]
    assert edge.work.requests == 0


async def test_no_address_can_take_all_that_is_worked_at() -> None:
    edge = edge_of(never_answer, replace(RULES, most_at_once=8))
    greedy, other, own = "192.0.2.7", "192.0.2.8", "127.0.0.1"
    asked = [greedy] * 3 + [other] * 2 + [own] * 4 + [other]

    answers = await asyncio.gather(
        *(exchange(edge, [], address=address) for address in asked)
    )

    given_up = "longer than 0.5 seconds"
    assert [
        (messages[0]["status"], given_up in messages[1]["body"].decode())
        for messages in answers
    ] == [
        *[(503, True)] * 2,
        (429, False),  # a quarter is theirs
        *[(503, True)] * 2,
        *[(503, True)] * 4,
        (503, False),
    ]
    assert dict(answers[2][0]["headers"])[b"retry-after"] == b"1"
    assert edge.work.requests == 0
    assert (await exchange(edge, [], address=greedy))[0]["status"] == 503


async def test_streams_are_not_counted_once_they_have_begun() -> None:
    edge = edge_of(answer_slowly, replace(RULES, most_at_once=1))

    both = [exchange(edge, [b"x"], pause=0.1 * delay) for delay in (3, 1)]
    first, second = (asyncio.create_task(one) for one in both)

    assert [messages[0]["status"] for messages in (await first, await second)] == [
        200,
        200,
    ]


async def test_other_timeouts_are_not_taken_for_that() -> None:
    """What a driver raises, for one: the database may be away."""
    edge = edge_of(give_up_by_itself)

    start, body = await exchange(edge, [])

    assert start["status"] == 503
    assert "given up" not in json.loads(body["body"])["detail"]


async def test_a_fault_after_the_start_of_an_answer_is_left_to_the_server() -> None:
    edge = edge_of(fail_halfway)

    with pytest.raises(RuntimeError):
        await exchange(edge, [])


async def test_what_is_no_request_passes() -> None:
    seen = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing() -> Message:
        return {"type": "lifespan.startup"}

    async def ignore(_message: Message) -> None:
        return

    edge = edge_of(inner)
    await edge({"type": "lifespan"}, nothing, ignore)

    assert seen == ["lifespan"]
