"""No page of another site can make a browser act for who is signed in.

The cookie goes to the sign-in routes alone, where the origin is checked (see
tests/auth/test_browser.py); everywhere else a header is needed that no page of
another site can add.
"""

import re
from pathlib import Path

import httpx
from fastapi import FastAPI

from tests.conftest import PASSWORD, Connect, StartApp

AUTH = "/api/v1/auth"
FORM = {"username": "ada", "password": PASSWORD, "client": "browser"}
WRITES = {"post", "put", "patch", "delete"}
FRONTEND = Path(__file__).resolve().parents[3] / "frontend"


def test_only_the_sign_in_routes_read_a_cookie(app: FastAPI) -> None:
    readers = {
        path
        for path, item in app.openapi()["paths"].items()
        for operation in item.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "cookie"
    }

    assert readers
    assert all(path.startswith(f"{AUTH}/") for path in readers)


async def test_only_the_sign_in_routes_set_one(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> None:
    client = connect(await start_app())
    answer = await client.post("https://roster.test/api/v1/auth/token", data=FORM)

    (cookie,) = answer.headers.get_list("set-cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "secure", f"path={AUTH}"} <= attributes
    assert not [part for part in attributes if part.startswith("domain")]
    for path in ("/instance", "/users/me", "/agents", "http://roster.test/problems"):
        assert "set-cookie" not in (await ada.get(path)).headers


async def test_a_cookie_alone_changes_nothing(
    app: FastAPI, ada: httpx.AsyncClient, connect: Connect
) -> None:
    browser = connect(app)
    signed_in = await browser.post("/auth/token", data=FORM)
    cookie = signed_in.headers["set-cookie"].partition(";")[0]

    refused = 0
    for path, item in app.openapi()["paths"].items():
        for method in WRITES & set(item):
            if {} in item[method].get("security", [{}]):
                continue  # for those who are not signed in
            answer = await browser.request(
                method, f"http://roster.test{path}", headers={"Cookie": cookie}
            )
            assert answer.status_code in {401, 422}, f"{method} {path}"
            refused += 1
    assert refused > 10


def test_the_app_brings_no_inline_script() -> None:
    page = (FRONTEND / "index.html").read_text()

    for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.DOTALL):
        assert "src=" in script[0]
        assert not script[1].strip()
    assert not re.search(r"\son[a-z]+\s*=", page)
    assert "javascript:" not in page
