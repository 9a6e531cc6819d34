"""How jobs get to the workers: Celery over Redis, as a means to wake them up.

The table is the truth. A message holds nothing but the id of a job, and whoever gets it
tries to take that very row: a message that comes twice, late, or for what somebody
else does already, does no harm; one that was lost is sent again.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from celery import Celery
from kombu import Connection
from kombu import Queue as Line
from pydantic import SecretStr

from roster.jobs.models import Job, Queue
from roster.jobs.performing import Kinds

PERFORM = "roster.perform"
TEND = "roster.tend"
TEND_SECONDS = 5.0
"""How often the workers themselves look what is due, besides those who serve."""
VISIBLE_AGAIN_SECONDS = 20
"""When a message comes again whose worker did not say that it is done with it. Shorter
than the time after which a job counts as lost, so that the message is there by then."""
HARD_LIMIT = timedelta(minutes=1)
"""How much longer than it may take a job has, until its process is killed."""
LAST_WORDS_SECONDS = 8.0
CONNECT_SECONDS = 2.0
STEPS = [0, 3, 6]
FIRST, USUAL, LAST = STEPS
"""Priorities of messages: that of jobs is any number, and higher is sooner."""
BYTES_PER_PROCESS = 400 * 1024
"""In kB: a process of a worker that has grown beyond is replaced after its job."""


def line_of(queue: Queue) -> str:
    """Name the queue of messages for a queue of jobs."""
    return f"roster.{queue}"


SETTINGS: dict[str, Any] = {
    "accept_content": ["json"],
    "task_serializer": "json",
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_publish_retry": False,
    "task_create_missing_queues": False,
    "task_queues": [Line(line_of(queue)) for queue in Queue],
    "task_default_queue": line_of(Queue.default),
    # A worker fetches only what it has a free process for. It must not be bounded by
    # what it did not say yet that it is done with (0: no bound): what it could not say
    # because Redis was away counts for ever, and once that was so for all that it did,
    # it neither fetched more nor noticed that its connection was gone.
    "worker_prefetch_multiplier": 0,
    "worker_disable_prefetch": True,
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_soft_shutdown_timeout": LAST_WORDS_SECONDS,
    # Else its stand-in for standard output breaks what writes lines of the log there,
    # and the worker with it.
    "worker_redirect_stdouts": False,
    "worker_max_memory_per_child": BYTES_PER_PROCESS,
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    # What was done when stands in the table, and is not needed in a file as well.
    "beat_scheduler": "celery.beat:Scheduler",
    "beat_max_loop_interval": TEND_SECONDS,
    "beat_schedule": {
        "tend": {
            "task": TEND,
            "schedule": TEND_SECONDS,
            "options": {"expires": TEND_SECONDS, "priority": FIRST},
        }
    },
}


def celery_app(redis_url: SecretStr, *, is_sender: bool = False) -> Celery:
    """Make what speaks with Redis.

    Args:
        redis_url: Where it is.
        is_sender: It only sends, and had rather fail than wait.
    """
    options: dict[str, Any] = {
        "visibility_timeout": VISIBLE_AGAIN_SECONDS,
        "queue_order_strategy": "priority",
        "priority_steps": STEPS,
        "socket_connect_timeout": CONNECT_SECONDS,
    }
    if is_sender:
        options |= {
            "socket_timeout": CONNECT_SECONDS,
            "connect_retries_timeout": CONNECT_SECONDS,
            "max_retries": 1,
        }
    app = Celery("roster", broker=redis_url.get_secret_value(), set_as_current=False)
    app.conf.update(**SETTINGS, broker_transport_options=options)
    return app


class Outbox:
    """Sends messages about jobs. It blocks: call it in threads or processes alone."""

    def __init__(self, app: Celery, kinds: Kinds) -> None:
        self.kinds = kinds.by_name
        self._app = app

    def send(self, jobs: Iterable[Job]) -> None:
        """Send a message about each.

        Raises:
            OperationalError: The broker does not answer.
        """
        with self._app.connection_for_write() as connection:
            for job in jobs:
                self._send(job, connection)

    def _send(self, job: Job, connection: Connection) -> None:
        longest = self.kinds[job.kind].longest
        self._app.send_task(
            PERFORM,
            args=[str(job.id)],
            # Straight into the queue: what a broker that was emptied knew of exchanges
            # would be gone.
            queue=line_of(job.queue),
            priority=FIRST if job.priority > 0 else LAST if job.priority < 0 else USUAL,
            time_limit=int((longest + HARD_LIMIT).total_seconds()),
            connection=connection,
        )

    def waiting(self, queue: Queue) -> int:
        """Count the messages that nobody has fetched yet."""
        with self._app.connection_for_read() as connection:
            channel: Any = connection.default_channel
            # What `queue_declare` asks, too, but fails where the queue is empty.
            return int(channel._size(line_of(queue)))  # noqa: SLF001 - see above
