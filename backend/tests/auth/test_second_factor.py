"""A code besides the password."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import httpx
import pyotp
import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from roster.auth.models import RecoveryCode, TotpFactor
from roster.auth.second_factor import accept, accept_code
from roster.core.actor import Actor
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.users.models import User
from tests.auth.conftest import Age, Rows, SignIn
from tests.conftest import PASSWORD

ASKED = {"password": PASSWORD}
NOON = datetime(2026, 1, 31, 12, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)


class Phone:
    """An app that shows codes; each one that it gives is newer than the last."""

    def __init__(self, secret: str) -> None:
        self.totp = pyotp.TOTP(secret)
        self._shown = 0

    def code(self) -> str:
        """Give the present code, or the next one when that was given."""
        present = self.totp.timecode(datetime.now(UTC))
        self._shown = max(present, self._shown + 1)
        return self.totp.generate_otp(self._shown)

    def wrong(self) -> str:
        present = self.totp.timecode(datetime.now(UTC))
        near = {self.totp.generate_otp(present + step) for step in range(-2, 4)}
        return next(f"{n:06}" for n in range(10) if f"{n:06}" not in near)


@pytest.fixture
async def phone(ada: httpx.AsyncClient) -> Phone:
    """What Ada set up and has not confirmed."""
    answer = await ada.post("/auth/factors/totp", json=ASKED)
    assert answer.status_code == 200, answer.text
    return Phone(answer.json()["secret"])


@pytest.fixture
async def codes(ada: httpx.AsyncClient, phone: Phone) -> list[str]:
    """Ada's recovery codes; her second factor is on."""
    answer = await ada.post("/auth/factors/totp/confirm", json={"code": phone.code()})
    assert answer.status_code == 200, answer.text
    found: list[str] = answer.json()["recovery_codes"]
    return found


def kind_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def test_at_first_there_is_none(ada: httpx.AsyncClient) -> None:
    answer = await ada.get("/auth/factors")

    assert answer.json() == {"totp_confirmed_at": None, "recovery_codes_left": 0}


async def test_a_seed_is_shown_as_text_address_and_picture(
    ada: httpx.AsyncClient,
) -> None:
    answer = await ada.post("/auth/factors/totp", json=ASKED)

    assert answer.headers["cache-control"] == "no-store"
    setup = answer.json()
    uri = urlsplit(setup["uri"])
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Roster:ada"
    assert parse_qs(uri.query)["secret"] == [setup["secret"]]
    picture = ET.fromstring(setup["qr_svg"])  # noqa: S314 - our own
    assert picture.tag.endswith("svg")


async def test_until_it_is_confirmed_a_password_is_enough(
    phone: Phone, sign_in: SignIn
) -> None:
    assert (await sign_in()).status_code == 200


async def test_set_up_again_it_is_replaced(
    ada: httpx.AsyncClient, phone: Phone
) -> None:
    newer = Phone((await ada.post("/auth/factors/totp", json=ASKED)).json()["secret"])

    old = await ada.post("/auth/factors/totp/confirm", json={"code": phone.code()})
    new = await ada.post("/auth/factors/totp/confirm", json={"code": newer.code()})

    assert (old.status_code, new.status_code) == (422, 200)
    assert [error["loc"] for error in old.json()["errors"]] == ["code"]


async def test_confirmed_it_is_asked_for(
    codes: list[str], ada: httpx.AsyncClient, phone: Phone, sign_in: SignIn
) -> None:
    assert kind_of(await sign_in()) == (401, "second-factor-required")
    assert kind_of(await sign_in(otp=phone.wrong())) == (401, "wrong-code")
    code = phone.code()
    assert (await sign_in(otp=f"{code[:3]} {code[3:]}")).status_code == 200

    found = (await ada.get("/auth/factors")).json()
    assert found["totp_confirmed_at"] is not None
    assert found["recovery_codes_left"] == len(codes) == len(set(codes)) == 10


async def test_a_wrong_password_tells_nothing_of_it(
    codes: list[str], phone: Phone, sign_in: SignIn
) -> None:
    for otp in ({}, {"otp": phone.code()}):
        answer = await sign_in(password="wrong", **otp)
        assert kind_of(answer) == (401, "wrong-credentials")


async def test_no_code_is_good_twice(
    codes: list[str], phone: Phone, sign_in: SignIn
) -> None:
    code = phone.code()

    assert (await sign_in(otp=code)).status_code == 200
    assert kind_of(await sign_in(otp=code)) == (401, "wrong-code")


async def test_a_recovery_code_is_good_once(
    codes: list[str], ada: httpx.AsyncClient, sign_in: SignIn, events: Rows
) -> None:
    assert (await sign_in(otp=codes[3].upper().replace("-", " "))).status_code == 200
    assert kind_of(await sign_in(otp=codes[3])) == (401, "wrong-code")
    assert (await sign_in(otp=codes[4])).status_code == 200

    assert (await ada.get("/auth/factors")).json()["recovery_codes_left"] == 8
    assert len(await events("recovery_code.used")) == 2


@pytest.mark.parametrize("otp", [" ", "ß", "12345", "1234567", "١٢٣٤٥٦", "-" * 19])
async def test_what_is_no_code_is_wrong(
    codes: list[str], sign_in: SignIn, otp: str
) -> None:
    assert kind_of(await sign_in(otp=otp)) == (401, "wrong-code")


async def test_an_empty_field_of_a_form_was_not_sent(
    codes: list[str], sign_in: SignIn
) -> None:
    assert kind_of(await sign_in(otp="")) == (401, "second-factor-required")


async def test_codes_are_guessed_only_so_often(
    codes: list[str],
    phone: Phone,
    sign_in: SignIn,
    events: Rows,
    guesses_age: Age,
) -> None:
    for _ in range(5):
        answer = await sign_in(otp=phone.wrong())
        assert kind_of(answer) == (401, "wrong-code")

    refused = await sign_in(otp=phone.code())
    assert kind_of(refused) == (429, "too-many-requests")
    guesses_age(int(refused.headers["retry-after"]))
    assert (await sign_in(otp=codes[0])).status_code == 200
    failed = await events("sign_in.failed")
    assert [event.details for event in failed] == [{"step": "second_factor"}] * 5


async def test_confirming_is_guessed_only_so_often(
    ada: httpx.AsyncClient, phone: Phone
) -> None:
    answers = [
        await ada.post("/auth/factors/totp/confirm", json={"code": phone.wrong()})
        for _ in range(6)
    ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


@pytest.mark.parametrize(
    "path",
    ["/auth/factors/totp", "/auth/factors/totp/remove", "/auth/factors/recovery-codes"],
)
async def test_the_password_is_asked_for_again(
    codes: list[str], ada: httpx.AsyncClient, path: str
) -> None:
    answer = await ada.post(path, json={"password": "wrong"})

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["loc"], error["code"]) == ("password", "wrong_password")
    assert (await ada.get("/auth/factors")).json()["recovery_codes_left"] == 10


async def test_removed_it_is_asked_for_no_more(
    codes: list[str], ada: httpx.AsyncClient, sign_in: SignIn, events: Rows
) -> None:
    for _ in range(2):  # once more is no fault
        answer = await ada.post("/auth/factors/totp/remove", json=ASKED)
        assert answer.status_code == 204

    assert (await sign_in()).status_code == 200
    assert (await ada.get("/auth/factors")).json() == {
        "totp_confirmed_at": None,
        "recovery_codes_left": 0,
    }
    assert len(await events("totp.enabled")) == len(await events("totp.disabled")) == 1


async def test_its_owner_is_told_when_it_changes(
    codes: list[str], ada: httpx.AsyncClient, jobs: Rows
) -> None:
    me = {"user_id": (await ada.get("/users/me")).json()["id"]}
    assert await jobs("mail.second_factor_changed") == [me]
    await ada.post("/auth/factors/totp/remove", json=ASKED)
    assert await jobs("mail.second_factor_changed") == [me, me]


async def test_one_that_never_counted_is_removed_without_a_word(
    ada: httpx.AsyncClient, phone: Phone, events: Rows
) -> None:
    answer = await ada.post("/auth/factors/totp/remove", json=ASKED)

    assert answer.status_code == 204
    assert await events("totp.disabled") == []


async def test_new_recovery_codes_replace_the_old(
    codes: list[str], ada: httpx.AsyncClient, sign_in: SignIn, events: Rows
) -> None:
    answer = await ada.post("/auth/factors/recovery-codes", json=ASKED)

    assert answer.headers["cache-control"] == "no-store"
    fresh = answer.json()["recovery_codes"]
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert kind_of(await sign_in(otp=codes[0])) == (401, "wrong-code")
    assert (await sign_in(otp=fresh[0])).status_code == 200
    assert len(await events("recovery_codes.made")) == 2


async def test_one_at_a_time(
    codes: list[str], ada: httpx.AsyncClient, phone: Phone
) -> None:
    again = await ada.post("/auth/factors/totp", json=ASKED)
    twice = await ada.post("/auth/factors/totp/confirm", json={"code": phone.code()})

    assert (again.status_code, twice.status_code) == (409, 409)


async def test_what_stands_on_it_needs_it(ada: httpx.AsyncClient) -> None:
    confirm = await ada.post("/auth/factors/totp/confirm", json={"code": "123456"})
    recover = await ada.post("/auth/factors/recovery-codes", json=ASKED)

    assert (confirm.status_code, recover.status_code) == (409, 409)


async def test_nothing_of_it_is_stored_in_clear(
    codes: list[str], phone: Phone, database: Database, ada: httpx.AsyncClient
) -> None:
    async with database.read() as session:
        rows: list[Any] = [
            row.model_dump()
            for table in (TotpFactor, RecoveryCode)
            for row in await session.exec(select(table))
        ]
    stored = str(rows)
    assert phone.totp.secret not in stored
    for code in codes:
        assert code not in stored
        assert code.replace("-", "") not in stored


async def test_each_has_their_own(
    codes: list[str], phone: Phone, bob: httpx.AsyncClient, sign_in: SignIn
) -> None:
    answer = await bob.get("/auth/factors")
    assert answer.json()["recovery_codes_left"] == 0
    await bob.post("/auth/factors/totp", json=ASKED)

    for code in (phone.code(), codes[0]):
        answer = await bob.post("/auth/factors/totp/confirm", json={"code": code})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("shown", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(shown: int, good: bool) -> None:
    secret = pyotp.random_base32()
    cipher = Cipher([Fernet.generate_key().decode()])
    factor = TotpFactor(user_id=uuid4(), secret=cipher.encrypt(secret))
    code = pyotp.TOTP(secret).at(NOON + shown * STEP)

    assert accept_code(factor, code, cipher=cipher, now=NOON) == good


def test_after_a_code_older_ones_are_not_good() -> None:
    secret = pyotp.random_base32()
    cipher = Cipher([Fernet.generate_key().decode()])
    factor = TotpFactor(user_id=uuid4(), secret=cipher.encrypt(secret))
    older, present, newer = (
        pyotp.TOTP(secret).at(NOON + step * STEP) for step in (-1, 0, 1)
    )

    given = [
        accept_code(factor, code, cipher=cipher, now=NOON)
        for code in (present, older, present, newer, newer)
    ]

    assert given == [True, False, False, True, False]


async def test_one_that_is_removed_meanwhile_accepts_nothing(
    ada: httpx.AsyncClient, database: Database
) -> None:
    cipher = Cipher([Fernet.generate_key().decode()])
    async with database.write() as session:
        user = (await session.exec(select(User))).one()
        by = Actor(user.id, user.username, user.is_admin)

        assert not await accept(session, user, "123456", cipher=cipher, by=by)
