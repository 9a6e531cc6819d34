import asyncio

import httpx
import pytest
from sqlmodel import select

from roster.auth.models import EndReason, MailPurpose, MailToken
from roster.core.db import Database
from roster.core.model import utc_now
from roster.users.models import User
from tests.auth.conftest import Age, Rows, SignIn
from tests.conftest import PASSWORD

NEW = "violet tram under seven bridges"
CHANGE = {"current_password": PASSWORD, "new_password": NEW}


def fields_of(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(error["loc"], error["code"]) for error in answer.json()["errors"]]


async def test_the_new_password_counts_and_the_old_does_not(
    ada: httpx.AsyncClient, sign_in: SignIn
) -> None:
    answer = await ada.post("/auth/password", json=CHANGE)

    assert answer.status_code == 204
    assert (await sign_in()).status_code == 401
    assert (await sign_in(password=NEW)).status_code == 200


async def test_the_other_sessions_end_and_it_is_told(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    sign_in: SignIn,
    events: Rows,
    jobs: Rows,
) -> None:
    other = (await sign_in()).json()

    await ada.post("/auth/password", json=CHANGE)

    headers = {"Authorization": f"Bearer {other['access_token']}"}
    assert (await anonymous.get("/users/me", headers=headers)).status_code == 401
    for client in (ada, bob):
        assert (await client.get("/users/me")).status_code == 200
    (event,) = await events("password.changed")
    assert event.actor_name == event.target_name == "ada"
    (ended,) = await events("session.ended")
    assert ended.details == {"reason": EndReason.password.value}
    assert await jobs("mail.password_changed") == [{"user_id": str(event.target_id)}]


async def test_links_to_reset_it_stop_working(
    ada: httpx.AsyncClient, database: Database
) -> None:
    async with database.write() as session:
        user = (await session.exec(select(User))).one()
        session.add(
            MailToken(
                user_id=user.id,
                purpose=MailPurpose.reset_password,
                email=user.email,
                digest="0" * 64,
                expires_at=utc_now(),
            )
        )

    await ada.post("/auth/password", json=CHANGE)

    async with database.read() as session:
        assert (await session.exec(select(MailToken.used_at))).one() is not None


async def test_a_wrong_current_password_is_named_and_counted(
    ada: httpx.AsyncClient, events: Rows, guesses_age: Age
) -> None:
    wrong = CHANGE | {"current_password": "wrong"}
    for _ in range(5):
        answer = await ada.post("/auth/password", json=wrong)
        assert answer.status_code == 422
        assert fields_of(answer) == [("current_password", "wrong_password")]

    refused = await ada.post("/auth/password", json=CHANGE)
    assert refused.status_code == 429
    guesses_age(int(refused.headers["retry-after"]))
    assert (await ada.post("/auth/password", json=CHANGE)).status_code == 204
    assert [event.details for event in await events("sign_in.failed")] == [
        {"step": "reentry"}
    ] * 5


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("eleven char", "too_short"),
        ("x" * 1025, "too_long"),
        ("twelve\0letters", "value_error"),
        ("123456789012", "password_common"),
        ("ada@example.org", "password_is_name"),
    ],
)
async def test_what_is_wrong_with_the_new_one_stands_at_its_field(
    ada: httpx.AsyncClient, sign_in: SignIn, new: str, code: str
) -> None:
    answer = await ada.post("/auth/password", json=CHANGE | {"new_password": new})

    assert answer.status_code == 422
    assert fields_of(answer) == [("new_password", code)]
    assert new not in answer.text
    assert (await sign_in()).status_code == 200


async def test_of_two_changes_at_once_one_wins(
    ada: httpx.AsyncClient, sign_in: SignIn
) -> None:
    passwords = [f"{NEW} {number}" for number in range(2)]

    answers = await asyncio.gather(
        *(
            ada.post("/auth/password", json=CHANGE | {"new_password": password})
            for password in passwords
        )
    )

    # The later one finds another password than the one that it was asked with.
    codes = sorted(answer.status_code for answer in answers)
    assert codes in ([204, 409], [204, 422])
    worked = [
        password
        for password in passwords
        if (await sign_in(password=password)).status_code == 200
    ]
    assert len(worked) == 1


async def test_nobody_changes_it_without_signing_in(
    anonymous: httpx.AsyncClient,
) -> None:
    answer = await anonymous.post("/auth/password", json=CHANGE)

    assert answer.status_code == 401
