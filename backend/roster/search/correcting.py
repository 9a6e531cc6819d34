"""Answer what was meant, where what was asked finds nothing."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.search import vocabulary
from roster.search.finding import Found, find
from roster.search.holding import held
from roster.search.matching import Place
from roster.search.questions import Question
from roster.search.within import Within

WORDS_CORRECTED = 4
PROPOSALS = 20
"""How many of the nearest words are tried; perhaps the caller may see none of them."""


async def find_meant(
    session: AsyncSession, question: Question, within: Within
) -> Found:
    """Find what answers a question; or, if nothing does, what one near it finds.

    A word is taken for a slip only if nothing that the caller may see holds it, and
    replaced only by one that something of that holds: nobody learns what others write.
    """
    found = await find(session, question, within)
    if found.ranks or not question.words:
        return found
    # Of one word, nothing else than that was found already.
    is_alone = len(question.words) == 1 and within.wanted is None
    others = await _corrected(session, question, within, is_alone=is_alone)
    if not others:
        return found
    meant = await find(session, question.with_words(others), within)
    return replace(meant, corrected=True) if meant.ranks else found


async def _corrected(
    session: AsyncSession, question: Question, within: Within, *, is_alone: bool
) -> dict[str, str]:
    """Other words for those that nothing holds; none, if one has no other."""
    there: set[str] = set()
    if not is_alone:
        anywhere = Place.anywhere
        words = question.words
        there = await held(session, words, anywhere, within, as_beginnings=True)
    slips = [word for word in question.words if word not in there]
    if len(slips) > WORDS_CORRECTED:
        return {}
    others: dict[str, str] = {}
    for word in slips:
        known = (await vocabulary.near(session, word))[:PROPOSALS]
        # Asked even where none are known: of what is hidden, this says nothing.
        seen = await held(session, known, Place.head, within)
        nearest = next((other for other in known if other in seen), None)
        if nearest is None:
            return {}
        others[word] = nearest
    return others
