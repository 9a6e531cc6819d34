from uuid import UUID

from sqlmodel import Field, Text

from roster.core.model import Model
from roster.core.topics import COMPONENT, Tells


class SearchDocument(Model, table=True):
    """What is searched of a component. The index over it is the engine's own.

    On SQLite an FTS5 table mirrors these rows by triggers; on PostgreSQL a generated
    tsvector column (not mapped here) carries a GIN index.
    """

    __tablename__ = "search_documents"
    __tells__ = (Tells({COMPONENT: "component_id"}),)

    rowid: int | None = Field(default=None, primary_key=True)
    component_id: UUID = Field(
        foreign_key="components.id", unique=True, ondelete="CASCADE"
    )
    name: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
