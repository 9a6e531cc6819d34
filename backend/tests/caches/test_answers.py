"""What is kept of answers, and how it is given again."""

import asyncio
from datetime import timedelta
from random import Random

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlmodel import update
from starlette.requests import Request
from starlette.responses import Response

from roster.auth.models import ApiToken
from roster.core import metrics
from roster.core.answers import LARGEST_PART, Answers, keep
from roster.core.caching import conditional
from roster.core.db import Database
from roster.core.following import Following
from roster.core.model import utc_now
from roster.core.topics import EVERYTHING
from tests.caches.world import ask, outcomes
from tests.components.conftest import agent_file, counted, create
from tests.conftest import Connect, StartApp

pytestmark = pytest.mark.usefixtures("_punctual")

UNLIKE = {"x-request-id", "date"}


@pytest.fixture
async def path(ada: httpx.AsyncClient) -> str:
    """A component that Ada has asked for before."""
    made = await create(ada, "ada")
    found = f"/agents/{made['id']}"
    for _ in range(2):
        await ask(ada, "GET", found)
    return found


def alike(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {k: v for k, v in answer.headers.items() if k not in UNLIKE}
    return answer.status_code, headers, answer.content


async def test_it_is_the_same_whether_it_was_kept_or_not(
    ada: httpx.AsyncClient,
    path: str,
    app: FastAPI,
    start_app: StartApp,
    connect: Connect,
) -> None:
    truth = connect(await start_app(cache_bytes=0))
    own = {"Authorization": ada.headers["Authorization"]}
    etag = (await ada.get(path)).headers["etag"]
    for method, more in (
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"If-None-Match": etag}),
        ("GET", {"If-None-Match": f'"x", W/{etag}'}),
        ("GET", {"If-None-Match": "*"}),
        ("HEAD", {"If-None-Match": etag}),
        ("GET", {"If-None-Match": '"x"'}),
        ("GET", {"If-None-Match": "nonsense"}),
    ):
        expected = await truth.request(method, path, headers=own | more)
        hits = outcomes(app)["hit"]
        found = await ada.request(method, path, headers=more)
        assert alike(found) == alike(expected), (method, more)
        assert found.headers["x-request-id"] != expected.headers["x-request-id"]
        assert outcomes(app)["hit"] == hits + 1


async def test_no_statement_is_run_for_it(
    ada: httpx.AsyncClient, path: str, app: FastAPI, database: Database
) -> None:
    await app.state.following.look()
    with counted(database) as seen:
        answer = await ada.get(path, headers={"X-Request-ID": "mine"})
    assert (answer.status_code, seen) == (200, [])
    assert answer.headers["x-request-id"] == "mine"


async def test_what_is_asked_for_differently_is_another_answer(
    ada: httpx.AsyncClient, path: str
) -> None:
    as_file = await ada.get(path, headers={"Accept": "text/markdown"})
    assert as_file.headers["content-type"].startswith("text/markdown")
    as_json = await ada.get(path)
    assert as_json.headers["content-type"] == "application/json"
    one = await ada.get("/agents", params={"limit": 1})
    two = await ada.get("/agents", params={"limit": 1, "count": "true"})
    assert one.json()["total"] is None
    assert two.json()["total"] == 1


async def test_a_name_that_is_not_ours_is_refused_all_the_same(
    ada: httpx.AsyncClient, path: str
) -> None:
    answer = await ada.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 421


async def test_nothing_is_kept_where_that_is_switched_off(
    ada: httpx.AsyncClient, path: str, start_app: StartApp, connect: Connect
) -> None:
    app = await start_app(cache_bytes=0)
    client = connect(app)
    client.headers["Authorization"] = ada.headers["Authorization"]
    for _ in range(3):
        assert (await client.get(path)).status_code == 200
    assert set(outcomes(app).values()) == {0}


async def test_what_is_kept_has_its_limit(
    app: FastAPI, database: Database, database_url: str
) -> None:
    most = 64 * 1024
    answers = Answers(most)
    following = Following(database_url, database.changes)
    await following.look()
    answers.follow(following)
    app.state.answers = answers

    def store(number: int, body: bytes) -> None:
        asked = (f"/{number}", b"", b"")
        state = {"mark": answers.mark, "is_anonymous": True, "asked": asked}
        scope = {"type": "http", "app": app, "headers": [], "state": state}
        request = Request(scope)
        keep(request, "components")
        conditional(request, Response(body))

    for number in range(100):
        store(number, b"x" * 1000)
    assert 0 < answers._kept.currsize <= most
    assert answers.find(("/99", b"", b""), None) is not None
    assert answers.find(("/0", b"", b""), None) is None
    store(100, b"x" * (most // LARGEST_PART + 1))
    assert answers.find(("/100", b"", b""), None) is None
    await following.stop()


async def test_the_use_of_a_token_is_noted_though_its_answers_are_kept(
    ada: httpx.AsyncClient,
    path: str,
    app: FastAPI,
    database: Database,
    connect: Connect,
) -> None:
    made = await ask(
        ada, "POST", "/auth/tokens", json={"name": "Ci", "scopes": ["read"]}
    )
    client = connect(app)
    client.headers["Authorization"] = f"Bearer {made['token']}"
    for _ in range(3):
        assert (await client.get(path)).status_code == 200
    assert outcomes(app)["hit"] > 0
    [first] = (await ask(ada, "GET", "/auth/tokens"))["items"]
    async with database.write() as session:
        earlier = utc_now() - timedelta(hours=2)
        await session.exec(update(ApiToken).values(last_used_at=earlier))
    # What others write there this process learns of when it asks who it is again.
    database.changes.learn([EVERYTHING])
    for _ in range(2):
        assert (await client.get(path)).status_code == 200
    [again] = (await ask(ada, "GET", "/auth/tokens"))["items"]
    assert again["last_used_at"] > first["last_used_at"]


async def test_a_session_that_ends_by_itself_is_let_in_no_more(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    sent = ada.headers["Authorization"].encode()
    callers = app.state.callers
    await app.state.following.look()
    known = callers.find(sent)
    assert known is not None
    known.expires = 0.0
    assert callers.find(sent) is None
    assert (await ada.get(path)).status_code == 200
    callers.find(sent).until = 0.0
    assert callers.find(sent) is None


async def test_who_browses_is_mostly_answered_by_what_is_kept(
    ada: httpx.AsyncClient, app: FastAPI
) -> None:
    ids = [(await create(ada, "ada", f"agent-{n}"))["id"] for n in range(5)]
    paths = ["/agents", "/agents/facets", *(f"/agents/{id_}" for id_ in ids)]
    dice = Random(1)  # noqa: S311 - the same in each run
    before = figures()
    for _ in range(150):
        assert (await ada.get(dice.choice(paths))).status_code == 200

    app.state.answers.tell_metrics()

    hit, missed = (after - at for after, at in zip(figures(), before, strict=True))
    assert hit / (hit + missed) > 0.9


def figures() -> tuple[float, float]:
    """Hits, and what was not found or not true any more."""
    registry: CollectorRegistry = metrics.REGISTRY

    def value(outcome: str) -> float:
        labels = {"cache": "answers", "outcome": outcome}
        return registry.get_sample_value("roster_cache_total", labels) or 0.0

    return value("hit"), value("miss") + value("stale") + value("bypass")


async def test_what_many_ask_for_at_once_is_made_once(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    made = await create(ada, "ada", "first", visibility="internal")
    for client in (ada, bob):  # who they are is known from now on
        assert (await client.get("/agents/facets")).status_code == 200
    await app.state.following.look()
    body = {"licence": "MIT"}
    path = f"/components/{made['id']}"
    changed = await ada.patch(path, json=body, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text

    def questions(seen: list[str]) -> int:
        return sum("but_None" in one for one in seen)

    for clients, most in (([ada] * 8, 1), ([ada, bob] * 4, 2)):
        app.state.answers._kept.clear()
        with counted(database) as seen:
            asked = (client.get("/agents/facets") for client in clients)
            answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers[::2]}) == 1
        licences = answers[0].json()["licence"]
        assert licences == [{"value": "MIT", "count": 1}]
        assert questions(seen) == most
    etag = answers[0].headers["etag"]
    app.state.answers._kept.clear()
    own = {"If-None-Match": etag}
    asked = (ada.get("/agents/facets", headers=more) for more in (own, {}, own))
    statuses = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert statuses == [304, 200, 304]


async def test_a_revision_leaves_what_is_kept_of_others(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    other = await create(ada, "ada", "other")
    before = outcomes(app)
    for number in range(3):
        content = agent_file("other", body=f"Number {number}.\n")
        body = {"content": content}
        await ask(ada, "POST", f"/components/{other['id']}/revisions", json=body)
        assert (await ada.get(path)).status_code == 200
    after = outcomes(app)
    assert (after["hit"] - before["hit"], after["stale"]) == (3, before["stale"])


async def test_a_draft_that_is_published_is_shown_no_more(
    ada: httpx.AsyncClient, path: str, app: FastAPI
) -> None:
    id_ = path.rpartition("/")[2]
    draft = f"/components/{id_}/draft"
    shown = (await ada.get(path)).json()
    content = agent_file(shown["name"], body="Begun.\n")
    based = {"content": content, "base_digest": shown["latest"]["digest"]}
    made = await ada.put(draft, json=based, headers={"If-None-Match": "*"})
    assert made.is_success, made.text
    for expected in (True, False):
        assert (await ada.get(path)).json()["draft"] is expected
        listed = (await ada.get("/agents")).json()["items"]
        assert [item["draft"] for item in listed] == [expected]
        if expected:
            await ask(ada, "POST", f"{draft}/publish", json={"message": "Done."})
