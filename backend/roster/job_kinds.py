"""Every kind of background work, for whoever runs jobs."""

from roster.jobs import cleaning
from roster.jobs.registry import JobKind

JOB_KINDS: list[JobKind] = [*cleaning.JOBS]
