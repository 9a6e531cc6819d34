"""Where may be fetched from, and how it is written."""

import socket
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.fetching.addresses import Allowed, Location, is_public, pin, system
from roster.fetching.errors import FetchError, Reason
from roster.fetching.git import normalise
from tests.fetching.conftest import Names

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://Example.ORG/a/b.git/", "https://example.org/a/b.git"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("HTTPS://example.org./a", "https://example.org/a"),
        (" https://example.org/a ", "https://example.org/a"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://[2001:DB8::0:1]/a", "https://[2001:db8::1]/a"),
        ("http://example.org:80/a", "http://example.org/a"),
    ],
)
def test_an_address_of_a_repository_has_one_form(written: str, canonical: str) -> None:
    assert normalise(written) == canonical
    assert normalise(canonical) == canonical


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "https://"),
        ("ssh://git@example.org/a", "https://"),
        ("git@example.org:a/b", "https://"),
        ("git://example.org/a", "https://"),
        ("ext::sh -c id", "blanks"),
        ("--upload-pack=id", "https://"),
        ("/etc", "https://"),
        ("https:///a", "no host"),
        ("https://example.org", "no repository"),
        ("https://user:secret@example.org/a", "user and password"),
        ("https://user@example.org/a", "user and password"),
        ("https://@example.org/a", "user and password"),
        ("https://example.org/a#b", "after #"),
        ("https://example.org/a?b=c", "question mark"),
        ("https://example.org:0x50/a", "port"),
        ("https://example.org:99999/a", "port"),
        ("https://exa mple.org/a", "blanks"),
        ("https://example.org/a\nHost: b", "blanks"),
        ("https://example.org\\@127.0.0.1/a", "blanks"),
        ("https://example..org/a", "no host"),
        ("https://-example.org/a", "no host"),
        ("https://[::1%25eth0]/a", "no host"),
        ("https://[::1/a", "no address"),
        ("https://example.org/" + "a" * 500, "longer"),
    ],
)
def test_what_is_no_address_of_a_repository_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        normalise(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - nothing listens there
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:5db8:d822::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
async def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)
    location = Location.parse("https://inside.example/a")

    with pytest.raises(FetchError, match="ROSTER_FETCH_ALLOWED") as refusal:
        await pin(location, Allowed([]), Names(inside_example=[address]))

    assert refusal.value.reason is Reason.address
    assert not refusal.value.may_pass


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:4700::1111", "::ffff:808:808", "64:ff9b::808:808"]
)
async def test_what_is_public_is_pinned(address: str) -> None:
    location = Location.parse("https://out.example/a")
    pinned = await pin(location, Allowed([]), Names(out_example=[address]))
    assert (pinned.address, str(pinned.location)) == (address, str(location))


class Many:
    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def __call__(self, _host: str, _port: int) -> Sequence[str]:
        return self.addresses


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    location = Location.parse("https://both.example/a")
    for answers in ((PUBLIC, "10.0.0.1"), ("10.0.0.1", PUBLIC), (PUBLIC, "::1")):
        with pytest.raises(FetchError, match="public internet"):
            await pin(location, Allowed([]), Many(*answers))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "localhost"]
)
async def test_loopback_in_other_words_is_still_loopback(host: str) -> None:

    with pytest.raises(FetchError) as refusal:
        await pin(Location.parse(f"https://{host}/a"), Allowed([]), system)
    assert refusal.value.reason in {Reason.address, Reason.unreachable}


async def test_a_name_that_leads_nowhere_may_do_so_later() -> None:
    async def nobody(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    for resolver in (nobody, Many()):
        with pytest.raises(FetchError, match=r"no host nowhere\.example") as refusal:
            await pin(
                Location.parse("https://nowhere.example/a"), Allowed([]), resolver
            )
        assert refusal.value.may_pass


async def test_a_name_that_nobody_has_is_not_waited_for() -> None:
    async def nobody(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    with pytest.raises(FetchError, match=r"no host typo\.example\.$") as refusal:
        await pin(Location.parse("https://typo.example/a"), Allowed([]), nobody)
    assert not refusal.value.may_pass


async def test_what_is_listed_may_be_private_and_without_encryption() -> None:
    names = Names(git_inside=["10.1.2.3"], other_inside=["10.1.2.3"])
    allowed = Allowed(["10.1.0.0/16", "git.inside", "192.168.1.1"])

    for url in ("https://other.inside/a", "http://git.inside/a", "http://10.1.9.9/a"):
        await pin(Location.parse(url), allowed, names)
    with pytest.raises(FetchError, match="without encryption"):
        await pin(Location.parse("http://other.inside/a"), allowed, names)
    with pytest.raises(FetchError, match="without encryption"):
        await pin(Location.parse("http://192.168.1.2/a"), allowed, names)
    with pytest.raises(FetchError, match="public internet"):
        await pin(Location.parse("https://192.168.1.2/a"), allowed, names)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("htps:/@.[]%#?\\ab1é\u202e\n-"), max_size=40))
def test_any_text_is_refused_or_has_one_form(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example/{text}"):
        try:
            canonical = normalise(url)
        except ValueError:
            continue
        assert normalise(canonical) == canonical
        assert "@" not in canonical.partition("://")[2].partition("/")[0]
