"""Build the application. Whoever calls `create_app` chooses its settings."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from roster import __version__
from roster.api import API, routes
from roster.audit.chain import Chain
from roster.audit.sealer import Sealer
from roster.auth.known import Callers
from roster.auth.passwords import PasswordHasher
from roster.auth.throttle import Throttle
from roster.auth.tokens import Tokens
from roster.components.hot_routes import HotReads
from roster.components.readings import Readings
from roster.components.views import view_of
from roster.core import handlers, hosts, keys, log, openapi
from roster.core.admission import Rules
from roster.core.answers import Answers
from roster.core.at_once import AtOnce
from roster.core.connection import ANSWERS
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.edge import Edge
from roster.core.following import Following
from roster.core.idempotency import REPLAYED
from roster.core.observing import PROBES
from roster.core.rate_limits import RateLimiter
from roster.core.tracing import TracedRequests, traced
from roster.git import asking
from roster.git.shelf import Shelf
from roster.job_kinds import JOB_KINDS
from roster.job_view.watching import Watch
from roster.jobs.registry import Tools
from roster.jobs.runner import Runner
from roster.live.hub import Hub
from roster.live.positions import Positions
from roster.live.socket import Waiting
from roster.ops.health import Health
from roster.ops.sampling import Sampler
from roster.ops.spa import Spa
from roster.settings import Settings

if TYPE_CHECKING:
    from roster.core.bus import Bus
    from roster.jobs.sending import Sender

EXPOSED_HEADERS = [
    "ETag",
    "Location",
    "X-Request-ID",
    "Retry-After",
    "Content-Disposition",
    "Repr-Digest",
    "RateLimit",
    "RateLimit-Policy",
    REPLAYED,
]
JSON_OVERHEAD = 8
"""JSON may write one byte of a file as six of its own, and adds some around it."""
SMALL_BODY = 64 * 1024
DESCRIPTION = "Registry for the building blocks of coding agents."


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[dict[str, object]]:
    settings: Settings = app.state.settings
    app.state.database = Database.of(settings)
    following = app.state.following = Following(
        settings.database, app.state.database.changes, redis_url=settings.redis_url
    )
    app.state.answers.follow(following)
    app.state.callers.follow(following)
    await following.start()
    app.state.runner = Runner(
        Tools(settings, app.state.database, app.state.keys), JOB_KINDS
    )
    health = app.state.health = Health(settings, app.state.database, app.state.runner)
    sender = app.state.sender = _sender(app)
    hub = app.state.hub = Hub(app.state.database, app.state.tokens, app.state.positions)
    hub.bus = _bus(settings, hub)
    hub.start()
    app.state.watch = Watch(app.state.database, hub, app.state.runner.kinds.by_name)
    app.state.watch.start()
    sealer = Sealer(app.state.database, app.state.chain, tell=hub.sealed)
    if settings.embeds_jobs:
        app.state.runner.start()
    if settings.run_jobs is not False:
        sealer.start()
    if sender is not None:
        sender.start()
    readings = app.state.readings = Readings(app.state.database)
    if settings.run_jobs is not False:
        readings.start()
    sampler = app.state.sampler = Sampler(app.state.database, hub, app.state.answers)
    sampler.start()
    # What runs the application says that it ends, and ends the streams, before it
    # waits for requests.
    engines = app.state.database.reader, app.state.database.writer
    async with app.state.rate_sharing, app.state.git, traced(settings, *engines):
        yield {"hub": hub, "health": health, ANSWERS: app.state.at_once}
    await sampler.stop()
    await hub.stop()
    await readings.stop()
    await app.state.watch.stop()
    await sealer.stop()
    if sender is not None:
        await sender.stop()
    await app.state.runner.stop()
    await app.state.passwords.close()
    await app.state.throttle.close()
    await following.stop()
    await health.close()
    await app.state.database.dispose()


def _bus(settings: Settings, hub: Hub) -> "Bus | None":
    """What wakes listeners of other processes, where Redis joins them."""
    if settings.redis_url is None:
        return None
    # Its client takes ten megabytes, and most instances do without.
    from roster.core.bus import SEALED, Bus  # noqa: PLC0415 - see above

    return Bus(settings.redis_url, hub.wake, channel=SEALED)


def _sender(app: FastAPI) -> "Sender | None":
    """What sends jobs to workers, where there are some."""
    if app.state.settings.redis_url is None:
        return None
    # Celery takes half a second to import, and is of use only beside Redis.
    from roster.jobs.broker import Outbox, celery_app  # noqa: PLC0415 - see above
    from roster.jobs.sending import Sender  # noqa: PLC0415 - see above

    celery = celery_app(app.state.settings.redis_url, is_sender=True)
    return Sender(app.state.database, Outbox(celery, app.state.runner.kinds))


def create_app(settings: Settings) -> FastAPI:
    log.configure(settings)

    app = FastAPI(
        title="Roster",
        version=__version__,
        description=DESCRIPTION,
        lifespan=_lifespan,
        # It would send to the host that the request names, whoever wrote that.
        redirect_slashes=False,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
        # What is told of requests is told once, by the one middleware.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    app.state.keys = keys.load_or_create(settings)
    app.state.chain = Chain(app.state.keys.audit)
    app.state.tokens = Tokens(app.state.keys.signing)
    app.state.answers = Answers(settings.cache_bytes)
    app.state.callers = Callers(
        app.state.tokens, view_of if settings.cache_bytes else None
    )
    app.state.cipher = Cipher(app.state.keys.encryption)
    app.state.passwords = PasswordHasher(settings.bcrypt_rounds)
    app.state.throttle = Throttle(settings.redis_url, processes=settings.workers)
    app.state.positions = Positions(next(iter(app.state.keys.signing.values())))
    app.state.waiting = Waiting()
    app.state.git = Shelf(settings.data_dir / "git")
    handlers.install(app)
    openapi.install(app, API)
    _add_middleware(app, settings)
    app.router.routes.extend(routes())
    if settings.spa_dir is not None:
        # Not a mount at "/", which would match before a route's other methods (405).
        app.router.default = Spa(settings.spa_dir)
    return app


def _limiter(app: FastAPI, settings: Settings) -> RateLimiter | None:
    """Count for all processes together through Redis, or each its part of the limit."""
    app.state.rate_sharing = nullcontext()
    per_minute = settings.rate_limit_per_minute
    if not per_minute:
        return None
    if settings.redis_url is None:
        return RateLimiter(max(1, per_minute // settings.workers))
    # As above: Redis's client.
    from roster.core.rate_sharing import (  # noqa: PLC0415 - see above
        Sharing,
        TellingLimiter,
    )

    limiter = TellingLimiter(per_minute)
    app.state.rate_sharing = Sharing(limiter, settings.redis_url)
    return limiter


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    rules = Rules(
        body_limit=JSON_OVERHEAD * settings.file_bytes,
        body_limits={
            f"{API}/imports": settings.upload_bytes,
            f"{API}/skills": settings.upload_bytes,
            f"{API}/components/*/draft/files/": settings.tree_bytes,
            f"{API}/components/*/draft/tree": settings.tree_bytes,
            f"{API}/auth/": SMALL_BODY,
            "/git/": asking.MOST_BYTES,
        },
        quiet=PROBES,
        host_allowed=hosts.rule_for(settings.allowed_hosts, settings.public_url),
        timeout_seconds=settings.request_timeout_seconds,
        rate=_limiter(app, settings),
        most_at_once=settings.requests_at_once or None,
    )
    at_once = AtOnce(rules, app.state.answers, app.state.callers)
    app.state.at_once = at_once
    app.add_middleware(
        Edge, at_once=at_once, shortcut=HotReads(API), on_error=handlers.uncaught
    )
    if settings.otlp_url is not None:
        app.add_middleware(TracedRequests)
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
