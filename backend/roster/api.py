"""Every route, in the order in which they are matched."""

from functools import cache

from fastapi import APIRouter, Depends, FastAPI
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from roster.audit_trail.routes import router as audit_trail
from roster.auth.api_token_routes import router as api_tokens
from roster.auth.device_routes import router as devices
from roster.auth.factor_routes import router as factors
from roster.auth.password_routes import router as password
from roster.auth.registration_routes import router as registration
from roster.auth.routes import router as auth
from roster.auth.session_routes import router as sessions
from roster.auth.whoami_routes import router as whoami
from roster.bulk.routes import router as bulk
from roster.collections.routes import router as collections
from roster.components.routes import router as components
from roster.core import openapi
from roster.core.dispatch import Dispatcher
from roster.core.errors import (
    HeadersTooLarge,
    Invalid,
    Malformed,
    TooManyRequests,
    Unavailable,
    UriTooLong,
    problems,
)
from roster.drift.routes import router as drift
from roster.exports.routes import router as exports
from roster.git.routes import router as git
from roster.imports.routes import router as imports
from roster.instance.routes import router as instance
from roster.job_view.routes import router as jobs
from roster.live.routes import router as live
from roster.marketplaces.routes import ROUTERS as MARKETPLACES
from roster.ops.health_routes import outside as probes
from roster.ops.health_routes import router as health
from roster.ops.routes import outside
from roster.ops.routes import router as ops
from roster.promotions.routes import router as promotions
from roster.secrets.routes import router as secrets
from roster.stats.routes import router as stats
from roster.teams.invitation_routes import links as invitations
from roster.teams.routes import router as teams
from roster.upstreams.belonging_routes import router as belonging
from roster.upstreams.repository_routes import router as repositories
from roster.upstreams.routes import router as upstreams
from roster.usage_view.routes import router as usage
from roster.users.admin_routes import router as accounts
from roster.users.routes import router as users

API = "/api/v1"
AT_THE_EDGE = (UriTooLong, HeadersTooLarge, TooManyRequests)
"""What any request may be answered before it gets to its operation."""


async def no_nul_in_address(asked: HTTPConnection) -> None:
    raw = asked.scope.get("raw_path") or b""
    if b"%00" in raw or b"%00" in asked.scope["query_string"]:
        raise Malformed("The address holds a NUL character; remove it.")


@cache
def routes() -> list[BaseRoute]:
    """Build them once in a process: FastAPI takes long, and they hold no state."""
    api = APIRouter(
        prefix=API,
        dependencies=[Depends(no_nul_in_address)],
        responses=problems(Malformed, Invalid, *AT_THE_EDGE, Unavailable),
    )
    for router in (
        components,
        bulk,
        secrets,
        collections,
        promotions,
        auth,
        registration,
        sessions,
        password,
        factors,
        api_tokens,
        devices,
        whoami,
        users,
        accounts,
        teams,
        invitations,
        instance,
        imports,
        repositories,
        belonging,
        upstreams,
        exports,
        drift,
        audit_trail,
        jobs,
        live,
        stats,
        usage,
        ops,
        health,
    ):
        api.include_router(router)
    whole = FastAPI(openapi_url=None, generate_unique_id_function=openapi.operation_id)
    whole.include_router(api)
    whole.include_router(probes, responses=problems(Invalid, *AT_THE_EDGE))
    whole.include_router(outside, responses=problems(Invalid, *AT_THE_EDGE))
    for router in (git, *MARKETPLACES):
        whole.include_router(router, dependencies=[Depends(no_nul_in_address)])
    found = whole.router.routes
    return [Dispatcher(found), *found]
