"""What blobs the upstreams of a team hold, and what they let go of."""

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.components.holders import HOLDING, kept
from roster.components.lookup import batches
from roster.components.models import Component
from roster.components.redaction import FORGETTING, Forgotten
from roster.repositories.models import Upstream
from roster.upstreams.models import UpstreamFile


def _of_upstreams() -> SelectOfScalar[str]:
    return (
        select(UpstreamFile.blob_digest)
        .join(Component, col(Component.id) == UpstreamFile.component_id)
        .where(kept(col(Component.team_id), UpstreamFile.blob_digest))
    )


async def _forget_redacted(session: AsyncSession, what: Forgotten) -> None:
    """Let go of what a team redacted, and of what that was made of.

    What its main file was redacted of is pinned: upstream the same may still stand.
    """
    mine = select(Component.id).where(Component.team_id == what.team_id)
    await session.exec(
        delete(UpstreamFile).where(
            col(UpstreamFile.blob_digest) == what.digest,
            col(UpstreamFile.component_id).in_(mine),
        )
    )
    for batch in batches(what.component_ids):
        await session.exec(
            delete(UpstreamFile).where(col(UpstreamFile.component_id).in_(batch))
        )
        await session.exec(
            update(Upstream)
            .where(col(Upstream.component_id).in_(batch))
            .values(is_pinned=True, version=Upstream.version + 1)
        )


HOLDING.append(_of_upstreams)
FORGETTING.append(_forget_redacted)
