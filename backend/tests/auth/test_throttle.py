import asyncio
from collections.abc import AsyncGenerator, Callable

import pytest
from pydantic import SecretStr

from roster.auth.throttle import (
    ADDRESS,
    PASSWORD,
    PASSWORD_KNOWN,
    Counter,
    Rule,
    Throttle,
    code_counters,
    network_of,
    password_counters,
)
from roster.core.errors import TooManyRequests
from tests.auth.conftest import age
from tests.services.valkey import ValkeyServer

RULE = Rule("test", free=3, longest=60, window=600)
ADA, BOB = Counter(RULE, "ada"), Counter(RULE, "bob")


@pytest.fixture(params=["memory", "valkey"])
async def throttle(request: pytest.FixtureRequest) -> AsyncGenerator[Throttle]:
    url = None
    if request.param == "valkey":
        url = request.getfixturevalue("valkey").url
    throttle = Throttle(url)
    yield throttle
    await throttle.close()


@pytest.fixture
def later(throttle: Throttle, request: pytest.FixtureRequest) -> Callable[[int], None]:
    if throttle._shared is None:
        return lambda seconds: age(throttle, seconds)
    valkey: ValkeyServer = request.getfixturevalue("valkey")
    return valkey.age


async def wait_of(throttle: Throttle, *counters: Counter) -> int:
    """Try, and give the seconds that one is told to wait; 0: it was let in."""
    try:
        await throttle.enter(counters)
    except TooManyRequests as problem:
        return int(problem.headers["Retry-After"])
    return 0


async def test_the_wait_grows_up_to_a_lock(
    throttle: Throttle, later: Callable[[int], None]
) -> None:
    waits = []
    for _ in range(10):
        assert await wait_of(throttle, ADA) == 0
        if wait := await wait_of(throttle, ADA):
            waits.append(wait)
            later(wait)

    # Two tries at a time for the free ones, then one.
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_who_comes_too_early_lengthens_nothing(
    throttle: Throttle, later: Callable[[int], None]
) -> None:
    for _ in range(RULE.free):
        assert await wait_of(throttle, ADA) == 0
    for _ in range(5):
        assert await wait_of(throttle, ADA) == 1
    later(1)
    assert await wait_of(throttle, ADA) == 0
    assert await wait_of(throttle, ADA) == 2


async def test_each_name_has_tries_of_its_own(throttle: Throttle) -> None:
    for _ in range(RULE.free):
        await wait_of(throttle, ADA)

    assert await wait_of(throttle, ADA) > 0
    assert await wait_of(throttle, BOB) == 0


async def test_a_window_later_all_is_forgotten(
    throttle: Throttle, later: Callable[[int], None]
) -> None:
    for _ in range(RULE.free):
        await wait_of(throttle, ADA)
    later(RULE.window)

    for _ in range(RULE.free):
        assert await wait_of(throttle, ADA) == 0


async def test_the_right_one_forgets_the_wrong_ones(throttle: Throttle) -> None:
    for _ in range(RULE.free - 1):
        await wait_of(throttle, ADA)
    right = await throttle.enter([ADA])
    assert await wait_of(throttle, ADA) > 0

    await right.right()

    for _ in range(RULE.free):
        assert await wait_of(throttle, ADA) == 0


async def test_what_was_not_judged_does_not_count(throttle: Throttle) -> None:
    for _ in range(3 * RULE.free):
        await (await throttle.enter([ADA])).undecided()

    assert await wait_of(throttle, ADA) == 0


async def test_an_address_is_not_cleared_by_one_right_password(
    throttle: Throttle, later: Callable[[int], None]
) -> None:
    """Or who has an account could guess at others for ever."""
    address = Counter(ADDRESS, "192.0.2.1")
    for _ in range(ADDRESS.free - 1):
        assert await wait_of(throttle, address) == 0
        await (await throttle.enter([address, ADA])).right()
    assert await wait_of(throttle, address) == 0

    assert await wait_of(throttle, address) == 1
    later(1)
    await (await throttle.enter([address, ADA])).right()
    assert await wait_of(throttle, address) == 0
    assert await wait_of(throttle, address) == 2


async def test_what_one_limit_refuses_counts_for_no_other(throttle: Throttle) -> None:
    for _ in range(RULE.free):
        await wait_of(throttle, ADA)
    for _ in range(2 * RULE.free):
        assert await wait_of(throttle, BOB, ADA) > 0

    for _ in range(RULE.free - 1):
        assert await wait_of(throttle, BOB) == 0


async def test_of_many_at_once_only_the_free_ones_pass(throttle: Throttle) -> None:
    waits = await asyncio.gather(*(wait_of(throttle, ADA) for _ in range(20)))

    assert waits.count(0) == RULE.free


async def test_processes_count_together(valkey: ValkeyServer) -> None:
    first, second = Throttle(valkey.url), Throttle(valkey.url)
    for throttle in (first, second, first):
        assert await wait_of(throttle, ADA) == 0

    assert await wait_of(second, ADA) > 0
    await first.close()
    await second.close()


async def test_without_redis_each_process_counts_for_itself() -> None:
    throttle = Throttle(SecretStr("redis://127.0.0.1:1/0"))

    for _ in range(RULE.free):
        assert await wait_of(throttle, ADA) == 0
    assert await wait_of(throttle, ADA) > 0
    await throttle.close()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_of_ipv6_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_names_are_counted_as_they_are_looked_up() -> None:
    one = password_counters(" Ada@Example.org ", "192.0.2.1", known=False)
    other = password_counters("ada@example.org", "192.0.2.2", known=False)

    assert [counter.rule for counter in one] == [ADDRESS, PASSWORD]
    assert one[1].key == other[1].key
    assert one[0].key != other[0].key


def test_a_known_address_counts_apart() -> None:
    (known,) = password_counters("ada", "2001:db8::1", known=True)
    (same,) = password_counters("Ada", "2001:db8::2", known=True)
    (other,) = password_counters("bob", "2001:db8::1", known=True)

    assert known.rule is PASSWORD_KNOWN
    assert known.key == same.key != other.key
    code = [code_counters("id", "192.0.2.1", known=known) for known in (True, False)]
    assert code[0][0].key != code[1][0].key


def test_no_name_stands_in_the_store() -> None:
    assert "ada" not in ADA.key


async def test_without_redis_each_of_several_processes_lets_in_its_part() -> None:
    throttle = Throttle(None, processes=2)
    for _ in range(ADA.rule.free // 2):
        await throttle.enter([ADA])
    with pytest.raises(TooManyRequests):
        await throttle.enter([ADA])
    await throttle.close()
