from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Response, status

from roster.auth.deps import PersonDep
from roster.core.caching import ConditionalRoute, IfMatch
from roster.core.db import SessionDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    NotFound,
    PreconditionRequired,
    Stale,
    problems,
)
from roster.core.names import ComponentName, LabelName
from roster.teams import label_policies
from roster.teams.deps import ManagedTeam, ReadableTeam
from roster.teams.policy_schemas import (
    EXAMPLE_POLICY,
    LabelPolicyPublic,
    LabelPolicyWrite,
    TeamPolicy,
)

LabelPath = Annotated[
    LabelName, Path(description="Name of the label.", examples=["production"])
]
OldLabelPath = Annotated[
    ComponentName, Path(description="Name of the label.", examples=["production"])
]
"""Of what may have been set when a number was still taken for a name."""
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="`*`: protect a label that is not protected yet.",
    ),
]

router = APIRouter(
    prefix="/{team}/policy",
    route_class=ConditionalRoute,
    responses=problems(Forbidden, NotFound),
)


@router.get("", summary="Read which labels a team protects, and how")
async def read_team_policy(seen: ReadableTeam, session: SessionDep) -> TeamPolicy:
    policies = await label_policies.policies_of(session, seen.team.id)
    return TeamPolicy(labels=[LabelPolicyPublic.of(policy) for policy in policies])


@router.put(
    "/labels/{label}",
    summary="Protect a label, or change how it is protected",
    responses=problems(Conflict, PreconditionRequired, Stale),
)
async def protect_label(
    label: LabelPath,
    data: Annotated[LabelPolicyWrite, Body(examples=[EXAMPLE_POLICY])],
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> LabelPolicyPublic:
    policy = await label_policies.put(
        session,
        team,
        label,
        data,
        if_match=if_match,
        if_none_match=if_none_match,
        actor=actor,
    )
    public = LabelPolicyPublic.of(policy)
    response.headers["ETag"] = public.etag
    return public


@router.delete(
    "/labels/{label}",
    summary="Let a label move at once again",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PreconditionRequired, Stale),
)
async def unprotect_label(
    label: OldLabelPath,
    team: ManagedTeam,
    actor: PersonDep,
    session: SessionDep,
    if_match: IfMatch = None,
) -> None:
    await label_policies.remove(session, team, label, if_match, actor=actor)
