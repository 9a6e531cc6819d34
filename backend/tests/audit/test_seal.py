from tests.audit.conftest import Seal, Verify, Write


async def test_events_are_sealed_in_order_and_verified(
    write: Write, seal: Seal, check: Verify
) -> None:
    await write(*(f"thing.done_{number}" for number in range(7)))
    before = await check()
    assert (before.intact, before.sealed, before.unsealed) == (True, 0, 7)

    assert await seal() == 7

    after = await check()
    assert (after.intact, after.sealed, after.unsealed) == (True, 7, 0)
    assert await seal() == 0
