"""Commands that run an instance, its workers and its keys."""

import asyncio
import json
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from cryptography.fernet import Fernet
from pydantic import SecretStr

from roster.core.keys import KeyKind
from roster.core.migrate import config_for, upgrade
from roster.jobs.models import Queue
from roster.main import create_app
from roster.serve import CannotStartError, settings_here
from roster.serve import migrate as bring_up_to_date
from roster.serve import serve as run_server
from roster.settings import Settings
from roster.telling import one_sentence
from roster.upkeep import reencrypt as reencrypt_values
from roster.upkeep import rotate_keys, verify_chain

commands = typer.Typer()
keys = typer.Typer(help="The keys of the instance.", no_args_is_help=True)
commands.add_typer(keys, name="keys")


@commands.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", max=65535)] = 8000,
    reload: Annotated[bool, typer.Option(help="Restart when code changes.")] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Processes that serve (ROSTER_WORKERS)."),
    ] = None,
) -> None:
    """Migrate the database, print the address, and serve."""
    with one_sentence():
        settings = settings_here()
        run_server(
            settings,
            host=host,
            port=port,
            reload=reload,
            workers=settings.workers if workers is None else workers,
        )


QUEUES = [queue.value for queue in Queue]


@commands.command()
def worker(
    *,
    queues: Annotated[
        str, typer.Option(help="Whose jobs to do, separated by commas.")
    ] = ",".join(QUEUES),
    concurrency: Annotated[
        int, typer.Option(min=1, max=64, help="How many jobs at once.")
    ] = 4,
    beat: Annotated[
        bool, typer.Option(help="Remind of what comes by the clock, too.")
    ] = True,
) -> None:
    """Do jobs that are heard of through Redis (ROSTER_REDIS_URL)."""
    # Celery takes half a second to import, and the other commands do without it.
    from roster import worker as workers  # noqa: PLC0415 - see above

    names = [name.strip() for name in queues.split(",")]
    if unknown := [name for name in names if name not in QUEUES]:
        sys.exit(f"There is no queue {unknown[0]!r}: name some of {', '.join(QUEUES)}.")
    chosen = [Queue(name) for name in names]
    with one_sentence():
        settings = settings_here()
        redis_url = _broker(settings)
        workers.work(
            settings, redis_url, queues=chosen, concurrency=concurrency, beat=beat
        )


@commands.command()
def beat() -> None:
    """Remind workers of what comes by the clock; a worker does so by itself."""
    from roster import worker as workers  # noqa: PLC0415 - as above

    with one_sentence():
        settings = settings_here()
        workers.beat(settings, _broker(settings))


def _broker(settings: Settings) -> SecretStr:
    if settings.redis_url is None:
        message = "A worker hears of jobs through Redis: set ROSTER_REDIS_URL."
        raise CannotStartError(message)
    return settings.redis_url


@commands.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    with one_sentence():
        bring_up_to_date(settings_here())


@commands.command()
def revision(message: Annotated[str, typer.Option("--message", "-m")]) -> None:
    """Write a migration from the tables as they are declared now."""
    # Only this command writes migrations.
    from alembic import command  # noqa: PLC0415 - see above

    # Compared with what the migrations make, not with anybody's data.
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/roster.db"
        upgrade(url)
        command.revision(config_for(url), message=message, autogenerate=True)


@commands.command("audit-verify")
def audit_verify() -> None:
    """Compare the audit events with what was sealed; exit with 1 where they differ."""
    with one_sentence():
        report = asyncio.run(verify_chain(settings_here()))
    if not report.intact:
        sys.exit(f"The chain of audit events is broken: {report.first_problem}")
    typer.echo(
        f"The chain of audit events is intact: {report.sealed} sealed, "
        f"{report.unsealed} waiting, {report.checkpoints} checkpoints."
    )


@keys.command()
def rotate(
    *,
    kind: Annotated[KeyKind, typer.Option(help="Which keys.")] = KeyKind.signing,
) -> None:
    """Put a new key in front of the others, which stay good for what they made."""
    with one_sentence():
        asyncio.run(rotate_keys(settings_here(), kind))
    typer.echo(
        f"A new {kind} key is in front, and the old ones still work. Restart Roster, "
        "so that it uses it."
    )
    if kind is KeyKind.encryption:
        typer.echo("Then run `roster keys reencrypt` before you remove an old one.")


@keys.command()
def reencrypt() -> None:
    """Seal all secrets with the first encryption key, so that the others can go."""
    with one_sentence():
        found = asyncio.run(reencrypt_values(settings_here()))
    typer.echo(f"Encrypted with the first key: {found.done} values.")
    if found.lost:
        sys.exit(
            f"{found.lost} values were encrypted with a key that is not there; they "
            "were left as they are."
        )


@commands.command()
def openapi(
    output: Annotated[Path | None, typer.Option(help="File; none: print it.")] = None,
) -> None:
    """Write the OpenAPI document, without a database or a running server."""
    settings = Settings(
        signing_keys=[f"unused:{secrets.token_urlsafe(48)}"],
        encryption_keys=[Fernet.generate_key().decode()],
        audit_keys=[f"unused:{secrets.token_urlsafe(48)}"],
    )
    document = json.dumps(create_app(settings).openapi(), indent=2) + "\n"
    if output is None:
        typer.echo(document, nl=False)
    else:
        output.write_text(document)
