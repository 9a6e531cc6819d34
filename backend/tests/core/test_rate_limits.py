import pytest

from roster.core.rate_limits import (
    MOST_CLIENTS,
    Clients,
    Quota,
    RateLimiter,
    network_of,
)


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_is_taken_and_the_next_one_waits(clock: Clock) -> None:
    limiter = RateLimiter(3, clock=clock)

    assert [limiter.take("a") for _ in range(5)] == [
        Quota(left=2, reset=20),
        Quota(left=1, reset=40),
        Quota(left=0, reset=60),
        Quota(left=0, reset=60, wait=20),
        Quota(left=0, reset=60, wait=20),
    ]


def test_it_comes_back_evenly(clock: Clock) -> None:
    limiter = RateLimiter(60, clock=clock)
    for _ in range(60):
        assert limiter.take("a").wait == 0

    waits = []
    for _ in range(6):
        clock.now += 0.5
        waits.append(limiter.take("a").wait)

    assert waits == [1, 0, 1, 0, 1, 0]
    clock.now += 60
    assert limiter.take("a") == Quota(left=59, reset=1)


def test_each_client_has_its_own(clock: Clock) -> None:
    limiter = RateLimiter(1, clock=clock)

    assert limiter.take("a").wait == 0
    assert limiter.take("a").wait == 60
    assert limiter.take("b").wait == 0


def test_the_policy_is_said_as_the_draft_has_it() -> None:
    assert RateLimiter(100).policy == b'"default";q=100;w=60'


def test_only_so_many_clients_are_remembered(clock: Clock) -> None:
    limiter = RateLimiter(60, clock=clock)
    for number in range(MOST_CLIENTS):
        limiter.take(f"early {number}")
    clock.now += 1.0
    limiter.take("late")
    assert len(limiter._whole_at) == 1

    for number in range(MOST_CLIENTS):
        limiter.take(f"busy {number}")
    assert len(limiter._whole_at) <= MOST_CLIENTS
    assert limiter.take(f"busy {MOST_CLIENTS - 1}").left == 58
    assert limiter.take("late").left == 59  # it was let go as the oldest


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        # A socket that takes both has IPv4 as this.
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:127.0.0.1", None),
        ("127.0.0.1", None),
        ("127.8.8.8", None),
        ("::1", None),
        ("", None),
        ("/run/roster.sock", None),
    ],
)
def test_what_one_client_holds_counts_as_one(address: str, network: str | None) -> None:
    assert network_of(address) == network


def test_a_token_counts_for_its_account_once_it_is_known() -> None:
    clients = Clients()
    token, address = b"Bearer a-token", "192.0.2.7"

    assert clients.name(address, None) == address
    assert clients.name(address, token) == address
    clients.learn(token, "ada")
    assert clients.name(address, token) == "account ada"
    assert clients.name("192.0.2.8", token) == "account ada"
    assert clients.name(address, b"Bearer invented") == address
    assert clients.name("127.0.0.1", token) is None
    clients.forget(token)
    clients.forget(token)
    assert clients.name(address, token) == address


def test_only_so_many_tokens_are_remembered() -> None:
    clients = Clients()

    for number in range(MOST_CLIENTS + 1):
        clients.learn(f"Bearer {number}".encode(), str(number))

    assert len(clients._accounts) == 1
    assert clients.name("192.0.2.7", f"Bearer {MOST_CLIENTS}".encode()) == (
        f"account {MOST_CLIENTS}"
    )
