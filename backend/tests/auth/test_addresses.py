"""Proving an e-mail address, and changing it for another one."""

import httpx
import pytest
from sqlmodel import col, select

from roster.audit.models import AuditEvent
from roster.auth.models import MailToken
from roster.core.db import Database
from roster.users.models import User
from tests.conftest import PASSWORD, Mails

NEW = "ada@new.example.org"


async def change(client: httpx.AsyncClient, email: str) -> httpx.Response:
    return await client.patch(
        "/users/me", json={"email": email, "current_password": PASSWORD}
    )


async def verify(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/auth/verify-email", json={"token": token})


async def me(client: httpx.AsyncClient) -> dict[str, object]:
    body: dict[str, object] = (await client.get("/users/me")).json()
    return body


async def test_a_new_address_counts_when_it_is_proved(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    database: Database,
) -> None:
    await change(ada, NEW)
    (mail,) = await mails()
    assert mail.to == NEW
    assert mail.subject == "Confirm your e-mail address"
    assert f"/verify#{mail.secret}" in mail.text

    # From any browser: whoever has the link has the address.
    answer = await verify(anonymous, mail.secret)

    assert answer.json() == {"username": "ada"}
    now = await me(ada)
    assert now["email"] == NEW
    assert now["email_verified"] is True
    assert now["pending_email"] is None
    (notice,) = await mails()
    assert notice.to == "ada@example.org"
    assert notice.subject == "Your account has another e-mail address"
    assert NEW not in notice.text
    for login, status in [(NEW, 200), ("ada@example.org", 401)]:
        form = {"username": login, "password": PASSWORD}
        assert (await anonymous.post("/auth/token", data=form)).status_code == status
    async with database.read() as session:
        actions = await session.exec(
            select(AuditEvent.action)
            .where(col(AuditEvent.action).startswith("account."))
            .order_by(col(AuditEvent.id))
        )
    assert actions.all() == [
        "account.registered",
        "account.changed",
        "account.changed",
        "account.verified",
    ]


async def test_only_the_newest_link_is_good(
    ada: httpx.AsyncClient, mails: Mails
) -> None:
    await change(ada, "ada@first.example.org")
    (first,) = await mails()
    await change(ada, NEW)
    (second,) = await mails()

    assert (await verify(ada, first.secret)).status_code == 404
    assert (await verify(ada, second.secret)).status_code == 200
    assert (await verify(ada, second.secret)).status_code == 404


async def test_the_owner_of_a_known_address_is_told(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, mails: Mails
) -> None:
    answer = await change(bob, "ada@example.org")

    assert answer.status_code == 200
    (mail,) = await mails()
    assert mail.to == "ada@example.org"
    assert mail.subject == "You have an account already"
    assert "bob" not in mail.text
    assert "#" not in mail.text


async def test_an_address_that_got_an_account_meanwhile_is_refused(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, mails: Mails
) -> None:
    await change(ada, NEW)
    await change(bob, NEW)
    first, second = await mails()
    assert (await verify(ada, first.secret)).status_code == 200

    late = await verify(bob, second.secret)

    assert late.status_code == 409
    assert late.json()["errors"][0]["loc"] == "email"
    assert (await me(bob))["email"] == "bob@example.org"


async def test_a_reset_link_to_the_old_address_opens_nothing_any_more(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, mails: Mails
) -> None:
    await anonymous.post("/auth/password-reset", json={"email": "ada@example.org"})
    await change(ada, NEW)
    reset, proof = await mails()
    await verify(ada, proof.secret)

    answer = await anonymous.post(
        "/auth/password-reset/confirm",
        json={"token": reset.secret, "new_password": "seven violet bridges"},
    )

    assert answer.status_code == 404


async def test_a_link_is_good_for_what_it_was_made_for(
    ada: httpx.AsyncClient, anonymous: httpx.AsyncClient, mails: Mails
) -> None:
    await change(ada, NEW)
    await anonymous.post("/auth/password-reset", json={"email": "ada@example.org"})
    proof, reset = await mails()

    as_reset = await anonymous.post(
        "/auth/password-reset/confirm",
        json={"token": proof.secret, "new_password": "seven violet bridges"},
    )
    as_proof = await verify(anonymous, reset.secret)

    assert as_reset.status_code == as_proof.status_code == 404


async def test_the_mail_is_sent_again_where_it_is_needed(
    ada: httpx.AsyncClient, mails: Mails
) -> None:
    async def again() -> list[str]:
        answer = await ada.post("/auth/verify-email/resend")
        assert answer.status_code == 204
        return [mail.to for mail in await mails()]

    assert await again() == ["ada@example.org"]
    await change(ada, NEW)
    (first,) = await mails()
    assert await again() == [NEW]
    assert (await verify(ada, first.secret)).status_code == 404


async def test_a_proved_address_gets_no_more_mail(
    ada: httpx.AsyncClient, mails: Mails
) -> None:
    await ada.post("/auth/verify-email/resend")
    (mail,) = await mails()
    assert (await verify(ada, mail.secret)).status_code == 200
    assert (await me(ada))["email_verified"] is True

    await ada.post("/auth/verify-email/resend")

    assert await mails() == []


async def test_a_link_that_was_dropped_is_not_sent(
    ada: httpx.AsyncClient, mails: Mails
) -> None:
    await change(ada, NEW)
    await change(ada, "ada@example.org")

    assert await mails() == []


async def test_a_deactivated_account_proves_nothing(
    ada: httpx.AsyncClient,
    anonymous: httpx.AsyncClient,
    mails: Mails,
    database: Database,
) -> None:
    await change(ada, NEW)
    (mail,) = await mails()
    async with database.write() as session:
        (await session.exec(select(User))).one().is_active = False

    assert (await verify(anonymous, mail.secret)).status_code == 404


async def test_no_row_holds_the_secret(
    ada: httpx.AsyncClient, mails: Mails, database: Database
) -> None:
    await change(ada, NEW)
    (mail,) = await mails()

    async with database.read() as session:
        token = (await session.exec(select(MailToken))).one()
    assert mail.secret not in str(token.model_dump())


async def test_nobody_asks_for_many_mails_to_a_stranger(ada: httpx.AsyncClient) -> None:
    codes = []
    for _ in range(4):
        codes.append((await change(ada, "eve@example.org")).status_code)
        codes.append((await ada.post("/auth/verify-email/resend")).status_code)

    assert codes[0] == 200
    assert codes[-1] == 429


@pytest.mark.parametrize("token", ["", "x" * 201, "\ud800", "a\0b"])
async def test_what_cannot_be_a_secret_is_refused(
    anonymous: httpx.AsyncClient, token: str
) -> None:
    answer = await anonymous.post(
        "/auth/verify-email",
        content=f'{{"token": "{token.encode("unicode_escape").decode()}"}}',
        headers={"Content-Type": "application/json"},
    )

    assert answer.status_code in {400, 422}
