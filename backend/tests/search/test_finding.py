"""Which rows are ranked where many hold the words, and what moves them."""

from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, literal, select
from sqlmodel import col

from roster.components.models import Component
from roster.search.finding import Found, Limits, Within, find
from roster.search.questions import Question
from roster.search.scopes import Scope, of_kind
from tests.search.test_matching import Shelf, shelf

__all__ = ["shelf"]

FEW = Limits(heads=3, bodies=3, window=4, buckets=1, filtered=6)


def named(pattern: str) -> Within:
    """Only components whose names are like this may be seen."""

    def visible(component_id: ColumnElement[object]) -> ColumnElement[bool]:
        rows = select(literal(value=True)).where(
            col(Component.id) == component_id, col(Component.name).like(pattern)
        )
        found: ColumnElement[bool] = rows.scalar_subquery()
        return found

    async def scope() -> Scope:
        return Scope.of([of_kind("agent")])

    return Within(visible=visible, wanted=None, scope=scope, seen=scope, limits=FEW)


async def names_of(shelf: Shelf, q: str, within: Within) -> tuple[list[str], Found]:
    found = await find(shelf.session, Question.of(q), within)
    best = sorted(found.ranks, key=lambda id_: (-found.ranks[id_], id_))
    return [shelf.names[UUID(id_)] for id_ in best], found


async def test_the_newest_are_ranked_and_names_come_first(shelf: Shelf) -> None:
    await shelf.put("needle")
    for number in range(5):
        await shelf.put(f"needle-{number}")
    for number in range(5):
        await shelf.put(f"described-{number}", "A needle.")
    for number in range(5):
        await shelf.put(f"filled-{number}", "Nothing.", "A needle.")
    names, found = await names_of(shelf, "needle", named("%"))
    assert not found.complete
    assert names[0] == "needle"
    assert set(names[1:4]) == {"needle-4", "needle-3", "needle-2"}
    assert set(names[4:]) == {"described-4", "described-3", "described-2"}


async def test_all_are_found_where_few_hold_the_words(shelf: Shelf) -> None:
    await shelf.put("one", "A needle.")
    await shelf.put("two", "Nothing.", "A needle.")
    for number in range(9):
        await shelf.put(f"other-{number}", "Nothing.", "Nothing.")
    names, found = await names_of(shelf, "needle", named("%"))
    assert names == ["one", "two"]
    assert found.complete


@pytest.mark.parametrize("place", ["name", "description", "body"])
async def test_what_is_hidden_takes_nobodys_place(shelf: Shelf, place: str) -> None:
    async def put(name: str) -> None:
        if place == "name":
            await shelf.put(f"{name} needle")
        elif place == "description":
            await shelf.put(name, "A needle.")
        else:
            await shelf.put(name, "Nothing.", "A needle.")

    await put("seen-1")
    await put("seen-2")
    before, found_before = await names_of(shelf, "needle", named("seen%"))
    for number in range(12):
        await put(f"hidden-{number}")
    after, found_after = await names_of(shelf, "needle", named("seen%"))
    assert before == after
    assert found_before.ranks == found_after.ranks
    assert found_before.complete
    assert found_after.complete


async def test_a_filter_gives_up_somewhere_and_says_so(shelf: Shelf) -> None:
    await shelf.put("wanted-0", "A needle.")
    for number in range(9):
        await shelf.put(f"other-{number}", "A needle.")
    within = named("%")
    wanted = Within(
        visible=within.visible,
        wanted=named("wanted%").visible,
        scope=within.scope,
        seen=within.seen,
        limits=FEW,
    )
    names, found = await names_of(shelf, "needle", wanted)
    assert names == []
    assert not found.complete
    await shelf.put("wanted-1", "A needle.")
    names, found = await names_of(shelf, "needle", wanted)
    assert names == ["wanted-1"]
    assert not found.complete
