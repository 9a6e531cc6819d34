from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from roster.core.answers import keep
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import NotFound, problems
from roster.ops import docs, instance, pages
from roster.ops import problems as problem_pages
from roster.ops.models import Instance, ProblemType, ProblemTypes
from roster.ops.spa import accepted_codings

router = APIRouter(route_class=ConditionalRoute, tags=["instance"])
outside = APIRouter(tags=["operations"])

ProblemCode = Annotated[
    str, Path(description="The last part of its `type`.", examples=["not-found"])
]
HTML_TOO: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {}}}}


@router.get("/instance", summary="Read what this instance is and takes")
async def read_instance(
    session: SessionDep, settings: SettingsDep, request: Request
) -> Instance:
    """Tell an app, before anybody is signed in, what to offer and which limits hold."""
    # Everything is told where it changes: what administrators decide, and the set-up.
    keep(request)
    return await instance.describe(session, settings)


@outside.get(
    "/problems",
    summary="List the kinds of problems",
    response_model=ProblemTypes,
    responses=HTML_TOO,
)
async def list_problems(request: Request) -> ProblemTypes | Response:
    types = problem_pages.all_types()
    if pages.wants_html(request):
        return pages.problems_page(types.items, title="Problems")
    return types


@outside.get(
    "/problems/{code}",
    summary="Read about one kind of problem",
    response_model=ProblemType,
    responses={**HTML_TOO, **problems(NotFound)},
)
async def read_problem(code: ProblemCode, request: Request) -> ProblemType | Response:
    """Explain the `type` of a problem document."""
    found = problem_pages.one_type(code)
    if pages.wants_html(request):
        return pages.problems_page([found], title=found.title)
    return found


@outside.get("/docs", include_in_schema=False)
async def read_docs() -> Response:
    return docs.page()


@outside.get("/docs/{name}", include_in_schema=False)
async def read_docs_file(name: str, request: Request) -> Response:
    codings = accepted_codings(request.headers.get("accept-encoding", ""))
    return await docs.file(name, compressed="gzip" in codings)
