"""Answer what was meant, where what was asked finds nothing."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.search import vocabulary
from roster.search.finding import Found, Search, Within, find
from roster.search.matching import Place
from roster.search.questions import Question

WORDS_CORRECTED = 4
PROPOSALS = 20
"""How many of the nearest words are tried, until the caller may see one."""


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
    others = await _corrected(session, question, replace(within, wanted=None))
    if not others:
        return found
    meant = await find(session, question.with_words(others), within)
    return replace(meant, corrected=True) if meant.ranks else found


async def _corrected(
    session: AsyncSession, question: Question, within: Within
) -> dict[str, str]:
    """Other words for those that nothing holds; none, if one has no other."""
    others: dict[str, str] = {}
    for word in question.words:
        alone = Question((word,), word)
        if await Search(session, alone, within).holds(Place.anywhere):
            continue
        if len(others) == WORDS_CORRECTED:
            return {}
        for other in (await vocabulary.near(session, word))[:PROPOSALS]:
            proposed = Search(session, Question((other,), other), within)
            if await proposed.holds(Place.head):
                others[word] = other
                break
        else:
            return {}
    return others
