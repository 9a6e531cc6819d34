"""Every figure that Prometheus is told, by its name.

Values are counted where things happen, in memory. Where several processes serve one
port each keeps its own in a file (`PROMETHEUS_MULTIPROC_DIR`), and whichever is asked
adds them up. Labels are from small, closed sets: never an id, a name or an address.
"""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.metrics import MetricWrapperBase

# When each began, which doubles them and which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]

SHARED_IN = "PROMETHEUS_MULTIPROC_DIR"
REGISTRY = CollectorRegistry(auto_describe=True)

SHORT = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
REQUEST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10)
LONG = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


def _counter(name: str, says: str, *labels: str) -> Counter:
    return Counter(f"roster_{name}", says, labels, registry=REGISTRY)


def _gauge(name: str, says: str, *labels: str) -> Gauge:
    # Of the processes that are alive, added up.
    return Gauge(
        f"roster_{name}", says, labels, registry=REGISTRY, multiprocess_mode="livesum"
    )


def _own_gauge(name: str, says: str) -> Gauge:
    # One value for each process that is alive, told apart by `pid`.
    return Gauge(f"roster_{name}", says, registry=REGISTRY, multiprocess_mode="liveall")


def _histogram(
    name: str, says: str, buckets: tuple[float, ...], *labels: str
) -> Histogram:
    return Histogram(f"roster_{name}", says, labels, registry=REGISTRY, buckets=buckets)


# Requests
REQUESTS = _counter("requests", "Requests answered.", "method", "route", "status")
REQUEST_SECONDS = _histogram(
    "request_seconds", "From request to the end of its answer.", REQUEST, "route"
)
SENT_BYTES = _counter("response_bytes", "Bytes of answers, bodies alone.")
IN_FLIGHT = _gauge("requests_in_flight", "Requests that wait for their answer.")
LISTENERS = _gauge("listeners", "Clients that follow live events or jobs.", "what")
RATE_LIMITED = _counter("rate_limited", "Requests refused as too many.", "limit")

# Cache
CACHE = _counter("cache", "Looked for in a cache.", "cache", "outcome")
"""Outcomes: hit, miss, stale (it was there and is outdated), bypass."""
CACHE_BYTES = _gauge("cache_bytes", "Bytes that a cache holds.", "cache")
CACHE_ENTRIES = _gauge("cache_entries", "What a cache holds.", "cache")

# Database
DB_WAIT_SECONDS = _histogram(
    "database_wait_seconds", "Waiting for a connection or the writer.", SHORT, "role"
)
"""Roles: read, write."""
DB_CONNECTIONS = _gauge("database_connections", "Connections.", "role", "state")
"""States: busy, idle."""
COMMIT_SECONDS = _histogram("commit_seconds", "Taken by one COMMIT.", SHORT)
GROUP_SIZE = _histogram("commit_group_size", "Units of work in one COMMIT.", SIZES)
DB_FAILURES = _counter("database_failures", "What the database refused.", "reason")
"""Reasons: away, busy, timeout, full, conflict."""

# Jobs
JOBS_ENDED = _counter("jobs_ended", "Attempts at jobs.", "kind", "outcome")
"""Outcomes: succeeded, failed, retried, cancelled, requeued, lost."""
JOB_SECONDS = _histogram("job_seconds", "Taken by one attempt.", LONG, "kind")
JOB_WAIT_SECONDS = _histogram(
    "job_wait_seconds", "From when a job was due until it began.", LONG, "queue"
)

# What people do
EVENTS = _counter("events", "Audit events that were sealed.", "action")
"""Sign-ins that failed, revisions published, exports made, imports applied …"""

# The process
LOOP_LAG_SECONDS = _histogram(
    "event_loop_lag_seconds", "How late the event loop was with a timer.", SHORT
)
MEMORY_BYTES = _own_gauge("process_memory_bytes", "Resident memory.")
UNSHARED_BYTES = _own_gauge(
    "process_unshared_memory_bytes", "Resident memory that no file backs."
)
OPEN_FILES = _own_gauge("process_open_files", "Open file descriptors.")
MOST_FILES = _own_gauge("process_most_files", "How many may be open.")
TASKS = _own_gauge("process_tasks", "Tasks on the event loop.")
CPU_SECONDS = _own_gauge("process_cpu_seconds", "Processor time used since its start.")
STARTED_AT = _own_gauge("process_start_seconds", "When it started, in Unix time.")

ALL: tuple[MetricWrapperBase, ...] = tuple(
    one for one in globals().copy().values() if isinstance(one, MetricWrapperBase)
)


def is_shared() -> bool:
    """Whether several processes keep their values in files, to be added up."""
    return SHARED_IN in os.environ
