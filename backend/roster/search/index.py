"""Keep what is searched of each component; the engine indexes it by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, delete, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.changing import Changing
from roster.core.compiled import in_slots, slots
from roster.core.inserting import insert_rows
from roster.search import vocabulary
from roster.search.models import SearchDocument
from roster.search.words import fold, shortened

# PostgreSQL takes at most 1 MiB of lexemes and positions in one vector, which is up
# to twice the text's own size.
BODY_BYTES = 200_000
DESCRIPTION_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Document:
    component_id: UUID
    name: str
    description: str
    body: str
    scope: str = ""
    """See `scopes`."""


def _folded(text: str, size: int) -> str:
    # Cut before folding to bound the work, and after it because folding may expand.
    return shortened(fold(shortened(text, size)), size)


async def add_many(session: AsyncSession, documents: Sequence[Document]) -> None:
    """Index components that are not in the index yet."""
    await insert_rows(session, (SearchDocument, rows_of(documents)))
    await learn(session, ((one.name, one.description) for one in documents))


def rows_of(documents: Iterable[Document]) -> list[dict[str, Any]]:
    return [
        {
            "component_id": document.component_id,
            "name": fold(document.name),
            "description": _folded(document.description, DESCRIPTION_BYTES),
            "body": _folded(document.body, BODY_BYTES),
            "scope": document.scope,
        }
        for document in documents
    ]


async def learn(session: AsyncSession, heads: Iterable[tuple[str, str]]) -> None:
    """Add the words of names and descriptions that are found by now."""
    texts = (
        text
        for name, description in heads
        for text in (fold(name), _folded(description, DESCRIPTION_BYTES))
    )
    await vocabulary.learn(session, texts)


async def rename(session: AsyncSession, component_id: UUID, name: str) -> None:
    """Find a component by another name."""
    await vocabulary.learn(session, [fold(name)])
    await session.exec(
        update(SearchDocument)
        .where(col(SearchDocument.component_id) == component_id)
        .values(name=fold(name))
    )


async def remove(session: AsyncSession, *component_ids: UUID) -> None:
    values = in_slots("id", component_ids)
    about = [{"component_id": id_} for id_ in component_ids]
    await _removing(len(values)).run(session, values, about)


@cache
def _removing(count: int) -> Changing:
    ids = slots("id", count, Uuid())
    return Changing(
        delete(SearchDocument).where(col(SearchDocument.component_id).in_(ids)),
        SearchDocument,
    )
