from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from roster.jobs.models import JobState
from roster.jobs.registry import Run
from roster.jobs.schedule import latest_time
from tests.jobs.conftest import AllJobs, Ask, MakeRunner, TimePasses

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "every", "expected"),
    [
        (datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), timedelta(days=1), (4, 0, 0)),
        (datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), HOUR, (4, 5, 0)),
        (datetime(2026, 3, 4, 5, 0, 0, tzinfo=UTC), HOUR, (4, 5, 0)),
        (datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), timedelta(minutes=5), (4, 5, 5)),
    ],
)
def test_times_are_the_same_for_everybody(
    now: datetime, every: timedelta, expected: tuple[int, int, int]
) -> None:
    day, hour, minute = expected
    assert latest_time(every, now) == datetime(2026, 3, day, hour, minute, tzinfo=UTC)


async def test_of_several_processes_one_does_it_each_time(
    make_runner: MakeRunner, all_jobs: AllJobs, time_passes: TimePasses
) -> None:
    done: list[int] = []

    async def note(run: Run) -> None:
        done.append(run.attempt)

    runners = [make_runner(note, every=timedelta(days=365)) for _ in range(3)]
    for runner in runners:
        await runner.plan_periodic()
        await runner.plan_periodic()
        await runner.drain()

    assert done == [1]
    (job,) = await all_jobs()
    assert job.due_at <= job.created_at
    assert job.key == f"task@{job.due_at.isoformat()}"


async def test_finished_jobs_are_removed_after_a_while(
    app: FastAPI,
    make_runner: MakeRunner,
    ask: Ask,
    all_jobs: AllJobs,
    time_passes: TimePasses,
) -> None:
    async def nothing(run: Run) -> None:
        pass

    done = await ask()
    await make_runner(nothing).drain()
    await time_passes(timedelta(days=6))
    waiting = await ask("unknown")
    await app.state.runner.plan_periodic()
    await app.state.runner.drain()
    assert {done, waiting} <= {job.id for job in await all_jobs()}

    await time_passes(timedelta(days=2))
    await ask("jobs.remove_finished")
    await app.state.runner.drain()

    left = {job.id: job.state for job in await all_jobs()}
    assert done not in left
    assert left[waiting] is JobState.queued
