"""Answer what was meant, where what was asked finds nothing."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.search import vocabulary
from roster.search.finding import Found, find
from roster.search.looking import Search, Within
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
    # Of one word, nothing else than that was found already.
    is_alone = len(question.words) == 1 and within.wanted is None
    visible = replace(within, wanted=None)
    others = await _corrected(session, question, visible, is_alone=is_alone)
    if not others:
        return found
    meant = await find(session, question.with_words(others), within)
    return replace(meant, corrected=True) if meant.ranks else found


async def _corrected(
    session: AsyncSession, question: Question, within: Within, *, is_alone: bool
) -> dict[str, str]:
    """Other words for those that nothing holds; none, if one has no other."""
    others: dict[str, str] = {}
    for word in question.words:
        alone = Question((word,), word)
        if not is_alone and await Search(session, alone, within).holds(Place.anywhere):
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
