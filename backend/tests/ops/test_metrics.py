import os
import subprocess
import sys
from pathlib import Path

import httpx
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from pydantic import SecretStr
from sqlmodel import col, delete

from roster.audit.sealer import seal_batch
from roster.core.db import Database
from roster.core.metrics import SHARED_IN
from roster.jobs import presence
from roster.jobs.models import Job, Queue
from roster.jobs.service import enqueue
from tests.conftest import Connect, StartApp
from tests.ops.test_health import TOKEN, from_afar

METRICS = "http://roster.test/metrics"
BACKEND = Path(__file__).resolve().parents[2]

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def figures_in(text: str) -> Figures:
    samples: list[Sample] = [
        sample
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
    return {(one.name, frozenset(one.labels.items())): one.value for one in samples}


async def read(client: httpx.AsyncClient) -> Figures:
    answer = await client.get(METRICS)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=1.0.0")
    return figures_in(answer.text)


def value(figures: Figures, name: str, **labels: str) -> float:
    return figures.get((name, frozenset(labels.items())), 0)


async def test_requests_are_counted_by_template_method_and_status(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    route = "/api/v1/components/{component_id}"
    before = await read(anonymous)

    for _ in range(3):
        await ada.get("/components/019aa000-0000-7000-8000-000000000000")
    await anonymous.get("/no/such/address")
    await anonymous.request("BREW", "/instance")

    after = await read(anonymous)

    def grown(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    requests = "roster_requests_total"
    assert grown(requests, method="GET", route=route, status="404") == 3
    assert grown("roster_request_seconds_count", route=route) == 3
    assert grown("roster_request_seconds_sum", route=route) > 0
    assert grown(requests, method="GET", route="unmatched", status="404") == 1
    assert grown(requests, method="other", route="/api/v1/instance", status="405") == 1
    assert grown("roster_response_bytes_total") > 0
    assert value(after, "roster_requests_in_flight") == 1


async def test_how_things_stand_is_looked_up(
    database: Database, anonymous: httpx.AsyncClient
) -> None:
    async with database.write() as session:
        await session.exec(delete(Job).where(col(Job.queue) == Queue.imports))
        session.add(Job(kind="imports.read", queue=Queue.imports))
    queues = [Queue.imports]
    await presence.say(database, "w", queues, slots=4, is_embedded=False)

    figures = await read(anonymous)

    waiting = value(figures, "roster_jobs", queue="imports", state="waiting")
    assert waiting == 1
    assert value(figures, "roster_job_oldest_seconds", queue="imports") > 0
    assert value(figures, "roster_queue_served", queue="imports") == 1
    assert value(figures, "roster_queue_served", queue="default") == 0
    assert value(figures, "roster_workers", where="worker") == 1
    assert value(figures, "roster_worker_slots", where="worker") == 4
    assert value(figures, "roster_health", part="database") == 1
    assert value(figures, "roster_storage_free_bytes") > 0
    assert value(figures, "roster_process_memory_bytes") > 1_000_000
    assert value(figures, "roster_process_open_files") > 3
    connections = [
        count for (name, _), count in figures.items() if name.endswith("_connections")
    ]
    assert sum(connections) >= 1


async def test_figures_are_for_who_may_know_alone(
    start_app: StartApp, connect: Connect
) -> None:
    app = await start_app()
    async with from_afar(app) as stranger:
        answer = await stranger.get(METRICS)
        assert answer.status_code == 403
        assert "ROSTER_METRICS_TOKEN" in answer.json()["detail"]
    for says in ({"X-Forwarded-For": "::1"}, {"Host": "rebound.example.org"}):
        through = await connect(app).get(METRICS, headers=says)
        assert through.status_code == 403

    guarded = await start_app(metrics_token=SecretStr(TOKEN))
    assert (await connect(guarded).get(METRICS)).status_code == 401
    async with from_afar(guarded) as prometheus:
        for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer é"):
            headers = [(b"authorization", wrong.encode())]
            answer = await prometheus.get(METRICS, headers=headers)
            assert answer.status_code == 401, wrong
        headers = [(b"authorization", f"Bearer {TOKEN}".encode())]
        assert (await prometheus.get(METRICS, headers=headers)).status_code == 200


async def test_figures_are_told_without_the_database(
    start_app: StartApp, connect: Connect
) -> None:
    nowhere = SecretStr("postgresql+asyncpg://nobody@127.0.0.1:9/none?ssl=disable")
    client = connect(await start_app(database_url=nowhere))

    figures = await read(client)

    assert figures["roster_health", frozenset({("part", "database")})] == 0
    assert value(figures, "roster_health", part="storage") == 1


async def test_what_people_do_is_counted_once_it_is_sealed(
    app: FastAPI, ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    before = await read(anonymous)

    await ada.post("/teams", json={"slug": "platform", "name": "Platform"})
    while await seal_batch(app.state.database, app.state.chain):
        pass

    after = await read(anonymous)
    name, action = "roster_events_total", "team.created"
    grown = value(after, name, action=action) - value(before, name, action=action)
    assert grown == 1
    assert value(after, "roster_audit_unsealed_seconds") == 0


async def test_jobs_are_counted_by_their_outcome(
    app: FastAPI, ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    before = await read(anonymous)
    database: Database = app.state.database
    async with database.write() as session:
        enqueue(session, "blobs.collect", {})

    await app.state.runner.drain()

    after = await read(anonymous)

    def grown(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    ended = {"kind": "blobs.collect", "outcome": "succeeded"}
    assert grown("roster_jobs_ended_total", **ended) == 1
    assert grown("roster_job_seconds_count", kind="blobs.collect") == 1
    assert grown("roster_job_wait_seconds_count", queue="upkeep") >= 1
    name, labels = "roster_jobs_ended_last_hour", {"queue": "upkeep"}
    assert grown(name, **labels, state="succeeded") >= 1


async def test_no_name_or_id_is_in_a_label(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    await ada.get("/teams/ada")
    await ada.get("/teams/no-such-team-of-anybody")
    text = (await anonymous.get(METRICS)).text

    assert "no-such-team" not in text
    assert "ada" not in {part for line in text.splitlines() for part in line.split('"')}


COUNT = """
from roster.core import metrics, observing
scope = {"type": "http", "method": "GET", "path": "/metrics", "state": {"route": "/x"}}
observing.began()
observing.finished(scope, status=200, seconds=0.01, sent=7)
metrics.GROUP_SIZE.observe(3)
metrics.EVENTS.labels("export.made").inc()
metrics.MEMORY_BYTES.set(1)
"""


def test_values_of_several_processes_are_added_up(tmp_path: Path) -> None:
    for _ in range(2):
        subprocess.run(  # noqa: S603 - this Python, with a program of this file
            [sys.executable, "-c", COUNT],
            env={**os.environ, "PYTHONPATH": str(BACKEND), SHARED_IN: str(tmp_path)},
            check=True,
        )
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(tmp_path))  # type: ignore[no-untyped-call]

    figures = figures_in(generate_latest(registry).decode())

    labels = {"method": "GET", "route": "/x", "status": "200"}
    assert value(figures, "roster_requests_total", **labels) == 2
    assert value(figures, "roster_request_seconds_count", route="/x") == 2
    assert value(figures, "roster_commit_group_size_bucket", le="4.0") == 2
    assert value(figures, "roster_events_total", action="export.made") == 2
    memory = [key for key in figures if key[0] == "roster_process_memory_bytes"]
    assert len(memory) == 2
