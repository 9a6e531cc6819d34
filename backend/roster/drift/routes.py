from typing import Annotated

from fastapi import APIRouter, Body

from roster.auth.deps import CallerDep
from roster.core.caching import ConditionalRoute
from roster.core.db import ReadSessionDep
from roster.core.errors import NotSignedIn, problems
from roster.core.idempotency import without_key
from roster.drift import looking
from roster.drift.schemas import Drift, DriftRequest

router = APIRouter(route_class=ConditionalRoute, tags=["drift"])
EXAMPLE = {
    "files": [
        {
            "path": ".claude/agents/reviewer.md",
            "sha256": "0" * 64,
            "kind": "agent",
            "name": "reviewer",
        }
    ]
}


@router.post(
    "/drift",
    summary="Find out which revisions files are, by their digests",
    responses=problems(NotSignedIn),
)
@without_key("It changes nothing.")
async def find_drift(
    data: Annotated[DriftRequest, Body(examples=[EXAMPLE])],
    caller: CallerDep,
    session: ReadSessionDep,
) -> Drift:
    """Send the main files of components by their digests, never their content.

    What you may not see is not found. A file that is no revision is `modified` where
    there is something of its kind and name, to be compared with; else `unknown`.
    """
    return await looking.look(session, data.files, caller=caller)
