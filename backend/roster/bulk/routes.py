from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Security

from roster.auth.deps import get_actor
from roster.bulk import service
from roster.bulk.schemas import Bulk, BulkResult, BulkResults, CollectMany
from roster.collections.deps import editable_collection
from roster.core.actor import Actor, Scope
from roster.core.caching import ConditionalRoute
from roster.core.db import SessionDep
from roster.core.errors import Forbidden, NotFound, NotSignedIn, ScopeMissing, problems
from roster.core.handlers import document_of

router = APIRouter(
    prefix="/components/bulk",
    route_class=ConditionalRoute,
    tags=["components"],
    responses=problems(NotSignedIn),
)

EXAMPLE: dict[str, Any] = {
    "action": "label",
    "label": "production",
    "items": [
        {"id": "01890a5d-ac96-774b-bcce-b302099a8057", "etag": '"v7"'},
        {"id": "01890a5d-ac96-774b-bcce-b302099a8058"},
    ],
}
PUBLISHES = frozenset({"label", "unlabel"})


async def get_changer(
    data: Bulk, actor: Annotated[Actor, Security(get_actor, scopes=[])]
) -> Actor:
    """Admit with the scope that the same action on one component needs."""
    needed = Scope.publish if data.action in PUBLISHES else Scope.write
    if needed not in actor.scopes:
        raise ScopeMissing(
            f"This needs an API token with the scope {needed}; make one that has it."
        )
    return actor


@router.post(
    "",
    summary="Do one action to many components",
    responses=problems(Forbidden, NotFound),
)
async def change_components(
    data: Annotated[Bulk, Body(examples=[EXAMPLE])],
    actor: Annotated[Actor, Security(get_changer)],
    request: Request,
    session: SessionDep,
) -> BulkResults:
    """Each item is done wholly or left as it is, and all of them are stored at once."""
    collection = None
    if isinstance(data, CollectMany):
        collection = await editable_collection(data.collection, session, actor)
    outcomes = await service.carry_out(session, data, collection, actor=actor)
    return BulkResults(
        items=[
            BulkResult(
                id=outcome.id,
                status=outcome.status,
                etag=outcome.etag,
                problem=outcome.problem and document_of(request, outcome.problem),
            )
            for outcome in outcomes
        ]
    )
