import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from roster.audit.chain import EVENT, Chain
from roster.audit.models import AuditEvent
from roster.core.db import Database
from tests.audit.conftest import Run, Seal, Verify, Write

SET = "UPDATE audit_events SET"
COPY = """
INSERT INTO audit_events (
    id, created_at, action, actor_name, target_kind, target_name, address, request_id,
    details, seq, mac
) SELECT
    '00000000-0000-7000-8000-000000000001', created_at, action, actor_name,
    target_kind, target_name, address, request_id, details, 10, mac
FROM audit_events WHERE seq = 9
"""
REMOVED = "UPDATE audit_checkpoints SET removed_at = '2026-01-01 00:00:00'"


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (["UPDATE audit_events SET target_name = 'x' WHERE seq = 5"], "Event 5 is not"),
        (["UPDATE audit_events SET details = '{}' WHERE seq = 9"], "Event 9 is not"),
        (["DELETE FROM audit_events WHERE seq = 5"], "Event 5 is missing."),
        (["DELETE FROM audit_events WHERE seq = 8"], "Event 8 is missing."),
        (
            ["DELETE FROM audit_events WHERE seq BETWEEN 4 AND 6"],
            "Events 4 to 6 are missing.",
        ),
        (["DELETE FROM audit_events WHERE seq > 4"], "Events 5 to 6 are missing."),
        (
            [
                f"{SET} seq = 70 WHERE seq = 7",
                f"{SET} seq = 7 WHERE seq = 8",
                f"{SET} seq = 8 WHERE seq = 70",
            ],
            "Event 7 is not what was sealed: it was changed, put in, or moved.",
        ),
        ([COPY], "Event 10 is not what was sealed"),
        ([f"{SET} seq = NULL, mac = NULL WHERE seq = 2"], "Event 2 is missing."),
        ([f"{SET} seq = -1 WHERE seq = 9"], "There are events up to number 0 where"),
        ([f"{SET} mac = 'other:00' WHERE seq = 9"], "Event 9 was sealed with a key"),
        ([f"{SET} mac = NULL WHERE seq = 9"], "Event 9 was sealed with a key"),
        (
            ["DELETE FROM audit_checkpoints WHERE first_seq = 1"],
            "The checkpoint of the events from 1 on is missing.",
        ),
        (
            ["UPDATE audit_checkpoints SET last_event_at = created_at"],
            "The checkpoint after event 3 is not what was sealed",
        ),
        (
            [REMOVED, "DELETE FROM audit_events"],
            "The events up to 6 were removed, and not by the retention",
        ),
        (
            [
                f"{REMOVED} WHERE first_seq = 4",
                "DELETE FROM audit_events WHERE seq BETWEEN 4 AND 6",
            ],
            "Events 4 to 6 were removed before older ones",
        ),
        (
            [f"{REMOVED} WHERE first_seq = 1"],
            "There are events up to number 3 where there can be none.",
        ),
    ],
)
async def test_what_somebody_did_to_the_tables_is_found(
    sealed: None,
    unguarded: None,
    run: Run,
    check: Verify,
    statements: list[str],
    problem: str,
) -> None:
    assert (await check()).intact

    await run(*statements)

    report = await check()
    assert not report.intact
    assert report.first_problem is not None
    assert report.first_problem.startswith(problem)


async def test_events_that_were_made_anew_do_not_fit_the_checkpoint(
    sealed: None,
    unguarded: None,
    database: Database,
    chain: Chain,
    check: Verify,
) -> None:
    """Even with the key: what a checkpoint was made of is known."""
    async with database.write() as session:
        before, event = (
            await session.exec(
                select(AuditEvent)
                .where(col(AuditEvent.seq).in_([5, 6]))
                .order_by(col(AuditEvent.seq))
            )
        ).all()
        event.action = "thing.undone"
        event.mac = chain.mac(EVENT, event.model_dump(), before.mac or "")

    report = await check()

    assert report.first_problem == (
        "The checkpoint after event 6 was made of other events."
    )


async def test_the_chain_goes_on_behind_a_gap_that_shows(
    sealed: None,
    unguarded: None,
    run: Run,
    write: Write,
    seal: Seal,
    check: Verify,
) -> None:
    await run("DELETE FROM audit_events")
    await write(2)

    assert await seal() == 2

    report = await check()
    assert (report.sealed, report.checkpoints) == (2, 2)
    assert report.first_problem == "Events 1 to 3 are missing."


async def test_an_empty_chain_is_intact(check: Verify) -> None:
    report = await check()

    assert report.model_dump() == {
        "intact": True,
        "sealed": 0,
        "unsealed": 0,
        "checkpoints": 0,
        "first_problem": None,
    }


async def test_many_pages_are_walked(write: Write, seal: Seal, check: Verify) -> None:
    await write(1101)
    await seal()

    report = await check()

    assert (report.intact, report.sealed) == (True, 1101)


@pytest.mark.parametrize(
    "statement",
    [
        f"{SET} action = 'other.thing'",
        f"{SET} details = '{{\"n\": 7}}'",
        f"{SET} seq = 100 WHERE seq = 9",
        f"{SET} mac = 'x:y' WHERE seq = 9",
        f"{SET} seq = NULL, mac = NULL",
        f"{SET} seq = 10 WHERE seq IS NULL",
        f"{SET} seq = 10, mac = 'x:y', actor_name = 'mallory' WHERE seq IS NULL",
        "DELETE FROM audit_events WHERE seq = 1",
        "DELETE FROM audit_events WHERE seq IS NULL",
        "UPDATE audit_checkpoints SET last_mac = 'x:y'",
        "UPDATE audit_checkpoints SET removed_at = NULL",
        f"{REMOVED}, last_seq = last_seq + 100",
        "DELETE FROM audit_checkpoints",
    ],
)
async def test_the_database_itself_refuses(
    sealed: None, write: Write, run: Run, check: Verify, statement: str
) -> None:
    await write(1)

    with pytest.raises(DBAPIError, match="is immutable"):
        await run(statement)

    report = await check()
    assert (report.intact, report.sealed, report.unsealed) == (True, 9, 1)


@pytest.mark.parametrize("table", ["audit_events", "audit_checkpoints"])
async def test_the_tables_cannot_be_emptied_or_replaced_at_once(
    sealed: None, run: Run, database: Database, table: str
) -> None:
    statement = f"TRUNCATE {table}"
    if database.dialect == "sqlite":
        statement = f"REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608 - a constant

    with pytest.raises(DBAPIError, match=r"is immutable|permission denied"):
        await run(statement)


async def test_what_was_removed_stays_removed(sealed: None, run: Run) -> None:
    await run(f"{REMOVED} WHERE first_seq = 1")

    with pytest.raises(DBAPIError, match="is immutable"):
        await run("UPDATE audit_checkpoints SET removed_at = NULL")
