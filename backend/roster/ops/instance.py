from sqlmodel.ext.asyncio.session import AsyncSession

from roster import __version__
from roster.auth.setup import is_set_up
from roster.ops.models import Instance, Limits
from roster.settings import Settings

NAME = "Roster"


async def describe(session: AsyncSession, settings: Settings) -> Instance:
    return Instance(
        name=NAME,
        version=__version__,
        setup_required=not await is_set_up(session),
        registration_open=settings.registration_open,
        samples_available=settings.samples,
        limits=Limits(
            upload_bytes=settings.upload_bytes,
            import_files=settings.import_files,
            file_bytes=settings.file_bytes,
        ),
    )
