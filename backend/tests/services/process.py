"""What a process of tests does once, so that not each of its tests pays for it."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

STATEMENTS_KEPT = 4000
BETWEEN_LOOKS = 20_000
"""Objects made between two looks for garbage: the interpreter's 700 are soon made."""


@contextmanager
def compiling_once() -> Generator[None]:
    """Keep compiled statements for all engines of the same kind.

    SQLAlchemy keeps them by engine, and those of the ORM's writes by mapper and
    dialect. As each test has engines of its own, each would compile everything again,
    and the mappers would keep hundreds of engines alive by their dialects.
    """
    compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS_KEPT)
    with (
        mock.patch.multiple(DefaultDialect, __eq__=_are_alike, __hash__=_hash_of),
        mock.patch.object(
            Engine,
            "_compiled_cache",
            property(lambda _: compiled, lambda _, __: None),
            create=True,
        ),
    ):
        yield


def _kind_of(dialect: DefaultDialect) -> tuple[Any, ...]:
    """What statements are compiled by: all of a kind speak with the same server."""
    return (
        type(dialect),
        dialect._json_serializer,
        dialect._json_deserializer,
    )


def _are_alike(one: DefaultDialect, other: object) -> bool:
    return type(one) is type(other) and _kind_of(one) == _kind_of(other)


def _hash_of(dialect: DefaultDialect) -> int:
    return hash(_kind_of(dialect))


@cache
def spare_what_stays() -> None:
    """Look for garbage less often, and not again among what is here to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(BETWEEN_LOOKS, 10, 10)
