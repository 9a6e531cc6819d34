"""Every kind of background work, for whoever runs jobs."""

from roster.audit_trail import jobs as audit_jobs
from roster.auth import api_token_jobs, device_jobs, mailing
from roster.blobs import collecting
from roster.components import holders
from roster.imports import apply_job, read_job
from roster.jobs import cleaning
from roster.jobs.registry import JobKind
from roster.retention import jobs as retention_jobs
from roster.teams import mailing as team_mailing
from roster.upstreams import jobs as upstream_jobs

JOB_KINDS: list[JobKind] = [
    *audit_jobs.JOBS,
    *cleaning.JOBS,
    *api_token_jobs.JOBS,
    *device_jobs.JOBS,
    *collecting.JOBS,
    *holders.JOBS,
    *read_job.JOBS,
    *apply_job.JOBS,
    *mailing.JOBS,
    *team_mailing.JOBS,
    *upstream_jobs.JOBS,
    *retention_jobs.JOBS,
]
