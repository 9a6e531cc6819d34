from typing import Annotated

from fastapi import APIRouter, Body, Query, Response, status

from roster.auth.deps import PublisherDep
from roster.components import label_history, labels
from roster.components.deps import (
    EditableComponent,
    LabelPath,
    OldLabelPath,
    VisibleComponent,
)
from roster.components.details import JSON
from roster.components.label_history import HistoryQuery
from roster.components.schemas import LabelList, LabelMove, LabelPublic, LabelWrite
from roster.core.caching import ConditionalRoute, IfMatch, version_tag
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    PreconditionRequired,
    Stale,
    problems,
)
from roster.core.paging import Page

router = APIRouter(
    prefix="/components/{component_id}/labels",
    route_class=ConditionalRoute,
    tags=["labels"],
    responses=problems(NotFound),
)
CHANGING = problems(Forbidden, Conflict, PreconditionRequired, Stale)


@router.get("", summary="List the labels of a component")
async def list_labels(component: VisibleComponent, session: SessionDep) -> LabelList:
    return LabelList(items=await labels.labels_of(session, component.id))


@router.put(
    "/{label}",
    summary="Set a label, or move it",
    response_model=LabelPublic,
    responses=CHANGING,
)
async def move_label(
    label: LabelPath,
    data: Annotated[LabelWrite, Body(examples=[{"number": 3}])],
    component: EditableComponent,
    actor: PublisherDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> Response:
    moved = await labels.move(
        session, component, label, data.number, if_match, actor=actor
    )
    headers = {"ETag": version_tag(component.version)}
    return Response(moved.model_dump_json(), media_type=JSON, headers=headers)


@router.delete(
    "/{label}",
    summary="Take a label away",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=CHANGING,
)
async def remove_label(
    label: OldLabelPath,
    component: EditableComponent,
    actor: PublisherDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    await labels.remove(session, component, label, if_match, actor=actor)
    response.headers["ETag"] = version_tag(component.version)


@router.get("/{label}/history", summary="List where a label pointed, newest first")
async def list_label_moves(
    label: OldLabelPath,
    component: VisibleComponent,
    query: Annotated[HistoryQuery, Query()],
    session: SessionDep,
) -> Page[LabelMove]:
    return await label_history.page_of(session, component.id, label, query)
