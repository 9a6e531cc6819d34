from datetime import timedelta

from roster.jobs.models import Queue
from roster.jobs.registry import JobKind
from roster.upstreams import holding, linking  # noqa: F401 - they register themselves
from roster.upstreams.asking import CHECK, CHECK_DUE, UPDATE, asked_again
from roster.upstreams.checking import check, check_due, ended
from roster.upstreams.updating_all import update_all

JOBS = [
    JobKind(
        CHECK,
        check,
        attempts=3,
        longest=timedelta(minutes=30),
        queue=Queue.imports,
        ended=ended,
        retried=asked_again,
    ),
    JobKind(CHECK_DUE, check_due, every=timedelta(minutes=5), queue=Queue.upkeep),
    JobKind(
        UPDATE,
        update_all,
        attempts=3,
        longest=timedelta(hours=1),
        queue=Queue.imports,
        retried=asked_again,
    ),
]
