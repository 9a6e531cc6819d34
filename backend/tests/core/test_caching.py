import re

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response

from roster.core.caching import (
    ConditionalRoute,
    require_match,
    tags_in,
    version_tag,
)
from roster.core.errors import NotFound, PreconditionRequired, Stale
from tests.conftest import StartApp

DIGEST = "3f" * 32


@pytest.fixture
async def app(start_app: StartApp) -> FastAPI:
    app = await start_app()
    router = APIRouter(route_class=ConditionalRoute)

    @router.get("/plain")
    async def plain() -> dict[str, str]:
        return {"a": "b"}

    @router.get("/versioned")
    async def versioned(response: Response, seen_by: str = "") -> str:
        response.headers["ETag"] = version_tag(7)
        return seen_by

    @router.get("/pinned")
    async def pinned(response: Response) -> str:
        response.headers["Cache-Control"] = "public, max-age=60"
        return "x"

    @router.get("/missing")
    async def missing() -> None:
        raise NotFound("There is none.")

    @router.get("/empty", status_code=204)
    async def empty() -> None: ...

    @router.post("/plain")
    async def write() -> dict[str, str]:
        return {"a": "b"}

    app.include_router(router, prefix="/api/v1/probe")
    return app


async def test_an_etag_is_strong_and_follows_the_bytes(
    anonymous: httpx.AsyncClient,
) -> None:
    first = await anonymous.get("/probe/versioned", params={"seen_by": "ada"})
    again = await anonymous.get("/probe/versioned", params={"seen_by": "ada"})
    other = await anonymous.get("/probe/versioned", params={"seen_by": "bob"})

    assert re.fullmatch(r'"v7-[0-9a-f]{24}"', first.headers["etag"])
    assert again.headers["etag"] == first.headers["etag"]
    assert other.headers["etag"] != first.headers["etag"]
    plain = await anonymous.get("/probe/plain")
    assert re.fullmatch(r'"[0-9a-f]{24}"', plain.headers["etag"])


async def test_what_depends_on_who_asks_is_asked_for_again(
    anonymous: httpx.AsyncClient,
) -> None:
    plain = (await anonymous.get("/probe/plain")).headers
    pinned = (await anonymous.get("/probe/pinned")).headers

    assert plain["cache-control"] == "private, no-cache"
    assert pinned["cache-control"] == "public, max-age=60"
    for headers in (plain, pinned):
        assert headers["vary"] == "Authorization, Accept, Accept-Encoding"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"old", {}', '"old" ,W/{},"x"', "*"])
async def test_not_modified(anonymous: httpx.AsyncClient, form: str) -> None:
    whole = await anonymous.get("/probe/pinned")
    headers = {"If-None-Match": form.format(whole.headers["etag"])}

    answer = await anonymous.get("/probe/pinned", headers=headers)

    assert (answer.status_code, answer.content) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert answer.headers[name] == whole.headers[name]


@pytest.mark.parametrize("given", ['"other"', "", "nonsense", '"v7"'])
async def test_modified(anonymous: httpx.AsyncClient, given: str) -> None:
    headers = {"If-None-Match": given}

    answer = await anonymous.get("/probe/versioned", headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/probe/plain"), ("GET", "/probe/missing"), ("GET", "/probe/empty")],
)
async def test_other_answers_have_none(
    anonymous: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await anonymous.request(method, path, headers={"If-None-Match": "*"})

    assert "etag" not in answer.headers
    assert answer.status_code != 304


@pytest.mark.parametrize(
    "if_match",
    ['"v7"', '"v7-aaaa"', '"v6", "v7-bb"', "*", f'"{DIGEST}"', 'W/"v7-x"'],
)
def test_the_present_state_matches(if_match: str) -> None:
    require_match(if_match, 7, DIGEST)


@pytest.mark.parametrize(
    "if_match",
    ['"v6"', '"v70"', '"v70-a"', '"v7x"', "v7", "", '""', '"-v7"', f'"{"0" * 64}"'],
)
def test_another_state_is_stale(if_match: str) -> None:
    with pytest.raises(Stale) as refusal:
        require_match(if_match, 7, DIGEST)

    assert refusal.value.headers["ETag"] == '"v7"'


def test_a_change_without_a_state_is_refused() -> None:
    with pytest.raises(PreconditionRequired):
        require_match(None, 7)


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('"a"', ["a"]),
        ('W/"a", "b"', ["a", "b"]),
        ('"a,b"', ["a,b"]),
        (" * ", ["*"]),
        ("", []),
        ("a", []),
    ],
)
def test_tags_in(header: str, tags: list[str]) -> None:
    assert tags_in(header) == tags
