"""Whether it is alive, ready and well: for machines and for administrators."""

from fastapi import APIRouter, Request, Response

from roster.auth.deps import AdminDep
from roster.core.caching import ConditionalRoute
from roster.core.db import DatabaseDep, ReadSessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import Forbidden, NotSignedIn, Unavailable, problems
from roster.ops import instance_health, scraping
from roster.ops.guard import may_know
from roster.ops.health import HealthDep, not_ready, worst_of
from roster.ops.models import InstanceHealth, LiveReport, ReadyReport

router = APIRouter(route_class=ConditionalRoute, tags=["instance"])
outside = APIRouter(tags=["operations"])

PROMETHEUS = "text/plain; version=1.0.0; charset=utf-8"


@router.get(
    "/instance/health",
    summary="Read how this instance is, as administrator",
    responses=problems(NotSignedIn, Forbidden),
)
async def read_instance_health(
    _admin: AdminDep, session: ReadSessionDep, settings: SettingsDep, health: HealthDep
) -> InstanceHealth:
    """Look at every part of it, and say what runs here."""
    return await instance_health.describe(session, settings, health)


@outside.get(
    "/health/live", summary="Is the process alive?", responses=problems(Unavailable)
)
async def read_liveness(health: HealthDep) -> LiveReport:
    """Say yes until it is told to end, whatever it needs is there or not."""
    health.require_going_on()
    return LiveReport()


@outside.get(
    "/health/ready",
    summary="Can it serve requests?",
    responses=problems(Unavailable),
)
async def read_readiness(
    request: Request, settings: SettingsDep, health: HealthDep, response: Response
) -> ReadyReport:
    """Say yes when nothing fails that serving needs.

    What is degraded makes other things late: reads and writes go on. On the machine
    itself, or with the token in ROSTER_METRICS_TOKEN, each part is told.
    """
    parts = await health.look()
    in_detail = may_know(request, settings)
    status = worst_of(parts)
    if status == "failed":
        raise not_ready(parts, in_detail=in_detail)
    response.headers["Cache-Control"] = "no-store"
    if in_detail:
        return ReadyReport(status=status, parts=parts)
    return ReadyReport(status=status)


@outside.get(
    "/metrics",
    summary="Read all figures, as Prometheus takes them",
    response_class=Response,
    responses={
        200: {
            "description": "In Prometheus' text format.",
            "content": {PROMETHEUS: {"schema": {"type": "string"}}},
        },
        **problems(NotSignedIn, Forbidden),
    },
)
async def read_metrics(
    request: Request, settings: SettingsDep, health: HealthDep, database: DatabaseDep
) -> Response:
    """Tell what was counted since the start, and how things stand.

    Send the token in ROSTER_METRICS_TOKEN as bearer; where none is set, only who asks
    on the machine itself is answered.
    """
    if not may_know(request, settings):
        if settings.metrics_token is not None:
            raise NotSignedIn("Send the token in ROSTER_METRICS_TOKEN as bearer.")
        raise Forbidden(
            "Figures are told on the machine itself; set ROSTER_METRICS_TOKEN to ask "
            "from elsewhere."
        )
    request.app.state.sampler.sample()
    return Response(
        await scraping.text_of(health, database),
        media_type=PROMETHEUS,
        headers={"Cache-Control": "no-store"},
    )
