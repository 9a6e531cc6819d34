import gzip
import re
from pathlib import Path

import httpx
import pytest

from roster.ops.spa import Spa, accepted_codings
from tests.conftest import Connect, StartApp

ROOT = "http://roster.test"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
JSON = {"Accept": "application/json"}
INDEX = """<!doctype html><html><head>
<meta property="csp-nonce" nonce="__CSP_NONCE__">
<style nonce="__CSP_NONCE__"></style></head></html>"""
SCRIPT = "console.log('the app')"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    assets = folder / "assets"
    assets.mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / ".hidden").write_text("secret")
    (assets / "app-4f2a.js").write_text(SCRIPT)
    (assets / "app-4f2a.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (assets / "app-4f2a.js.br").write_bytes(b"brotli bytes")
    (assets / "plain-11.css").write_text("body{}")
    (tmp_path / "outside.txt").write_text("not to be read")
    return folder


@pytest.fixture
async def browser(
    built: Path, start_app: StartApp, connect: Connect
) -> httpx.AsyncClient:
    return connect(await start_app(spa_dir=built))


async def test_each_page_has_a_nonce_of_its_own(browser: httpx.AsyncClient) -> None:
    nonces = set()
    for _ in range(3):
        answer = await browser.get(f"{ROOT}/", headers=HTML)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.text))
        assert (
            f"style-src 'self' 'nonce-{nonce}'"
            in answer.headers["content-security-policy"]
        )
        nonces.add(nonce)

    assert len(nonces) == 3


async def test_the_policy_of_the_app(browser: httpx.AsyncClient) -> None:
    answer = await browser.get(f"{ROOT}/", headers=HTML)

    policy = answer.headers["content-security-policy"]
    assert re.sub(r"nonce-[^']+", "nonce-…", policy) == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-…'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    )
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/agents",
        "/agents/ada/python-expert",
        "/agents/ada/name.with.dots",
        "/apiary",
    ],
)
async def test_addresses_of_the_app_get_its_page(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(f"{ROOT}{path}", headers=HTML)

    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/v1/nothing",
        "/api/v2/agents",
        "/health/nothing",
        "/docs/nothing",
        "/assets/gone-77.js",
        "/assets",
        "/problems/nothing",
    ],
)
async def test_what_is_missing_elsewhere_is_missing(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(f"{ROOT}{path}", headers=HTML)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("headers", [JSON, {"Accept": "*/*"}, {"Accept": "image/*"}])
async def test_only_navigation_gets_the_page(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await browser.get(f"{ROOT}/agents", headers=headers)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/assets/../../outside.txt",
        "/assets/..%5c..%5coutside.txt",
        "//etc/passwd",
        "/.hidden",
        "/assets/app-4f2a.js.gz",
        "/assets/app-4f2a.js%00",
    ],
)
async def test_nothing_else_is_served(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(f"{ROOT}{path}", headers=JSON)

    assert answer.status_code == 404
    assert "not to be read" not in answer.text


@pytest.mark.parametrize(
    ("accepted", "coding", "length"),
    [
        ("gzip, deflate, br", "br", 12),
        ("gzip", "gzip", None),
        ("br;q=0, gzip;q=0.5", "gzip", None),
        ("identity", None, len(SCRIPT)),
        ("", None, len(SCRIPT)),
    ],
)
async def test_compressed_twins(
    built: Path, accepted: str, coding: str | None, length: int | None
) -> None:
    sent = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/assets/app-4f2a.js",
        "headers": [(b"accept-encoding", accepted.encode())],
    }
    await Spa(built)(scope, receive, send)  # type: ignore[arg-type]  # plain dicts

    headers = dict(sent[0]["headers"])  # type: ignore[call-overload]  # the same
    assert headers.get(b"content-encoding", b"").decode() == (coding or "")
    assert headers[b"vary"] == b"Accept-Encoding"
    assert headers[b"content-type"].startswith(b"text/javascript")
    if length is not None:
        assert headers[b"content-length"] == str(length).encode()


async def test_hashed_files_are_kept_and_others_asked_for_again(
    browser: httpx.AsyncClient,
) -> None:
    hashed = await browser.get(f"{ROOT}/assets/plain-11.css")
    other = await browser.get(f"{ROOT}/favicon.svg")

    assert "immutable" in hashed.headers["cache-control"]
    assert other.headers["cache-control"] == "no-cache"
    assert other.headers["content-type"] == "image/svg+xml"
    for answer in (hashed, other):
        headers = {"If-None-Match": answer.headers["etag"]}
        again = await browser.get(answer.request.url, headers=headers)
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/assets/plain-11.css"])
async def test_head(browser: httpx.AsyncClient, path: str) -> None:
    head = await browser.head(f"{ROOT}{path}", headers=HTML)
    whole = await browser.get(f"{ROOT}{path}", headers=HTML)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["content-type"] == whole.headers["content-type"]


@pytest.mark.parametrize("path", ["/", "/agents", "/favicon.svg"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_files_take_no_other_method(
    browser: httpx.AsyncClient, path: str, method: str
) -> None:
    answer = await browser.request(method, f"{ROOT}{path}", headers=HTML)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_routes_keep_their_methods_beside_the_app(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post("/instance", headers=HTML)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


async def test_a_websocket_is_closed(built: Path) -> None:
    sent = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/ws", "headers": []}
    await Spa(built)(scope, receive, send)

    assert sent == [{"type": "websocket.close", "code": 1000, "reason": ""}]


def test_without_a_build_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"index\.html is missing"):
        Spa(tmp_path)


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("gzip, br", {"gzip", "br"}),
        ("GZIP;q=0.5,br;q=0", {"gzip"}),
        ("br; q=0.0, gzip; q=0.001", {"gzip"}),
        ("", {""}),
    ],
)
def test_accepted_codings(header: str, codings: set[str]) -> None:
    assert accepted_codings(header) == codings
