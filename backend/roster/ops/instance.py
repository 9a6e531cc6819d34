from sqlmodel.ext.asyncio.session import AsyncSession

from roster import __version__
from roster.auth.setup import is_set_up
from roster.instance.service import current
from roster.ops.models import Instance, Limits
from roster.settings import Settings

NAME = "Roster"


async def describe(session: AsyncSession, settings: Settings) -> Instance:
    policy = await current(session, settings)
    return Instance(
        name=NAME,
        version=__version__,
        setup_required=not await is_set_up(session),
        registration=policy.registration,
        public_read=policy.public_read,
        token_max_days=policy.token_max_days,
        mail=settings.smtp_url is not None,
        samples_available=settings.samples,
        limits=Limits(
            upload_bytes=settings.upload_bytes,
            import_files=settings.import_files,
            file_bytes=settings.file_bytes,
        ),
    )
