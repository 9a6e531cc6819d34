"""The same four routes for each kind, with names and schemas of their own."""

from fastapi import APIRouter, Request, Response, status
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.deps import CallerDep, PublisherDep
from roster.components import details, revisions, service
from roster.components.deps import NOT_FOUND, ComponentId, source_beside
from roster.components.kind_schemas import create_example, public_model
from roster.components.kinds import Kind
from roster.components.list_routes import add_lists
from roster.components.making import answer_made
from roster.components.negotiation import (
    AS_FILE,
    WantsMarkdown,
    is_markdown,
)
from roster.components.reading import read_new
from roster.components.readings import ReadingsDep
from roster.components.rows import AnyRow
from roster.components.schemas import (
    ComponentCreate,
    ComponentDetail,
)
from roster.components.serving import main_file
from roster.components.tree_making import add_tree_making
from roster.core.caching import ConditionalRoute, version_tag
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Forbidden,
    Invalid,
    NameTaken,
    NotFound,
    NotSignedIn,
    TooLarge,
    problems,
)


def router_for(kind: Kind) -> APIRouter:
    router = APIRouter(
        prefix=f"/{kind.plural}",
        route_class=ConditionalRoute,
        tags=[kind.plural],
        responses=problems(NotSignedIn),
    )
    public = public_model(kind.name)
    add_lists(router, kind)
    _add_reading(router, kind, public)
    (add_tree_making if kind.is_tree else _add_making)(router, kind, public)
    return router


def _add_reading(router: APIRouter, kind: Kind, public: type[ComponentDetail]) -> None:
    one = APIRouter(prefix="/{component_id}", route_class=ConditionalRoute)

    @one.get(
        "",
        name=f"read_{kind.name}",
        summary=f"Read one {kind.name} with what its newest revision says",
        response_model=public,
        responses={**(AS_FILE if is_markdown(kind.name) else {}), **problems(NotFound)},
    )
    async def read_component(
        component_id: ComponentId,
        request: Request,
        actor: CallerDep,
        database: DatabaseDep,
        readings: ReadingsDep,
        *,
        markdown: WantsMarkdown,
    ) -> Response:
        row = await details.find(database.direct, actor, component_id)
        if row is None:
            raise NotFound(NOT_FOUND)
        if row.kind != kind.name:
            raise NotFound(f"This is no {kind.name} but a {row.kind}.")
        if markdown and is_markdown(kind.name):
            async with database.read() as session:
                return await latest_file(session, row._replace(id=component_id))
        return await details.answer(request, row, database, readings)

    router.include_router(one)


async def latest_file(session: AsyncSession, row: AnyRow) -> Response:
    stored = await revisions.load(session, row, row.latest_number)
    return main_file(stored, version_tag(row.version))


def _add_making(router: APIRouter, kind: Kind, public: type[ComponentDetail]) -> None:
    @router.post(
        "",
        name=f"create_{kind.name}",
        summary=f"Create one {kind.name} from its file",
        status_code=status.HTTP_201_CREATED,
        response_model=public,
        responses=problems(Forbidden, NotFound, NameTaken, TooLarge, Invalid),
        openapi_extra={
            "requestBody": {
                "content": {"application/json": {"example": create_example(kind)}}
            }
        },
    )
    async def create_component(
        data: ComponentCreate,
        request: Request,
        actor: PublisherDep,
        database: DatabaseDep,
        session: SessionDep,
        settings: SettingsDep,
        readings: ReadingsDep,
    ) -> Response:
        source = await source_beside(database, actor)
        content = await read_new(
            kind,
            data.content,
            name=data.name,
            message=data.message,
            source=source,
            limit=settings.file_bytes,
        )
        made, home = await service.create_from(
            session, kind, data, content, actor=actor
        )
        address = f"{request.url.path}/{made.component.id}"
        return answer_made(made, home, readings, {"Location": address})
