"""The browser's session: its cookie, and from where it may be used."""

from datetime import timedelta

import httpx
import pytest

from roster.auth.sessions import GRACE
from tests.auth.conftest import TimePasses
from tests.conftest import PASSWORD, Connect, StartApp

OWN = "http://roster.test"
APART = "http://app.roster.test"
FORM = {"username": "ada", "password": PASSWORD, "client": "browser"}


@pytest.fixture
async def browser(
    ada: httpx.AsyncClient, start_app: StartApp, connect: Connect
) -> httpx.AsyncClient:
    """A browser that Ada is signed in with; the app may also be hosted apart."""
    client = connect(await start_app(cors_origins=[APART]))
    answer = await client.post("/auth/token", data=FORM)
    assert answer.status_code == 200
    return client


async def test_the_cookie_refreshes_and_is_replaced(
    browser: httpx.AsyncClient, time_passes: TimePasses
) -> None:
    seen = {browser.cookies["roster_refresh"]}
    for _ in range(3):
        answer = await browser.post("/auth/refresh")
        assert answer.status_code == 200
        assert answer.json()["refresh_token"] is None
        seen.add(browser.cookies["roster_refresh"])
        await time_passes(GRACE + timedelta(seconds=1))

    assert len(seen) == 4


async def test_the_cookie_goes_to_the_sign_in_routes_alone(
    browser: httpx.AsyncClient,
) -> None:
    assert "cookie" in (await browser.post("/auth/refresh")).request.headers
    assert "cookie" not in (await browser.get("/instance")).request.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": OWN},
        # Behind a proxy that ends TLS, our own scheme is not what the browser sees.
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://roster.test"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": OWN},
        {"Origin": APART},
        {"Sec-Fetch-Site": "same-site", "Origin": APART},
    ],
)
async def test_own_pages_may_use_it(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await browser.post("/auth/refresh", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OWN},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.roster.test"},
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://roster.test.evil.test"},
        {"Origin": "http://roster.test:8080"},
    ],
)
@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/logout", "/auth/token"])
async def test_other_sites_may_not(
    browser: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    form = FORM if path == "/auth/token" else None

    answer = await browser.post(path, data=form, headers=headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await browser.post("/auth/refresh")).status_code == 200


async def test_a_token_in_the_body_may_come_from_anywhere(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    token = await anonymous.post("/auth/token", data=FORM | {"client": "api"})

    answer = await anonymous.post(
        "/auth/refresh",
        json={"refresh_token": token.json()["refresh_token"]},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "http://tool.test"},
    )

    assert answer.status_code == 200


async def test_another_site_cannot_sign_a_browser_in(
    browser: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    """With a refresh token of its own, so that what is written lands with it."""
    own = {"refresh_token": browser.cookies["roster_refresh"]}
    there = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.test"}

    answer = await anonymous.post("/auth/refresh", json=own, headers=there)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await anonymous.post("/auth/refresh", json=own)).status_code == 200


async def test_signing_out_clears_the_cookie_and_ends_the_session(
    browser: httpx.AsyncClient,
) -> None:
    access = (await browser.post("/auth/refresh")).json()["access_token"]
    cookie = browser.cookies["roster_refresh"]

    answer = await browser.post("/auth/logout")

    assert answer.status_code == 204
    assert answer.content == b""
    assert "roster_refresh" not in browser.cookies
    headers = {"Authorization": f"Bearer {access}"}
    assert (await browser.get("/users/me", headers=headers)).status_code == 401
    again = await browser.post(
        "/auth/refresh", headers={"Cookie": f"roster_refresh={cookie}"}
    )
    assert again.status_code == 401


async def test_signing_out_twice_is_no_fault(browser: httpx.AsyncClient) -> None:
    cookie = {"Cookie": f"roster_refresh={browser.cookies['roster_refresh']}"}

    for headers in (cookie, cookie, {}):
        answer = await browser.post("/auth/logout", headers=headers)
        assert answer.status_code == 204


async def test_other_clients_sign_out_by_either_token(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    for by in ("refresh_token", "access_token"):
        form = FORM | {"client": "api"}
        token = (await anonymous.post("/auth/token", data=form)).json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        if by == "refresh_token":
            body = {"refresh_token": token["refresh_token"]}
            answer = await anonymous.post("/auth/logout", json=body)
        else:
            answer = await anonymous.post("/auth/logout", headers=headers)

        assert answer.status_code == 204
        assert (await anonymous.get("/users/me", headers=headers)).status_code == 401


@pytest.mark.parametrize("given", ["x", "", "a.b.c"])
async def test_signing_out_with_anything_is_fine(
    anonymous: httpx.AsyncClient, given: str
) -> None:
    answer = await anonymous.post("/auth/logout", json={"refresh_token": given})

    assert answer.status_code == 204


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer x",
        "Token x",
        "bearer a.b.c",
    ],
)
async def test_without_a_valid_token_nobody_gets_in(
    anonymous: httpx.AsyncClient, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = await anonymous.get("/users/me", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "/problems/not-signed-in"
