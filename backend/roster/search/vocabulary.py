"""The words of names and descriptions, to tell what a mistyped one was meant to be.

A word stands under each three letters in a row of it, and under nothing once. What it
was found in is not kept: who may see it is asked when one is proposed.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, delete, func, literal_column
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.compiled import Asking, Inserting, in_slots, slots
from roster.core.direct import slot
from roster.core.prepared import rows_looked_up, rows_of
from roster.search.matching import Lookup, Place
from roster.search.models import SearchDocument, SearchTrigram
from roster.search.questions import Question
from roster.search.scopes import ANYTHING
from roster.search.words import COMMON

SHORTEST, LONGEST = 3, 24
NEAR = 200
"""At most so many words are compared letter by letter."""
BATCH = 500

_TRIGRAM, _WORD = col(SearchTrigram.trigram), col(SearchTrigram.word)
_ITSELF = ""


def trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[start : start + 3] for start in range(len(word))}


def words_of(texts: Iterable[str]) -> set[str]:
    """What of folded texts is worth proposing: no numbers, and no keys or digests."""
    words = {word for text in texts for word in text.split()}
    return {
        word
        for word in words - COMMON
        if SHORTEST <= len(word) <= LONGEST and word.isalpha()
    }


@cache
def _asking_known(count: int) -> Asking:
    return Asking(
        select(SearchTrigram.word).where(
            _TRIGRAM == _ITSELF, _WORD.in_(slots("word", count, Text()))
        )
    )


_ADDING = Inserting(SearchTrigram, lambda insert: insert.on_conflict_do_nothing())


async def learn(session: AsyncSession, texts: Iterable[str]) -> None:
    """Add the words of folded names and descriptions that are not known yet."""
    # In order, so that two who learn the same words do not wait for each other.
    words = sorted(words_of(texts))
    for start in range(0, len(words), BATCH):
        batch = words[start : start + BATCH]
        values = in_slots("word", batch)
        known = await _asking_known(len(values)).rows(session, values)
        new = sorted(set(batch) - {row.word for row in known})
        if new:
            await _add(session, new)


async def _add(session: AsyncSession, words: Sequence[str]) -> None:
    rows = [
        {"trigram": trigram, "word": word}
        for word in words
        for trigram in (_ITSELF, *sorted(trigrams(word)))
    ]
    await _ADDING.rows(session, rows)


async def unlearn(session: AsyncSession, component_ids: Sequence[UUID]) -> None:
    """Forget the words that no others hold; to be called when these are not found."""
    rows = await session.exec(
        select(SearchDocument.name, SearchDocument.description).where(
            col(SearchDocument.component_id).in_(component_ids)
        )
    )
    for word in sorted(words_of(text for row in rows for text in row)):
        if await _holders(session, word) < 2:  # noqa: PLR2004 - itself and one
            await session.exec(
                delete(SearchTrigram).where(
                    _TRIGRAM.in_([_ITSELF, *trigrams(word)]), _WORD.in_([word])
                )
            )


async def _holders(session: AsyncSession, word: str) -> int:
    """How many names and descriptions hold a word: none, one, or more."""
    dialect = session.get_bind().dialect.name
    held = Lookup(Place.head)

    def build() -> Any:
        some = held.rows(dialect).limit(literal_column("2")).subquery()
        return select(func.count().label("holders")).select_from(some)

    values = held.values(Question((word,), word), ANYTHING)
    [row] = await rows_of(session, "holders", build, values)
    return int(row.holders)


async def near(session: AsyncSession, word: str) -> list[str]:
    """Known words that differ from one by a slip or two, the nearest first."""
    allowed = slips_allowed(word)
    if not allowed or len(word) > LONGEST:
        return []
    parts, swaps = sorted(trigrams(word)), _swaps(word)
    values: dict[str, Any] = {
        "shortest": len(word) - allowed,
        "longest": len(word) + allowed,
        **{f"trigram_{number}": part for number, part in enumerate(parts)},
        **{f"swap_{number}": swap for number, swap in enumerate(swaps)},
    }
    counts = len(parts), len(swaps)
    key = ("sharing", counts[0])
    found = await rows_looked_up(session, key, lambda: _sharing(counts[0]), values)
    key = ("known", counts[1])
    found += await rows_looked_up(session, key, lambda: _known(counts[1]), values)
    by_distance = {row.word: slips(word, row.word, allowed) for row in found}
    fit = [other for other, count in by_distance.items() if 0 < count <= allowed]
    return sorted(fit, key=lambda one: (by_distance[one], one[0] != word[0], one))


def _sharing(count: int) -> Any:
    """Words that share the most of some trigrams."""
    parts = [slot(f"trigram_{number}", Text()) for number in range(count)]
    shortest, longest = slot("shortest", Integer()), slot("longest", Integer())
    return (
        select(_WORD.label("word"))
        .where(_TRIGRAM.in_(parts), func.length(_WORD).between(shortest, longest))
        .group_by(_WORD)
        .order_by(func.count().desc(), _WORD)
        .limit(literal_column(str(NEAR)))
    )


def _known(count: int) -> Any:
    words = [slot(f"swap_{number}", Text()) for number in range(count)]
    return select(_WORD.label("word")).where(_TRIGRAM == _ITSELF, _WORD.in_(words))


def slips_allowed(word: str) -> int:
    """The longer a word, the surer that a near one was meant."""
    return (len(word) >= 4) + (len(word) >= 7)  # noqa: PLR2004 - letters


def _swaps(word: str) -> list[str]:
    """Two letters in the wrong order leave no three of a short word as they are."""
    return [
        word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        for place in range(len(word) - 1)
    ]


def slips(one: str, other: str, most: int) -> int:
    """Letters that are missing, too many, others or swapped; counted up to `most`."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, wanted in enumerate(other, 1):
            best = min(
                last[column] + 1, line[-1] + 1, last[column - 1] + (letter != wanted)
            )
            is_swap = (
                row > 1
                and column > 1
                and letter == other[column - 2]
                and one[row - 2] == wanted
            )
            line.append(min(best, before[column - 2] + 1) if is_swap else best)
        if min(line) > most and min(last) > most:
            return most + 1
        before, last = last, line
    return last[-1]
