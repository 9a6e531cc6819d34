import asyncio

import pytest
from pydantic import SecretStr

from roster.auth.hashing import Scheme
from roster.auth.passwords import PasswordHasher, hashing_slots
from roster.core.errors import Unavailable

SECRET = SecretStr("correct horse battery")


async def test_hashes_are_salted_and_verified() -> None:
    hasher = PasswordHasher(4)
    first, second = await asyncio.gather(hasher.hash(SECRET), hasher.hash(SECRET))

    assert first != second
    assert (await hasher.verify(SECRET, first)).correct
    assert not (await hasher.verify(SecretStr("wrong"), first)).correct
    await hasher.close()


async def test_more_than_72_bytes_count() -> None:
    hasher = PasswordHasher(4)
    stored = await hasher.hash(SecretStr("a" * 100))

    assert not (await hasher.verify(SecretStr("a" * 99), stored)).correct
    await hasher.close()


def test_a_missing_user_costs_what_a_wrong_password_costs() -> None:
    scheme = Scheme(5)
    nobody = scheme._nobody

    assert not scheme.verify("correct horse battery", None).correct
    # The hash that is compared instead has the form and the cost of a real one.
    assert scheme._context.identify(nobody) == "bcrypt_sha256"
    assert not scheme._context.needs_update(nobody)


def test_no_password_is_that_of_a_missing_user() -> None:
    scheme, twin = Scheme(4), Scheme(4)

    assert scheme._nobody != twin._nobody
    assert not scheme._context.verify("", scheme._nobody)


async def test_a_hash_of_another_cost_is_made_anew() -> None:
    cheap, dear = PasswordHasher(4), PasswordHasher(5)
    stored = await cheap.hash(SECRET)

    verdict = await dear.verify(SECRET, stored)

    assert verdict.upgraded_hash is not None
    assert (await dear.verify(SECRET, verdict.upgraded_hash)).upgraded_hash is None
    assert (await cheap.verify(SECRET, stored)).upgraded_hash is None
    await cheap.close()
    await dear.close()


@pytest.mark.parametrize(("cpus", "slots"), [(1, 1), (2, 1), (3, 2), (64, 2)])
def test_a_core_is_left_to_the_others(cpus: int, slots: int) -> None:
    assert hashing_slots(cpus) == slots


async def test_only_so_many_passwords_wait() -> None:
    hasher = PasswordHasher(4, most_waiting=3)
    stored = await hasher.hash(SECRET)

    outcomes = await asyncio.gather(
        *(hasher.verify(SECRET, stored) for _ in range(5)), return_exceptions=True
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    assert len(refused) == 2
    assert all(problem.headers["Retry-After"] == "5" for problem in refused)
    # Who was refused waits no more.
    assert (await hasher.verify(SECRET, stored)).correct
    await hasher.close()
