"""Changes of rows by statements that are compiled once, past the unit of work.

What of an entity is to be written is known where it is changed: to find it out anew,
from all that a session holds, takes longer than to write it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Delete, Update, inspect, update
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.changes import note
from roster.core.compiled import Text, text_of
from roster.core.direct import slot
from roster.core.driver import driver_of
from roster.core.inserting import table_of
from roster.core.model import Model
from roster.core.topics import told_by_change, told_by_statement

Entity = TypeVar("Entity", bound=Model)
_NEW = "new_"
"""Before the names of slots for what is written, beside those of the row's key."""


class Changing:
    """An UPDATE or a DELETE with a `slot` for each value that differs between runs.

    One that gives the rows it changed tells of nothing where there are none.
    """

    def __init__(self, statement: Update | Delete, model: type[Model]) -> None:
        self.statement = statement
        self._model = model
        self._texts: WeakKeyDictionary[Dialect, Text] = WeakKeyDictionary()

    async def run(
        self,
        session: AsyncSession,
        values: Mapping[str, Any],
        about: Sequence[Mapping[str, Any]],
    ) -> None:
        """Change rows, after the session has written what it has to write.

        Args:
            session: The transaction.
            values: What goes into the slots.
            about: What is known of the rows: the columns that topics are made of.
        """
        rows = await self.write(session, values)
        if rows or not self.statement.returning_column_descriptions:
            rules = self._model.__tells__
            note(session, told_by_statement(self.statement, rules, about))

    async def write(
        self, session: AsyncSession, values: Mapping[str, Any]
    ) -> Sequence[Any]:
        """The same, where the caller tells what it is about."""
        driver = await driver_of(session)
        text = self._texts.get(driver.dialect)
        if text is None:
            text = self._texts[driver.dialect] = text_of(self.statement, driver.dialect)
        return await driver.rows(text.text, text.filled(values))


async def change(
    session: AsyncSession, entity: Model, changes: Mapping[str, Any]
) -> None:
    """Write new values of an entity that the session holds, and set them."""
    model = type(entity)
    values = {f"{_NEW}{name}": value for name, value in changes.items()}
    for name in _key_of(model):
        values[name] = getattr(entity, name)
    topics = list(told_by_change(model.__tells__, vars(entity), changes))
    await _updating(model, tuple(changes)).write(session, values)
    note(session, topics)
    for name, value in changes.items():
        set_committed_value(entity, name, value)


@cache
def _updating(model: type[Model], names: tuple[str, ...]) -> Changing:
    table = table_of(model)
    columns = table.c
    key = [columns[name] == slot(name, columns[name].type) for name in _key_of(model)]
    new = {name: slot(f"{_NEW}{name}", columns[name].type) for name in names}
    return Changing(update(table).where(*key).values(new), model)


def present(
    session: AsyncSession, model: type[Entity], rows: Iterable[Mapping[str, Any]]
) -> list[Entity]:
    """The entities of rows that were read just now, as the session holds them.

    Args:
        session: What they belong to from now on.
        model: Of the table.
        rows: All columns of each.
    """
    inside = session.sync_session
    mapper = inspect(model)
    found = []
    for row in rows:
        key = mapper.identity_key_from_primary_key([row[k] for k in _key_of(model)])
        entity = inside.identity_map.get(key)
        if entity is None:
            entity = made(model, row)
            make_transient_to_detached(entity)
            inside.add(entity)
        else:
            for name, value in row.items():
                set_committed_value(entity, name, value)
        found.append(entity)
    return found


def made(model: type[Entity], values: Mapping[str, Any]) -> Entity:
    """An entity with all its columns, past what its constructor does for each."""
    entity: Entity = inspect(model).class_manager.new_instance()
    vars(entity).update(values)
    return entity


@cache
def _key_of(model: type[Model]) -> tuple[str, ...]:
    return tuple(column.key for column in table_of(model).primary_key)
