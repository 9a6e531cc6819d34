import asyncio

import httpx
import pytest
from sqlmodel import func, select

from roster.core.db import Database
from roster.teams.models import Membership, Team
from roster.users.models import InstanceSetup, User
from tests.auth.conftest import Register, SignInAs
from tests.conftest import PASSWORD, SETUP_CODE, Connect, SignUp, StartApp


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


def fields_of(answer: httpx.Response) -> list[str]:
    return [error["loc"] for error in answer.json()["errors"]]


async def test_the_first_account_administers_the_instance(
    register: Register, sign_in_as: SignInAs
) -> None:
    answer = await register(email="Ada@Example.org", display_name="  Ada Lovelace ")

    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/users/me"
    assert answer.json() == {"username": "ada", "next": "sign_in"}
    me = (await (await sign_in_as("ada")).get("/users/me")).json()
    assert me["username"] == "ada"
    assert me["email"] == "ada@example.org"
    assert me["email_verified"] is False
    assert me["display_name"] == "Ada Lovelace"
    assert me["is_admin"] is True
    (team,) = me["teams"]
    assert team | {"id": None} == {
        "id": None,
        "slug": "ada",
        "name": "Ada Lovelace",
        "is_personal": True,
        "role": "owner",
        "locked": False,
    }


async def test_no_answer_holds_the_password_or_its_hash(register: Register) -> None:
    answer = await register()

    assert PASSWORD not in answer.text
    assert "bcrypt" not in answer.text


@pytest.mark.parametrize("code", [None, "", "wrong", f"{SETUP_CODE}x"])
async def test_the_first_account_needs_the_setup_code(
    register: Register, database: Database, code: str | None
) -> None:
    answer = await register(setup_code=code)

    assert answer.status_code == 422
    assert fields_of(answer) == ["setup_code"]
    assert SETUP_CODE not in answer.text
    assert await count(database, User) == 0


async def test_later_accounts_need_no_code_and_administer_nothing(
    ada: httpx.AsyncClient, register: Register, sign_in_as: SignInAs
) -> None:
    answer = await register(username="bob", email="bob@example.org", setup_code=None)

    assert answer.status_code == 201
    me = (await (await sign_in_as("bob")).get("/users/me")).json()
    assert me["is_admin"] is False
    assert me["teams"][0]["name"] == "bob"


async def test_registration_can_be_closed(
    start_app: StartApp, connect: Connect, ada: httpx.AsyncClient
) -> None:
    client = connect(await start_app(registration="closed"))

    answer = await client.post(
        "/auth/register",
        json={"username": "bob", "email": "bob@example.org", "password": PASSWORD},
    )

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/registration-closed"


async def test_the_first_account_may_register_where_registration_is_closed(
    start_app: StartApp, connect: Connect
) -> None:
    client = connect(await start_app(registration="closed"))

    answer = await client.post(
        "/auth/register",
        json={
            "username": "ada",
            "email": "ada@example.org",
            "password": PASSWORD,
            "setup_code": f" {SETUP_CODE} ",
        },
    )

    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "other@example.org"}, "username"),
        ({"username": "other"}, "email"),
        ({"username": "other", "email": "ADA@EXAMPLE.ORG"}, "email"),
    ],
)
async def test_taken_names_are_named(
    ada: httpx.AsyncClient,
    register: Register,
    database: Database,
    changes: dict[str, str],
    field: str,
) -> None:
    answer = await register(**changes)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/name-taken"
    assert fields_of(answer) == [field]
    assert await count(database, User) == 1
    assert await count(database, Team) == 1


async def test_a_user_name_that_a_team_carries_is_taken(
    ada: httpx.AsyncClient, register: Register, database: Database
) -> None:
    async with database.write() as session:
        session.add(Team(slug="backend", name="Backend"))

    answer = await register(username="backend", email="b@example.org")

    assert answer.status_code == 409
    assert fields_of(answer) == ["username"]
    assert await count(database, User) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "Ada"}, "username"),
        ({"username": "a--b"}, "username"),
        ({"username": "-ada"}, "username"),
        ({"username": "a" * 41}, "username"),
        ({"username": ""}, "username"),
        ({"username": "ada\n"}, "username"),
        ({"email": "ada"}, "email"),
        ({"email": f"{'a' * 250}@example.org"}, "email"),
        ({"password": "x" * 11}, "password"),
        ({"password": "x" * 1025}, "password"),
        ({"password": "twelve\0letters"}, "password"),
        ({"display_name": "x" * 101}, "display_name"),
        ({"display_name": "a\u202eb"}, "display_name"),
        ({"display_name": "two\nlines"}, "display_name"),
        ({"is_admin": True}, "is_admin"),
    ],
)
async def test_wrong_fields_are_named(
    register: Register, changes: dict[str, object], field: str
) -> None:
    answer = await register(**changes)

    assert answer.status_code == 422
    assert fields_of(answer) == [field]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery" * 10,
        "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧",
        "  spaces at the ends  ",
        "seven bridges " * 73,
        "ß" * 100 + "1",
    ],
)
async def test_a_password_counts_to_its_last_letter(
    register: Register, anonymous: httpx.AsyncClient, password: str
) -> None:
    assert (await register(password=password)).status_code == 201

    for given, status in [(password, 200), (password[:-1] + "?", 401)]:
        answer = await anonymous.post(
            "/auth/token", data={"username": "ada", "password": given}
        )
        assert answer.status_code == status


async def test_of_two_first_accounts_at_once_exactly_one_wins(
    start_app: StartApp, connect: Connect, database: Database
) -> None:
    """Two processes on one database, each with several tries at the same moment."""
    clients = [connect(await start_app()) for _ in range(2)]

    async def attempt(number: int) -> httpx.Response:
        body = {
            "username": f"first-{number}",
            "email": f"first-{number}@example.org",
            "password": PASSWORD,
            "setup_code": SETUP_CODE,
        }
        return await clients[number % 2].post("/auth/register", json=body)

    answers = await asyncio.gather(*(attempt(number) for number in range(6)))

    made = [answer for answer in answers if answer.status_code == 201]
    async with database.read() as session:
        admins = await session.exec(select(User).where(User.is_admin))
    assert len(admins.all()) == 1
    # Who was too late to be first is told so, or was an ordinary registration.
    others = {answer.status_code for answer in answers if answer not in made}
    assert others <= {409}
    assert await count(database, InstanceSetup) == 1
    assert await count(database, User) == len(made)
    assert await count(database, Membership) == len(made)


async def test_of_two_accounts_of_one_name_at_once_exactly_one_is_made(
    ada: httpx.AsyncClient, register: Register
) -> None:
    answers = await asyncio.gather(
        *(register(username="bob", email=f"bob{n}@example.org") for n in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_sign_up_makes_signed_in_people(sign_up: SignUp) -> None:
    ada, bob = await sign_up("ada"), await sign_up("bob")

    names = [(await who.get("/users/me")).json()["username"] for who in (ada, bob)]
    assert names == ["ada", "bob"]
