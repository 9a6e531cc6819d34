"""Changes past the unit of work leave rows, entities and topics as those of the ORM."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Uuid, delete, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from roster.core.changes import TOPICS
from roster.core.changing import Changing, change, made, present
from roster.core.db import Database
from roster.core.direct import slot
from roster.core.inserting import row_of
from roster.core.model import utc_now
from roster.core.topics import Tells, told_by_change
from roster.users.models import User

DELETING = Changing(delete(User).where(col(User.id) == slot("id", Uuid())), User)


async def _add(database: Database, name: str) -> UUID:
    user = User(
        username=name, email=f"{name}@example.org", display_name=name, password_hash=""
    )
    async with database.write() as session:
        session.add(user)
    return user.id


async def test_a_change_is_stored_set_and_told(database: Database) -> None:
    id_ = await _add(database, "ada")
    seen = utc_now() + timedelta(days=1)
    async with database.write() as session:
        user = await session.get_one(User, id_)
        await change(session, user, {"display_name": "Ada", "updated_at": seen})
        assert (user.display_name, user.updated_at) == ("Ada", seen)
        assert not inspect(user).modified
        assert session.info[TOPICS]
        # What the unit of work writes later leaves it as it is.
        user.username = "lovelace"
    async with database.read() as session:
        user = await session.get_one(User, id_)
    assert (user.username, user.display_name) == ("lovelace", "Ada")
    assert user.updated_at == seen


async def test_what_waits_is_written_before(database: Database) -> None:
    id_ = await _add(database, "ada")
    async with database.write() as session:
        user = await session.get_one(User, id_)
        user.display_name = "First"
        await change(session, user, {"display_name": "Second"})
    async with database.read() as session:
        assert (await session.get_one(User, id_)).display_name == "Second"


async def test_what_is_refused_is_an_error_as_ever(database: Database) -> None:
    await _add(database, "bob")
    id_ = await _add(database, "ada")
    with pytest.raises(IntegrityError):
        await _rename(database, id_, "bob")
    await _rename(database, id_, "eve")


async def _rename(database: Database, id_: UUID, name: str) -> None:
    async with database.write() as session:
        user = await session.get_one(User, id_)
        await change(session, user, {"username": name})


async def test_rows_that_were_read_are_entities_of_the_session(
    database: Database,
) -> None:
    id_ = await _add(database, "ada")
    async with database.write() as session:
        row = row_of((await session.exec(select(User).where(User.id == id_))).one())
        session.expunge_all()
        [user] = present(session, User, [row])
        assert await session.get(User, id_) is user
        [again] = present(session, User, [{**row, "display_name": "New"}])
        assert again is user
        assert user.display_name == "New"
        user.username = "lovelace"
    async with database.read() as session:
        found = (await session.exec(select(User).where(User.id == id_))).one()
    assert found.username == "lovelace"


async def test_rows_are_deleted_and_told(database: Database) -> None:
    id_ = await _add(database, "ada")
    async with database.write() as session:
        await DELETING.run(session, {"id": id_}, [{"id": id_}])
        assert session.info[TOPICS]
    async with database.read() as session:
        assert (await session.exec(select(User))).all() == []


def test_an_entity_is_made_of_its_columns() -> None:
    user = made(User, {"username": "ada"})
    assert user.username == "ada"
    assert inspect(user).transient


def test_only_what_counts_is_told() -> None:
    always = Tells({"thing": "id"})
    while_empty = Tells({"owner": "by"}, updates=frozenset({"at"}), empty="at")
    rules = (always, while_empty)
    new, old = {"id": 1, "by": 2, "at": None}, {"id": 1, "by": 2, "at": 3}
    assert list(told_by_change(rules, new, {"at": 4})) == ["thing:1", "owner:2"]
    assert list(told_by_change(rules, old, {"at": 4})) == ["thing:1"]
    assert list(told_by_change(rules, new, {"id": 5})) == ["thing:5"]
    everyone = (Tells(everyone=True),)
    assert list(told_by_change(everyone, old, {"by": 1})) == ["everything"]
