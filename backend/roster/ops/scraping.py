"""What `/metrics` tells: what was counted, and what is looked up when it is asked.

Counted values are those of all processes that serve; what is looked up stands in the
database, and so is the same whoever is asked.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster import __version__
from roster.audit.models import AuditEvent
from roster.core import metrics
from roster.core.db import Database
from roster.core.model import utc_now
from roster.jobs.models import Job, JobState, Queue, Worker
from roster.jobs.presence import ALIVE_FOR
from roster.jobs.queues import Load, loads
from roster.ops import schema
from roster.ops.health import Health
from roster.ops.models import PartStatus

PATIENCE_SECONDS = 3.0
HOUR = timedelta(hours=1)
WORTH: dict[PartStatus, float] = {"ok": 1, "degraded": 0.5, "failed": 0}


class _Found(Collector):
    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


async def text_of(health: Health, database: Database) -> bytes:
    """Give all figures in Prometheus' own format."""
    found = [one async for one in _of_health(health)]
    found.append(_build())
    # Without the database everything else is told all the same.
    with suppress(SQLAlchemyError, OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS), database.read() as session:
            found += [one async for one in _of_database(session)]
    registry = CollectorRegistry()
    registry.register(_Found(found))
    if metrics.is_shared():
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return await asyncio.to_thread(generate_latest, registry)
    return generate_latest(registry) + generate_latest(metrics.REGISTRY)


def _gauge(
    name: str,
    says: str,
    labels: tuple[str, ...],
    values: Mapping[Any, float],
) -> Metric:
    gauge = GaugeMetricFamily(f"roster_{name}", says, labels=labels)
    for key, value in values.items():
        gauge.add_metric(key, value)
    return gauge


def _build() -> Metric:
    return _gauge(
        "build_info",
        "Version of the program, and the schema that it needs.",
        ("version", "schema"),
        {(__version__, schema.head() or ""): 1},
    )


async def _of_health(health: Health) -> AsyncIterator[Metric]:
    parts = await health.look()
    yield _gauge(
        "health",
        "1: the part is well, 0.5: degraded, 0: failed.",
        ("part",),
        {(part.name,): WORTH[part.status] for part in parts},
    )
    with suppress(OSError):
        free = await asyncio.to_thread(health.free_bytes)
        yield _gauge("storage_free_bytes", "Left on the disk.", (), {(): free})


async def _of_database(session: AsyncSession) -> AsyncIterator[Metric]:
    for metric in _of_queues(await loads(session)):
        yield metric
    ended = await session.exec(
        select(Job.queue, Job.state, func.count())
        .where(col(Job.finished_at) > utc_now() - HOUR)
        .group_by(col(Job.queue), col(Job.state))
    )
    yield _gauge(
        "jobs_ended_last_hour",
        "Jobs that ended in the last hour, wherever they were done.",
        ("queue", "state"),
        {(Queue(queue).value, JobState(state).value): n for queue, state, n in ended},
    )
    since = utc_now() - ALIVE_FOR
    alive = await session.exec(
        select(Worker.is_embedded, func.count(), func.sum(Worker.slots))
        .where(col(Worker.updated_at) >= since)
        .group_by(col(Worker.is_embedded))
    )
    counts = {"embedded": (0, 0), "worker": (0, 0)}
    for is_embedded, count, slots in alive:
        counts["embedded" if is_embedded else "worker"] = (count, slots)
    yield _gauge(
        "workers",
        "Processes that do jobs and were heard of lately.",
        ("where",),
        {(where,): count for where, (count, _) in counts.items()},
    )
    yield _gauge(
        "worker_slots",
        "Jobs that they can do at once.",
        ("where",),
        {(where,): slots for where, (_, slots) in counts.items()},
    )
    oldest = await session.exec(
        select(func.min(AuditEvent.created_at)).where(col(AuditEvent.seq).is_(None))
    )
    waits_since: datetime | None = oldest.one()
    waited = (utc_now() - waits_since).total_seconds() if waits_since else 0
    yield _gauge(
        "audit_unsealed_seconds",
        "How long the oldest audit event has waited for the chain.",
        (),
        {(): waited},
    )


def _of_queues(found: list[Load]) -> Iterator[Metric]:
    yield _gauge(
        "jobs",
        "Jobs that are due and wait, and those that run.",
        ("queue", "state"),
        {(load.queue.value, "waiting"): load.waiting for load in found}
        | {(load.queue.value, "running"): load.running for load in found},
    )
    yield _gauge(
        "job_oldest_seconds",
        "How long the job has waited that is due for longest.",
        ("queue",),
        {(load.queue.value,): load.oldest_wait.total_seconds() for load in found},
    )
    yield _gauge(
        "queue_served",
        "Whether anybody who is alive takes jobs from it.",
        ("queue",),
        {(load.queue.value,): float(load.has_worker) for load in found},
    )
