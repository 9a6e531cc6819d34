"""Input that is meant to break something is refused with a declared problem."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from roster.core.errors import PROBLEM_JSON
from roster.core.model import Payload

ROOT = "http://roster.test"
JSON = {"Content-Type": "application/json"}
PERSON = {
    "username": "eve",
    "email": "eve@example.org",
    "password": "correct horse battery",
}


FILE_AS_NAME = (
    b"--x\r\nContent-Disposition: form-data; name=username; filename=a\r\n\r\n"
    b"a\r\n--x--\r\n"
)


class Deep(Payload):
    anything: Any


def refused(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize(
    "path",
    [
        "/teams%00",
        "/teams?cursor=%00",
        "/teams?limit=%00",
        "/teams?%00=1",
        "/%00",
        "/problems/%00",
    ],
)
async def test_nul_in_an_address(ada: httpx.AsyncClient, path: str) -> None:
    refused(await ada.get(path), 400, 404, 422)


@pytest.mark.parametrize("path", ["/users/me%ff", "/teams?cursor=%ff%fe", "/%c0%ae"])
async def test_bytes_that_are_no_text_in_an_address(
    ada: httpx.AsyncClient, path: str
) -> None:
    refused(await ada.get(path), 404, 422)


@pytest.mark.parametrize("field", ["username", "email", "password", "display_name"])
@pytest.mark.parametrize("bad", ["a\0b", "\0", "\ud800", "a\udfffb"])
async def test_nul_and_lone_surrogates_in_fields(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, field: str, bad: str
) -> None:
    body = json.dumps(PERSON | {field: bad})

    answer = await anonymous.post("/auth/register", content=body, headers=JSON)

    refused(answer, 422)
    assert [error["loc"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "\udfff" * 10, "x" * 5000])
async def test_odd_names_of_fields(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, name: str
) -> None:
    body = json.dumps(PERSON | {name: 1})

    refused(await anonymous.post("/auth/register", content=body, headers=JSON), 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\x00",
        b'{"username": "\xff"}',
        b"[" * 30_000,
        b'{"a":' * 10_000,
        b'{"username": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"1" * 5000,
        b'{"username": ' + b"9" * 5000 + b"}",
        b'{"username": 1e999}',
        b'{"username": NaN}',
        b'{"username": -Infinity}',
        b"null",
        b"[]",
        b'"text"',
        b"{}{}",
        b'{"username": "a", "username": "b"}',
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
    ],
)
async def test_bodies_that_are_no_account(
    anonymous: httpx.AsyncClient, body: bytes
) -> None:
    answer = await anonymous.post("/auth/register", content=body, headers=JSON)

    refused(answer, 400, 422)


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/xml", "multipart/form-data", "x", "application/"],
)
async def test_bodies_of_another_type(
    anonymous: httpx.AsyncClient, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    for path in ("/auth/register", "/auth/token"):
        answer = await anonymous.post(path, content=b"a=b", headers=headers)
        refused(answer, 400, 415, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\nnothing",
        b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n',
        b"--x--\r\n",
        FILE_AS_NAME,
    ],
)
async def test_broken_forms(anonymous: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    refused(
        await anonymous.post("/auth/token", content=body, headers=headers), 400, 422
    )


@pytest.mark.parametrize("value", ["%ff", "%00", "%ed%a0%80", "a" * 10_000])
async def test_odd_names_at_sign_in(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, value: str
) -> None:
    answer = await anonymous.post(
        "/auth/token",
        content=f"username={value}&password=x",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    refused(answer, 401, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"' * 8000},
        {"If-None-Match": "W/" * 4000},
        {"Accept": ",".join(["a/b"] * 2000)},
        {"Accept-Language": "\xff"},
        {"Range": "bytes=0-1"},
        {"Cookie": "roster_refresh=" + "x" * 4000},
        {"Cookie": '=;=;"; roster_refresh="'},
        {"X-Forwarded-For": "1" * 4000},
    ],
)
async def test_odd_headers_do_no_harm(
    ada: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}

    assert (await ada.get("/teams", headers=raw)).status_code == 200


async def test_odd_cookies_refresh_nothing(anonymous: httpx.AsyncClient) -> None:
    for cookie in ("x", "a.b.c", '"', "%00", "\xff"):
        raw = {b"Cookie": b"roster_refresh=" + cookie.encode("latin-1")}
        refused(await anonymous.post("/auth/refresh", headers=raw), 401)


async def test_an_answer_does_not_grow_with_what_is_wrong(
    ada: httpx.AsyncClient,
) -> None:
    many = {f"field-{number}": 1 for number in range(100_000)}
    answer = await ada.post("/lint", json=many)
    refused(answer, 422)
    assert [error["loc"] for error in answer.json()["errors"]] == ["body"]

    for body in (
        {f"field-{number}": 1 for number in range(90)},
        {"components": [1] * 900},
        {"x" * 100_000: 1},
    ):
        answer = await ada.post("/exports", json=body)
        refused(answer, 422)
        assert len(answer.content) < 32 * 1024


async def test_nul_deep_in_a_payload_is_found(
    app: FastAPI, anonymous: httpx.AsyncClient
) -> None:
    async def probe(data: Deep) -> None: ...

    app.add_api_route("/api/v1/probe", probe, methods=["POST"])
    for value in ({"a": ["b", {"c": "\0"}]}, {"a\0": 1}, ["\0"], "\0"):
        answer = await anonymous.post("/probe", json={"anything": value})
        refused(answer, 422)
    fine = {"a": ["b", 1, None, True]}
    answer = await anonymous.post("/probe", json={"anything": fine})
    assert answer.status_code == 200
