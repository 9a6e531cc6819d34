"""How rows are written down so that no engine loses anything of them."""

import base64
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    Insert,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    cast,
    insert,
    select,
    type_coerce,
)
from sqlmodel.sql.sqltypes import UTCDateTime

from roster import tables
from roster.core.model import Model

LEFT_OUT = frozenset({"changes"})
"""What the processes at one database tell each other; it is minutes old at most."""
BOUND = "new_"


def exported_tables() -> list[Table]:
    """Every table, each after those that it refers to."""
    assert tables.__all__  # noqa: S101 - all are declared once it is imported
    return [
        table for table in Model.metadata.sorted_tables if table.name not in LEFT_OUT
    ]


def columns_of(table: Table) -> list[Column[Any]]:
    """What is written of a table; an engine finds the rest out by itself."""
    return [column for column in table.columns if column.computed is None]


def selected(table: Table) -> Select[Any]:
    """Read all rows, in the order of their keys, as they are stored."""
    return select(*map(_read, columns_of(table))).order_by(*table.primary_key.columns)


def _read(column: Column[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, JSON):
        # Its text, to the letter.
        return cast(column, Text)
    if isinstance(column.type, Enum):
        return type_coerce(column, String)
    return column


def inserted(table: Table, dialect: str) -> Insert:
    """Write rows, which `bound` makes of lines."""
    values = {column.name: _written(column, dialect) for column in columns_of(table)}
    return insert(table).values(values)


def _written(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    name = f"{BOUND}{column.name}"
    if isinstance(column.type, JSON):
        text: ColumnElement[Any] = bindparam(name, type_=Text())
        # SQLite has no such type: a cast would make a number of it.
        return cast(text, JSON) if dialect == "postgresql" else text
    if isinstance(column.type, Enum):
        return bindparam(name, type_=String())
    return bindparam(name, type_=column.type)


def as_line(row: Sequence[Any]) -> bytes:
    return orjson.dumps([_plain(value) for value in row]) + b"\n"


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date):  # a moment is one, too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    message = f"A value of the type {type(value).__name__} cannot be written down."
    raise TypeError(message)


def readers_of(columns: Sequence[Column[Any]]) -> list[Callable[[Any], Any] | None]:
    return [_reader_of(column) for column in columns]


def _reader_of(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Uuid):
        return UUID
    if isinstance(column.type, LargeBinary):
        return base64.b64decode
    if isinstance(column.type, JSON | Enum):
        return None
    if isinstance(column.type, DateTime | UTCDateTime):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return None


def refers_to_itself(table: Table) -> list[Column[Any]]:
    """Columns that are filled in once all rows are there."""
    return [
        key.parent for key in table.foreign_keys if key.column.table.name == table.name
    ]


def counted_by(table: Table) -> Column[Any] | None:
    """The column that the engine counts, if there is one."""
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer):
        return None
    return column
