"""What follows from a change of a row: which answers may be out of date by it.

A topic names something that answers depend on, such as one component or one account.
Each table says in ``__tells__`` which topics a change of its rows is about. Where a
statement does not show which rows it changes, everything may be out of date.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Delete, Insert, Table, Update, inspect
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ClauseElement

EVERYTHING = "everything"
COMPONENT = "component"
PERSON = "person"
SESSION = "session"
TOKEN = "token"  # noqa: S105 - a name
MOST_TOPICS = 200
"""A transaction about more than these is about everything."""


def topic(kind: str, id_: object) -> str:
    return f"{kind}:{id_}"


@dataclass(frozen=True, slots=True)
class Tells:
    """What a change of a table's rows is about."""

    of: Mapping[str, str] = field(default_factory=dict)
    """Kinds of topics, and the column with the id of each."""
    everyone: bool = False
    inserts: bool = True
    """Do new rows count?"""
    updates: frozenset[str] | None = None
    """The columns whose update counts; None: any."""
    empty: str | None = None
    """A column: only rows count in which it is, or was, empty. What a statement
    changes without loading it counts all the same."""
    deletes: bool = True


NOTHING: tuple[Tells, ...] = ()
ALL: tuple[Tells, ...] = (Tells(everyone=True),)


def told_by_row(row: Any, change: str) -> Iterator[str]:
    """Topics of an entity that is about to be written.

    Args:
        row: An entity of the session.
        change: ``insert``, ``update`` or ``delete``.
    """
    changed = None
    for tells in type(row).__tells__:
        if change == "update" and changed is None:
            attributes = inspect(row).attrs
            changed = {one.key for one in attributes if one.history.has_changes()}
            if not changed:
                return
        if not _counts(tells, change, changed):
            continue
        if tells.empty is not None and not _is_or_was_empty(row, tells.empty):
            continue
        if tells.everyone:
            yield EVERYTHING
        for kind, column in tells.of.items():
            yield topic(kind, getattr(row, column))


def told_by_change(
    rules: Sequence[Tells], before: Mapping[str, Any], changes: Mapping[str, Any]
) -> Iterator[str]:
    """Topics of an update of one row whose values are known.

    Args:
        rules: Those of its table.
        before: Its values so far.
        changes: The new ones of some columns.
    """
    after = {**before, **changes}
    for tells in rules:
        if not _counts(tells, "update", set(changes)):
            continue
        if tells.empty is not None and None not in {
            before[tells.empty],
            after[tells.empty],
        }:
            continue
        if tells.everyone:
            yield EVERYTHING
        for kind, column in tells.of.items():
            yield topic(kind, after[column])


def _is_or_was_empty(row: Any, column: str) -> bool:
    history = inspect(row).attrs[column].history
    values = [*history.added, *history.unchanged, *history.deleted]
    return None in values or not values  # it was not loaded


def told_by_statement(
    statement: Insert | Update | Delete,
    rules: Sequence[Tells],
    parameters: Iterable[Mapping[str, Any]],
) -> Iterator[str]:
    """Topics of a statement that changes rows without loading them."""
    if not rules:
        return
    change = str(statement.__visit_name__)
    rows = list(parameters)
    changed = None
    if change == "update":
        changed = {key for row in rows for key in row} | _set_by(statement)
    for tells in rules:
        if not _counts(tells, change, changed):
            continue
        if tells.everyone:
            yield EVERYTHING
        counting = rows
        if tells.empty is not None and change == "insert" and rows:
            counting = [row for row in rows if row.get(tells.empty) is None]
            if not counting:
                continue
        for kind, column in tells.of.items():
            ids = _ids(statement, column, counting)
            yield from (topic(kind, id_) for id_ in ids) if ids else (EVERYTHING,)


def _counts(tells: Tells, change: str, changed: set[str] | None) -> bool:
    if change == "insert":
        return tells.inserts
    if change == "delete":
        return tells.deletes
    return tells.updates is None or bool(tells.updates & (changed or set()))


def _set_by(statement: Insert | Update | Delete) -> set[str]:
    if isinstance(statement, Delete):
        return set()
    given: Mapping[Any, Any] = statement._values or {}  # noqa: SLF001 - there is no other way to read it
    return {getattr(column, "key", str(column)) for column in given}


def _ids(
    statement: Insert | Update | Delete,
    column: str,
    rows: Sequence[Mapping[str, Any]],
) -> list[Any]:
    if isinstance(statement, Insert):
        values: Mapping[Any, Any] = statement._values or {}  # noqa: SLF001 - as above
        single = [
            bound.effective_value
            for key, bound in values.items()
            if getattr(key, "key", key) == column and isinstance(bound, BindParameter)
        ]
        many = [row[column] for row in rows if column in row]
        return many if rows and len(many) == len(rows) else single
    if rows and all(column in row for row in rows):
        return [row[column] for row in rows]
    found: list[Any] = []
    where = statement.whereclause
    if where is not None and isinstance(statement.table, Table):
        for part in _conjuncts(where):
            found.extend(_bound(part, statement.table, column))
    return found


def _conjuncts(where: ClauseElement) -> Iterator[ClauseElement]:
    """Give the parts of a condition that all must hold."""
    inner = getattr(where, "element", None)
    if where.__visit_name__ == "grouping" and inner is not None:
        yield from _conjuncts(inner)
    elif getattr(where, "operator", None) is operators.and_:
        for part in where.get_children():
            yield from _conjuncts(part)
    else:
        yield where


def _bound(part: ClauseElement, table: Table, column: str) -> Iterator[Any]:
    """Ids that a condition binds the column to."""
    if not isinstance(part, BinaryExpression):
        return
    named = part.left
    of = getattr(getattr(named, "table", None), "name", None)
    if (of, getattr(named, "name", None)) != (table.name, column):
        return
    if part.operator not in {operators.eq, operators.in_op}:
        return
    for bound in visitors.iterate(part.right):
        if isinstance(bound, BindParameter):
            value = bound.effective_value
            yield from value if isinstance(value, list | tuple | set) else (value,)
