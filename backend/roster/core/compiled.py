"""Statements that are built and compiled once, and run in a session's transaction.

To build a statement, and to look up what it was compiled to, takes several times as
long as a database takes for a row. Here that is done once for each engine; from then on
its text goes to the driver (`driver.py`): errors, events and the transaction are those
of any other statement.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Delete, Insert, Select, Update, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.changes import note
from roster.core.direct import AnyRow, Prepared, prepare, slot
from roster.core.driver import driver_of
from roster.core.model import Model
from roster.core.topics import told_by_statement

Convert = Callable[[Any], Any] | None
Converts = Sequence[tuple[int, Callable[[Any], Any]]]
"""The places of a row that hold something else than the driver says, and what."""
Row = Mapping[str, Any]


class Asking:
    """A SELECT with a `slot` for each value that differs between runs."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._prepared: WeakKeyDictionary[Dialect, tuple[Prepared, Converts]]
        self._prepared = WeakKeyDictionary()

    async def rows(self, session: AsyncSession, values: Row) -> list[AnyRow]:
        """Give the rows, after the session has written what it has to write."""
        driver = await driver_of(session)
        prepared, converts = self._compiled(driver.dialect)
        found = await driver.rows(prepared.text, prepared.parameters(values))
        if not converts:
            return [prepared.make(row) for row in found]
        rows = []
        for row in found:
            cells = list(row)
            for place, convert in converts:
                cells[place] = convert(cells[place])
            rows.append(prepared.make(cells))
        return rows

    def _compiled(self, dialect: Dialect) -> tuple[Prepared, Converts]:
        found = self._prepared.get(dialect)
        if found is None:
            processors = (
                column.type.dialect_impl(dialect).result_processor(dialect, None)
                for column in self._statement.selected_columns
            )
            converts = [
                (place, convert)
                for place, convert in enumerate(processors)
                if convert is not None
            ]
            found = prepare(self._statement, dialect), converts
            self._prepared[dialect] = found
        return found


class _Parameter(NamedTuple):
    """What stands at one place of it."""

    name: str
    convert: Convert
    default: Callable[[], Any] | None


@dataclass(frozen=True, slots=True)
class Text:
    """A statement that changes rows, in the words of a driver."""

    text: str
    parameters: Sequence[_Parameter]

    def filled(self, row: Row) -> list[Any]:
        values = []
        for name, convert, default in self.parameters:
            if default is not None and name not in row:
                values.append(default())
                continue
            value = row[name]
            values.append(value if convert is None else convert(value))
        return values


def text_of(
    statement: Insert | Update | Delete, dialect: Dialect, columns: Sequence[str] = ()
) -> Text:
    """Compile a statement; of an INSERT, for rows of these columns."""
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    defaults = {column.key: column.default for column in compiled.insert_prefetch}
    parameters = []
    for name in compiled.positiontup or ():
        bound = compiled.binds[name]
        convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
        given: Callable[[], Any] | None = None
        if name in defaults:
            given = _default_of(defaults[name], convert)
        elif bound.value is not None and not bound.required:
            value = bound.value if convert is None else convert(bound.value)
            given = partial(_same, value)
        parameters.append(_Parameter(name, convert, given))
    return Text(str(compiled), parameters)


def _same(value: Any) -> Any:
    return value


def _default_of(default: Any, convert: Convert) -> Callable[[], Any]:
    def give() -> Any:
        value = default.arg(None) if default.is_callable else default.arg
        return value if convert is None else convert(value)

    return give


class Inserting:
    """An INSERT of rows that need no entity.

    Making an entity, finding out what of it to write and writing it costs several
    times as much as the row itself.
    """

    def __init__(
        self, model: type[Model], refine: Callable[[Any], Any] = lambda made: made
    ) -> None:
        """Insert into the table of a model.

        Args:
            model: Of the table.
            refine: Makes of the dialect's own INSERT one that knows of conflicts.
        """
        self._model = model
        self._plain = insert(model.metadata.tables[str(model.__tablename__)])
        self._refine = refine
        self._texts: WeakKeyDictionary[Dialect, dict[tuple[str, ...], Text]]
        self._texts = WeakKeyDictionary()

    async def rows(self, session: AsyncSession, rows: Sequence[Row]) -> None:
        """Insert rows, which all have the same columns."""
        if not rows:
            return
        driver = await driver_of(session)
        text = self.text_of(driver.dialect, rows[0])
        if len(rows) == 1:
            await driver.rows(text.text, text.filled(rows[0]))
        else:
            await driver.run_many(text.text, [text.filled(row) for row in rows])
        self.tell(session, rows)

    def tell(self, session: AsyncSession, rows: Sequence[Row]) -> None:
        """Note what new rows are about."""
        rules = self._model.__tells__
        if rules:
            note(session, told_by_statement(self._plain, rules, rows))

    def text_of(self, dialect: Dialect, row: Row) -> Text:
        """The statement for rows with the columns of this one."""
        texts = self._texts.setdefault(dialect, {})
        columns = tuple(row)
        found = texts.get(columns)
        if found is None:
            own: Any = postgresql if dialect.name == "postgresql" else sqlite
            # Inline: nobody asks for the keys that the database gives.
            statement = self._refine(own.insert(self._plain.table)).inline()
            found = texts[columns] = text_of(statement, dialect, columns)
        return found


def slots(name: str, count: int, sql_type: TypeEngine[Any]) -> list[BindParameter[Any]]:
    """Slots for an IN, to be filled by `in_slots`."""
    return [slot(f"{name}_{place}", sql_type) for place in range(count)]


def in_slots(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """Fill such slots, with the last one again and again where values are missing.

    So there are few numbers of slots, and few statements to compile.
    """
    room = 1
    while room < len(values):
        room *= 2
    last = values[-1] if values else None  # which equals nothing
    filled = [*values, *(last for _ in range(len(values), room))]
    return {f"{name}_{place}": value for place, value in enumerate(filled)}
