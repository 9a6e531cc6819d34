from uuid import UUID

from sqlmodel import Field, Text

from roster.core.model import Model
from roster.core.topics import COMPONENT, NOTHING, Tells


class SearchDocument(Model, table=True):
    """What is searched of a component. The indexes over it are the engine's own.

    On SQLite two FTS5 tables mirror these rows by triggers; on PostgreSQL generated
    tsvector columns (not mapped here) carry GIN indexes.
    """

    __tablename__ = "search_documents"
    __tells__ = (Tells({COMPONENT: "component_id"}),)

    rowid: int | None = Field(default=None, primary_key=True)
    component_id: UUID = Field(
        foreign_key="components.id", unique=True, ondelete="CASCADE"
    )
    name: str = Field(sa_type=Text, index=True)
    description: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    scope: str = Field(
        default="", sa_type=Text, sa_column_kwargs={"server_default": ""}
    )
    """See `scopes`; a trigger of the component's table keeps it."""


class SearchTrigram(Model, table=True):
    """A word of names and descriptions, by each three letters in a row of it."""

    __tablename__ = "search_trigrams"
    __tells__ = NOTHING
    __table_args__ = ({"sqlite_with_rowid": False},)

    trigram: str = Field(sa_type=Text, primary_key=True)
    word: str = Field(sa_type=Text, primary_key=True)
