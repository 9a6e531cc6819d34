"""The repositories that teams take components from."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response, status

from roster.auth.deps import ActorDep, PublisherDep, WriterDep
from roster.auth.second_factor import CipherDep
from roster.core.caching import ConditionalRoute, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    NotSignedIn,
    PreconditionRequired,
    Stale,
    TooManyRequests,
    problems,
)
from roster.core.paging import Page
from roster.imports import service as imports
from roster.imports import taking
from roster.imports.schemas import ImportPublic
from roster.jobs.refs import JobRef
from roster.upstreams import asking, repositories
from roster.upstreams.deps import (
    ChangedRepository,
    RemovedRepository,
    SeenRepository,
    WorkedRepository,
)
from roster.upstreams.schemas import (
    RepositoryPublic,
    RepositoryQuery,
    RepositoryUpdate,
)

router = APIRouter(
    prefix="/repositories",
    route_class=ConditionalRoute,
    tags=["repositories"],
    responses=problems(NotSignedIn),
)
one = APIRouter(
    prefix="/{repository_id}",
    route_class=ConditionalRoute,
    responses=problems(NotFound),
)
CHANGING = problems(Forbidden, PreconditionRequired, Stale)


@router.get("", summary="List repositories of your teams, the newest first")
async def list_repositories(
    query: Annotated[RepositoryQuery, Query()], actor: ActorDep, session: SessionDep
) -> Page[RepositoryPublic]:
    return await repositories.page_of(session, query, actor=actor)


@one.get("", summary="Read a repository: how it is checked, and what came of it")
async def read_repository(
    repository: SeenRepository, session: SessionDep, response: Response
) -> RepositoryPublic:
    response.headers["ETag"] = version_tag(repository.version)
    return await repositories.describe_one(session, repository)


@one.patch(
    "",
    summary="Change how a repository is fetched, and how often",
    responses={**CHANGING, **problems(Conflict)},
)
async def update_repository(
    data: Annotated[RepositoryUpdate, Body(examples=[{"every": "week"}])],
    repository: ChangedRepository,
    actor: WriterDep,
    session: SessionDep,
    cipher: CipherDep,
    response: Response,
) -> RepositoryPublic:
    """Its address cannot be changed: that would be another repository.

    A token that is there is replaced or removed by owners of the team, and by who
    added the repository.
    """
    await repositories.change(session, repository, data, cipher=cipher, actor=actor)
    response.headers["ETag"] = version_tag(repository.version)
    return await repositories.describe_one(session, repository)


@one.delete(
    "",
    summary="Forget a repository; its components stay, without an upstream",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def remove_repository(
    repository: RemovedRepository, actor: WriterDep, session: SessionDep
) -> None:
    await repositories.remove(session, repository, actor=actor)


@one.post(
    "/check",
    summary="Look now for updates of the components of a repository",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(Forbidden, TooManyRequests),
)
async def check_repository(
    repository: WorkedRepository, actor: WriterDep, session: SessionDep
) -> JobRef:
    """Answers the job that does it; a check that waits or runs already is given."""
    job = await asking.ask(session, asking.CHECK, repository, actor=actor)
    return JobRef.model_validate(job)


@one.post(
    "/update",
    summary="Update all components of a repository that merge without a question",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(Forbidden, TooManyRequests),
)
async def update_from_repository(
    repository: WorkedRepository, actor: PublisherDep, session: SessionDep
) -> JobRef:
    """Those that are pinned, or changed on both sides, are left: the log names them."""
    job = await asking.ask(session, asking.UPDATE, repository, actor=actor)
    return JobRef.model_validate(job)


@one.post(
    "/import",
    summary="Read a repository again, and look at what stands in it",
    status_code=status.HTTP_201_CREATED,
    responses=problems(Forbidden, TooManyRequests),
)
async def import_repository(
    repository: WorkedRepository,
    actor: WriterDep,
    session: SessionDep,
    request: Request,
    response: Response,
) -> ImportPublic:
    """What came from it before is found again, and what is new there as well."""
    row = await taking.read_repository(session, repository, actor=actor)
    address = request.url_for("read_import", import_id=row.id)
    response.headers["Location"] = address.path
    response.headers["ETag"] = version_tag(row.version)
    return await imports.describe_one(session, row)


router.include_router(one)
