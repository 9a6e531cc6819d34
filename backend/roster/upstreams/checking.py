"""Look whether a repository has updates for the components that come from it.

It is fetched once for all of them. What a component is upstream is told by digests, so
that a check that is done twice, or cut off in the middle, changes nothing that another
one would not.
"""

from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import record
from roster.core.actor import Actor, Anonymous, Caller
from roster.core.crypto import Cipher, NotOpenedError
from roster.core.errors import Problem
from roster.core.model import utc_now
from roster.fetching.errors import FetchError
from roster.fetching.git import Progress, Remote, fetch, head
from roster.imports.read_job import limits_of
from roster.imports.sources import TAR
from roster.imports.unpacking import read_upload
from roster.jobs.models import Job, JobState
from roster.jobs.registry import JobError, Run, Tools
from roster.repositories.models import (
    CheckOutcome,
    Repository,
    Upstream,
    UpstreamState,
)
from roster.repositories.sealing import token_of
from roster.repositories.service import target_of
from roster.repositories.timing import next_check
from roster.teams.models import Team
from roster.uploads.multipart import Part
from roster.uploads.spool import Spool
from roster.upstreams.asking import CHECK, ask
from roster.upstreams.comparing import Sight, sight
from roster.upstreams.finding import Finding
from roster.users.models import User

DUE_AT_ONCE = 100
COMMIT_SHOWN = 12
CHECKED = "repository.checked"


async def check(run: Run) -> None:
    """Compare the components of a repository with what it holds now.

    Raises:
        JobError: It cannot be fetched or read.
    """
    repository = await _find(run)
    if repository is None:
        run.note("The repository was removed, or its team was.")
        return
    remote = _remote(run, repository)
    settings = run.tools.settings
    try:
        run.progress(0, step="Asking for the newest commit")
        commit = await head(remote, settings=settings)
        if commit == repository.commit:
            run.note(f"It is still at {commit:.{COMMIT_SHOWN}}.")
            await _settle(run, repository.id, commit)
        else:
            await _compare(run, repository, remote)
    except FetchError as error:
        raise JobError(error.message, final=not error.may_pass) from None
    except Problem as problem:
        raise JobError(problem.detail, final=True) from None


async def _find(run: Run) -> Repository | None:
    async with run.tools.database.read() as session:
        found = await session.exec(
            select(Repository)
            .join(Team, col(Team.id) == Repository.team_id)
            .where(
                Repository.id == UUID(run.payload["repository_id"]),
                col(Team.deleted_at).is_(None),
            )
        )
        return found.first()


def _remote(run: Run, repository: Repository) -> Remote:
    try:
        token = token_of(Cipher(run.tools.keys.encryption), repository)
    except NotOpenedError:
        message = (
            "The token cannot be read with the keys of this instance; give it anew."
        )
        raise JobError(message, final=True) from None
    return Remote(
        repository.url, repository.ref or None, repository.folder or None, token
    )


async def _compare(run: Run, repository: Repository, remote: Remote) -> None:
    def tell(progress: Progress) -> None:
        run.progress(progress.received, step="Fetching")

    with Spool() as spool:
        fetched = await fetch(
            remote, spool, settings=run.tools.settings, on_progress=tell
        )
        run.note(f"Fetched {fetched.ref} at {fetched.commit:.{COMMIT_SHOWN}}.")
        seen = await run_in_threadpool(_look, run, Part(TAR, fetched.span), spool)
        finding = Finding(run, repository, fetched.commit, seen, spool)
        await finding.store()
        commit = fetched.commit if finding.is_whole else ""
        await _settle(run, repository.id, commit)


def _look(run: Run, part: Part, spool: Spool) -> Sight:
    def watch(step: str, done: int, total: int | None) -> None:
        run.check()
        run.progress(done, total, step=step)

    settings = run.tools.settings
    limits = limits_of(settings)
    reading = read_upload([part], spool, limits, settings.file_bytes, watch)
    return sight(reading, spool, run.check)


async def _settle(run: Run, repository_id: UUID, commit: str) -> None:
    """Say what came of it, together with the end of the job."""
    async with run.tools.database.write() as session:
        repository = await _locked(session, repository_id)
        counts = await _states(session, repository_id)
        available = counts.get(UpstreamState.available, 0)
        result = {
            "commit": commit,
            "components": sum(counts.values()),
            "updates": available,
            "gone": counts.get(UpstreamState.gone, 0),
        }
        if repository is not None:
            outcome = CheckOutcome.updates if available else CheckOutcome.unchanged
            _note(repository, outcome)
            repository.commit = commit
            await session.exec(
                update(Upstream)
                .where(col(Upstream.repository_id) == repository_id)
                .values(checked_at=repository.checked_at)
            )
            await _tell(session, repository, run.actor_id)
        run.note(_sentence(result))
        await run.finish(session, result)


def _sentence(result: dict[str, object]) -> str:
    return (
        f"{result['components']} components come from it, {result['updates']} can be "
        f"updated, {result['gone']} are not there any more."
    )


async def _locked(session: AsyncSession, repository_id: UUID) -> Repository | None:
    found = await session.exec(
        select(Repository)
        .where(Repository.id == repository_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.first()


async def _states(session: AsyncSession, id_: UUID) -> dict[UpstreamState, int]:
    rows = await session.exec(
        select(Upstream.state, func.count())
        .where(Upstream.repository_id == id_)
        .group_by(col(Upstream.state))
    )
    return {UpstreamState(state): count for state, count in rows}


def _note(repository: Repository, outcome: CheckOutcome, error: str = "") -> None:
    now = utc_now()
    failed = outcome is CheckOutcome.failed
    repository.outcome, repository.error = outcome, error
    repository.failures = repository.failures + 1 if failed else 0
    repository.checked_at = now
    repository.next_check_at = next_check(repository, now)


async def _tell(
    session: AsyncSession, repository: Repository, actor_id: UUID | None
) -> None:
    by: Caller = Anonymous()
    if actor_id is not None:
        user = await session.get_one(User, actor_id)
        by = Actor(user.id, user.username, user.is_admin)
    details = {"outcome": repository.outcome}
    record(session, CHECKED, target_of(repository), by=by, details=details)


async def ended(session: AsyncSession, job: Job, _tools: Tools) -> None:
    """Show with the repository why a check of it failed."""
    if job.state is not JobState.failed:
        return
    repository = await _locked(session, UUID(job.payload["repository_id"]))
    if repository is None:
        return
    was = repository.outcome, repository.error
    _note(repository, CheckOutcome.failed, job.error)
    if was != (repository.outcome, repository.error) or job.actor_id is not None:
        await _tell(session, repository, job.actor_id)


async def check_due(run: Run) -> None:
    """Ask for the checks of all repositories whose time has come.

    Those that nothing was taken from are left alone.
    """
    taken = select(Upstream.component_id).where(Upstream.repository_id == Repository.id)
    while True:
        async with run.tools.database.write() as session:
            now = utc_now()
            deleted = select(Team.id).where(col(Team.deleted_at).is_not(None))
            found = await session.exec(
                select(Repository)
                .where(
                    col(Repository.next_check_at) <= now,
                    col(Repository.team_id).not_in(deleted),
                    taken.exists(),
                )
                .order_by(col(Repository.next_check_at), col(Repository.id))
                .limit(DUE_AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            due = found.all()
            for repository in due:
                await ask(session, CHECK, repository, actor=None)
                repository.next_check_at = next_check(repository, now)
        if len(due) < DUE_AT_ONCE:
            return
