import pytest

from roster.core.hosts import rule_for


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST",
        "127.0.0.1:8000",
        "[::1]:8000",
        "192.0.2.7",
        "roster",
        "roster:8000",
        "box.local",
        "app.localhost:5173",
        "roster.team.internal",
        "localhost.",
    ],
)
def test_by_default_it_is_called_by_local_names(host: str) -> None:
    assert rule_for([], None)(host.encode())


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "roster.local.evil.example",
        "",
        ":8000",
        "localhost:8000:8000",
        "localhost:port",
        "user@localhost",
        "localhost/evil.example",
        "[::1",
        "röster",
    ],
)
def test_by_default_no_other_name_leads_here(host: str) -> None:
    assert not rule_for([], None)(host.encode())
    assert not rule_for(["roster.example.org"], None)(host.encode())


def test_the_address_that_people_open_is_one_of_them() -> None:
    allowed = rule_for([], "https://Roster.example.org:8443/")

    assert allowed(b"roster.example.org")
    assert allowed(b"roster.example.org:8443")
    assert allowed(b"localhost")
    assert not allowed(b"www.roster.example.org")


def test_what_is_named_counts_alone() -> None:
    allowed = rule_for(["roster.example.org", "*.example.net"], None)

    for host in (b"Roster.Example.org", b"a.example.net", b"a.b.example.net:80"):
        assert allowed(host)
    for host in (b"example.net", b"evilexample.net", b"192.0.2.7", b"roster"):
        assert not allowed(host)
    for host in (b"localhost:8000", b"127.0.0.1", b"[::1]"):
        assert allowed(host)  # for probes of the machine itself


def test_a_star_lets_all_in() -> None:
    assert rule_for(["*"], None)(b"anything.example")
