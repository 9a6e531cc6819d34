"""Build the application. Whoever calls `create_app` chooses its settings."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.middleware.cors import CORSMiddleware

from roster import __version__
from roster.audit.chain import Chain
from roster.audit.sealer import Sealer
from roster.audit_trail.routes import router as audit_trail
from roster.auth.api_token_routes import router as api_tokens
from roster.auth.factor_routes import router as factors
from roster.auth.password_routes import router as password
from roster.auth.passwords import PasswordHasher
from roster.auth.registration_routes import router as registration
from roster.auth.routes import router as auth
from roster.auth.session_routes import router as sessions
from roster.auth.throttle import Throttle
from roster.auth.tokens import Tokens
from roster.components.routes import router as components
from roster.core import handlers, hosts, keys, log, openapi
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.edge import Edge, Rules
from roster.core.errors import (
    HeadersTooLarge,
    Invalid,
    Malformed,
    TooManyRequests,
    Unavailable,
    UriTooLong,
    problems,
)
from roster.core.rate_limits import RateLimiter
from roster.exports.routes import router as exports
from roster.imports.routes import router as imports
from roster.instance.routes import router as instance
from roster.job_kinds import JOB_KINDS
from roster.jobs.registry import Tools
from roster.jobs.runner import Runner
from roster.ops.routes import outside
from roster.ops.routes import router as ops
from roster.ops.spa import Spa
from roster.settings import Settings
from roster.teams.invitation_routes import links as invitations
from roster.teams.routes import router as teams
from roster.users.admin_routes import router as accounts
from roster.users.routes import router as users

API = "/api/v1"
QUIET = frozenset({"/health/live", "/health/ready"})
EXPOSED_HEADERS = [
    "ETag",
    "Location",
    "X-Request-ID",
    "Retry-After",
    "Content-Disposition",
    "RateLimit",
    "RateLimit-Policy",
]
JSON_OVERHEAD = 8
"""JSON may write one byte of a file as six of its own, and adds some around it."""
SMALL_BODY = 64 * 1024
DESCRIPTION = "Registry for the building blocks of coding agents."


def no_nul_in_address(request: Request) -> None:
    raw = request.scope.get("raw_path") or b""
    if b"%00" in raw or b"%00" in request.scope["query_string"]:
        raise Malformed("The address holds a NUL character; remove it.")


def create_app(settings: Settings) -> FastAPI:
    log.configure(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        app.state.database = Database(
            settings.database, pool_size=settings.database_pool_size
        )
        app.state.runner = Runner(
            Tools(settings, app.state.database, app.state.keys), JOB_KINDS
        )
        sealer = Sealer(app.state.database, app.state.chain)
        if settings.run_jobs:
            app.state.runner.start()
            sealer.start()
        yield
        await sealer.stop()
        await app.state.runner.stop()
        app.state.passwords.close()
        await app.state.throttle.close()
        await app.state.database.dispose()

    app = FastAPI(
        title="Roster",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        # It would send to the host that the request names, whoever wrote that.
        redirect_slashes=False,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
    )
    app.state.settings = settings
    app.state.keys = keys.load_or_create(settings)
    app.state.chain = Chain(app.state.keys.audit)
    app.state.tokens = Tokens(app.state.keys.signing)
    app.state.cipher = Cipher(app.state.keys.encryption)
    app.state.passwords = PasswordHasher(settings.bcrypt_rounds)
    app.state.throttle = Throttle(settings.redis_url)
    handlers.install(app)
    openapi.install(app, API)
    _add_middleware(app, settings)
    _add_routes(app, settings)
    return app


AT_THE_EDGE = (UriTooLong, HeadersTooLarge, TooManyRequests)
"""What any request may be answered before it gets to its operation."""


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    per_minute = settings.rate_limit_per_minute
    rules = Rules(
        body_limit=JSON_OVERHEAD * settings.file_bytes,
        body_limits={
            f"{API}/imports": settings.upload_bytes,
            f"{API}/auth/": SMALL_BODY,
        },
        quiet=QUIET,
        host_allowed=hosts.rule_for(settings.allowed_hosts, settings.public_url),
        timeout_seconds=settings.request_timeout_seconds,
        rate=RateLimiter(per_minute) if per_minute else None,
    )
    app.add_middleware(Edge, rules=rules, on_error=handlers.uncaught)
    if settings.cors_origins:
        # Outermost, so that the app can read every problem, whoever answers it.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=EXPOSED_HEADERS,
        )


def _add_routes(app: FastAPI, settings: Settings) -> None:
    api = APIRouter(
        prefix=API,
        dependencies=[Depends(no_nul_in_address)],
        responses=problems(Malformed, Invalid, *AT_THE_EDGE, Unavailable),
    )
    for router in (
        components,
        auth,
        registration,
        sessions,
        password,
        factors,
        api_tokens,
        users,
        accounts,
        teams,
        invitations,
        instance,
        imports,
        exports,
        audit_trail,
        ops,
    ):
        api.include_router(router)
    app.include_router(api)
    app.include_router(outside, responses=problems(Invalid, *AT_THE_EDGE))
    if settings.spa_dir is not None:
        # Not a mount at "/", which would match before a route's other methods (405).
        app.router.default = Spa(settings.spa_dir)
