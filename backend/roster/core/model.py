import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import ConfigDict, field_validator, model_validator
from sqlalchemy import Enum, MetaData
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from roster.core.topics import ALL, Tells

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# NUL, which PostgreSQL cannot store in text, and halves of surrogate pairs, which
# are no characters; so neither engine may take them.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

MOST_FIELDS = 100


def utc_now() -> datetime:
    return datetime.now(UTC)


def enum_text(choices: type[StrEnum]) -> Enum:
    """Store an enumeration as text: native ones cannot be extended by a migration."""
    return Enum(
        choices,
        native_enum=False,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


class Model(SQLModel):
    """Base of every table: one metadata whose constraints are named by rule."""

    metadata = MetaData(naming_convention=NAMING)
    __tells__: ClassVar[tuple[Tells, ...]] = ALL
    """What a change of a row is about: see core/topics.py."""


class Record(Model):
    """A row with an identity: a UUIDv7, so that ids sort by the time of making."""

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    created_at: datetime = Field(default_factory=utc_now)
    updated_at: datetime = Field(default_factory=utc_now)


def holds_unstorable(value: object) -> bool:
    """Tell whether text that no database stores is anywhere in a value of JSON."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and _UNSTORABLE.search(item):
            return True
        if isinstance(item, dict):
            waiting.extend((*item.keys(), *item.values()))
        elif isinstance(item, list):
            waiting.extend(item)
    return False


class Payload(SQLModel):
    """Base of every request body: unknown fields and unstorable text are refused."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, value: object) -> object:
        """Refuse at once what would otherwise be refused field by field, for long."""
        if isinstance(value, dict) and len(value) > MOST_FIELDS:
            message = f"has more than {MOST_FIELDS} fields; send those that exist."
            raise ValueError(message)
        return value

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: object) -> object:
        if holds_unstorable(value):
            message = "holds a NUL character or half a surrogate pair; remove it."
            raise ValueError(message)
        return value
