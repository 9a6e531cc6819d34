"""How often things were pulled: a row for each day, and no word about by whom."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, Index

from roster.core.model import Model
from roster.core.topics import NOTHING

LONGEST = 32


class ReleasePull(Model, table=True):
    """Pulls of a whole release in one day, for one target, by one kind of client."""

    __tablename__ = "release_pulls"
    __tells__ = NOTHING
    __table_args__ = (Index(None, "day"),)

    release_id: UUID = Field(foreign_key="releases.id", primary_key=True)
    day: date = Field(primary_key=True)
    target: str = Field(primary_key=True, max_length=LONGEST)
    """Empty: as it is stored."""
    client: str = Field(primary_key=True, max_length=LONGEST)
    count: int


class ComponentPull(Model, table=True):
    """Pulls of one revision alone in one day, by one kind of client."""

    __tablename__ = "component_pulls"
    __tells__ = NOTHING
    __table_args__ = (Index(None, "day"),)

    component_id: UUID = Field(foreign_key="components.id", primary_key=True)
    day: date = Field(primary_key=True)
    number: int = Field(primary_key=True)
    client: str = Field(primary_key=True, max_length=LONGEST)
    count: int
