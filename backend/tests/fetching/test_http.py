"""Asking other servers: who may be asked, and how much they may say."""

import ssl
import traceback

import pytest
from pydantic import SecretStr

from roster.fetching.addresses import Resolver, system
from roster.fetching.errors import FetchError, Reason
from roster.fetching.http import Asked, ask, read_into
from roster.settings import Settings
from roster.uploads.spool import Spool
from tests.fetching.conftest import (
    Names,
    Scripts,
    dripping,
    endless,
    redirects,
    said,
)

TOKEN = SecretStr("Bearer of-the-first-origin")


async def got(
    url: str,
    settings: Settings,
    spool: Spool,
    resolver: Resolver = system,
    asked: Asked | None = None,
) -> bytes:
    async with ask(url, settings=settings, resolver=resolver, asked=asked) as answer:
        return spool.read(await read_into(answer, spool, settings.fetch_bytes))


async def test_it_reads_what_a_server_says(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    server = await script(a=said(b"something"))
    asked = Asked({"Accept": "text/plain"}, TOKEN)

    assert (
        await got(f"{server.url}/a?b=c", loopback, spool, asked=asked) == b"something"
    )

    [request] = server.requests
    assert request.startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n".encode() in request
    assert b"Authorization: Bearer of-the-first-origin\r\n" in request


@pytest.mark.parametrize("value", ["pasted-badly\n", "past\r\nX-More: badly", "pästed"])
async def test_a_token_that_no_header_can_hold_is_not_repeated(
    script: Scripts, loopback: Settings, spool: Spool, value: str
) -> None:
    server = await script(a=said(b"something"))
    asked = Asked(authorization=SecretStr(f"Bearer {value}"))

    with pytest.raises(FetchError, match="characters that none may") as refusal:
        await got(f"{server.url}/a", loopback, spool, asked=asked)

    assert refusal.value.reason is Reason.wrong_token
    shown = "".join(traceback.format_exception(refusal.value))
    assert "Bearer" not in shown.replace('f"Bearer {value}"', "")
    assert server.requests == []


async def test_nothing_private_is_asked(script: Scripts, limits: Settings) -> None:
    server = await script(a=said(b"secret"))
    for url in (server.url, f"https://127.0.0.1:{server.port}"):
        with pytest.raises(FetchError) as refusal:
            async with ask(f"{url}/a", settings=limits, resolver=system):
                pass
        assert refusal.value.reason is Reason.address
    assert server.requests == []


async def test_no_proxy_of_the_environment_is_used(
    script: Scripts,
    loopback: Settings,
    spool: Spool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = await script()
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    server = await script(a=said(b"direct"))

    assert await got(f"{server.url}/a", loopback, spool) == b"direct"
    assert proxy.requests == []


async def test_it_follows_a_redirect_with_the_token_of_the_same_origin_alone(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    other = await script(c=said(b"there"))
    server = await script(a=redirects("/b"), b=redirects(f"{other.url}/c"))
    asked = Asked(authorization=TOKEN)

    assert await got(f"{server.url}/a", loopback, spool, asked=asked) == b"there"

    assert [b"Authorization" in one for one in server.requests] == [True, True]
    assert [b"Authorization" in one for one in other.requests] == [False]


async def test_it_follows_three_redirects_and_no_more(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    server = await script(
        a=redirects("/b"), b=redirects("/c"), c=redirects("/d"), d=said(b"end")
    )
    assert await got(f"{server.url}/a", loopback, spool) == b"end"

    server.replies["/d"] = redirects("/e")
    with pytest.raises(FetchError, match="more than 3 times"):
        await got(f"{server.url}/a", loopback, spool)


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "//0.0.0.0/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "https://user:word@example.org/",
        "https://a b/",
    ],
)
async def test_no_redirect_leads_out_of_what_may_be_asked(
    script: Scripts, loopback: Settings, spool: Spool, target: str
) -> None:
    server = await script(a=redirects(target))
    with pytest.raises(FetchError) as refusal:
        await got(f"{server.url}/a", loopback, spool)
    assert refusal.value.reason is Reason.address
    assert spool.size == 0


async def test_a_public_name_that_redirects_to_loopback_is_not_followed(
    script: Scripts, limits: Settings, spool: Spool
) -> None:
    inner = await script(a=said(b"secret"))
    outer = await script(a=redirects(f"http://127.0.0.1:{inner.port}/a"))
    settings = limits.model_copy(update={"fetch_allowed": ["outer.example"]})
    names = Names(outer_example=["127.0.0.1"])

    with pytest.raises(FetchError, match="ROSTER_FETCH_ALLOWED"):
        await got(f"http://outer.example:{outer.port}/a", settings, spool, names)
    assert inner.requests == []


async def test_a_name_that_changes_its_mind_is_checked_each_time(
    script: Scripts, certificate: ssl.SSLContext, loopback: Settings, spool: Spool
) -> None:
    """Rebinding: the name leads to something allowed first, and then elsewhere."""
    other = await script(tls=certificate, b=said(b"secret"))
    server = await script(a=redirects(f"https://later.example:{other.port}/b"))
    names = Names(later_example=["127.0.0.1", "10.0.0.1"])

    with pytest.raises(FetchError, match="cannot be trusted"):  # it was asked
        await got(f"{server.url}/a", loopback, spool, names)
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        await got(f"{server.url}/a", loopback, spool, names)
    assert names.asked == ["127.0.0.1", "later.example"] * 2
    assert other.requests == []


async def test_each_connection_resolves_once(
    script: Scripts, limits: Settings, spool: Spool
) -> None:
    server = await script(a=said(b"yes"))
    settings = limits.model_copy(update={"fetch_allowed": ["git.example"]})
    names = Names(git_example=["127.0.0.1", "10.9.9.9"])

    assert await got(f"http://git.example:{server.port}/a", settings, spool, names)

    assert names.asked == ["git.example"]
    assert f"Host: git.example:{server.port}".encode() in server.requests[0]


async def test_encryption_is_proved_for_the_name_and_not_for_the_address(
    script: Scripts, certificate: ssl.SSLContext, limits: Settings, spool: Spool
) -> None:
    server = await script(tls=certificate, a=said(b"private"))
    settings = limits.model_copy(
        update={"fetch_allowed": ["127.0.0.1", "other.example"]}
    )

    assert await got(f"{server.url}/a", settings, spool) == b"private"
    names = Names(other_example=["127.0.0.1"])
    with pytest.raises(FetchError, match="cannot be trusted") as refusal:
        await got(f"https://other.example:{server.port}/a", settings, spool, names)
    assert refusal.value.reason is Reason.tls


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    script: Scripts,
    certificate: ssl.SSLContext,
    loopback: Settings,
    spool: Spool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = await script(tls=certificate, a=said(b"private"))
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchError, match="cannot be trusted"):
        await got(f"{server.url}/a", loopback, spool)
    assert server.requests == []


async def test_an_endless_answer_is_cut_off(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    server = await script(a=endless())
    with pytest.raises(FetchError, match="more than the 4,194,304 bytes") as refusal:
        await got(f"{server.url}/a", loopback, spool)
    assert refusal.value.reason is Reason.too_large
    assert spool.size <= loopback.fetch_bytes


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_no_whole_answer_is_refused(
    script: Scripts, loopback: Settings, spool: Spool, reply: bytes
) -> None:
    async def speak(writer: object) -> None:
        writer.write(reply)  # type: ignore[attr-defined] # a stream

    server = await script(a=speak)
    with pytest.raises(FetchError) as refusal:
        await got(f"{server.url}/a", loopback, spool)
    assert refusal.value.reason is Reason.broken


async def test_who_does_not_answer_may_do_so_later(
    loopback: Settings, spool: Spool, script: Scripts
) -> None:
    server = await script()
    port = server.port + 1 if server.port < 65535 else server.port - 1
    with pytest.raises(FetchError, match="does not answer") as refusal:
        await got(f"http://127.0.0.1:{port}/a", loopback, spool)
    assert refusal.value.may_pass


async def test_a_slow_answer_goes_on_until_somebody_ends_it(
    script: Scripts, loopback: Settings, spool: Spool
) -> None:
    server = await script(a=dripping(start=b"begin"))
    async with ask(f"{server.url}/a", settings=loopback, resolver=system) as answer:
        assert (await anext(answer.body)).startswith(b"begin")
