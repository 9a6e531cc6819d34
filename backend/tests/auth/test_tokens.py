import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from jose import jwt

from roster.auth.tokens import ALGORITHM, Tokens, digest_of, new_secret
from roster.core.errors import NotSignedIn
from roster.core.model import utc_now

OLD, NEW = "o" * 48, "n" * 48
USER, SESSION = uuid4(), uuid4()
QUARTER = timedelta(minutes=15)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens({"new": NEW, "old": OLD})


def refresh_token(tokens: Tokens, secret: str, days: int = 30) -> str:
    now = utc_now()
    expires = now + timedelta(days=days)
    return tokens.refresh(SESSION, secret, made=now, expires=expires)


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.get_unverified_claims(token))


def test_an_access_token_says_who_and_for_how_long(tokens: Tokens) -> None:
    token = tokens.access(USER, SESSION, QUARTER)

    claims = claims_of(token)
    assert set(claims) == {
        "iss",
        "aud",
        "sub",
        "exp",
        "iat",
        "nbf",
        "jti",
        "sid",
        "scope",
    }
    assert claims["exp"] - claims["iat"] == 15 * 60
    assert jwt.get_unverified_header(token) == {
        "alg": ALGORITHM,
        "kid": "new",
        "typ": "JWT",
    }
    read = tokens.read_access(token)
    assert (read.user_id, read.session_id) == (USER, SESSION)
    assert read.scopes == {"session"}


def test_no_two_access_tokens_are_alike(tokens: Tokens) -> None:
    made = {tokens.access(USER, SESSION, QUARTER) for _ in range(10)}

    assert len(made) == 10


def test_an_older_key_still_verifies(tokens: Tokens) -> None:
    before = Tokens({"old": OLD})

    token = before.access(USER, SESSION, QUARTER)

    assert tokens.read_access(token).user_id == USER


def test_a_removed_key_no_longer_verifies(tokens: Tokens) -> None:
    token = Tokens({"gone": "g" * 48}).access(USER, SESSION, QUARTER)

    with pytest.raises(NotSignedIn):
        tokens.read_access(token)


def test_expiry(tokens: Tokens) -> None:
    token = tokens.access(USER, SESSION, timedelta(minutes=-1))

    with pytest.raises(NotSignedIn):
        tokens.read_access(token)


def test_each_kind_of_token_is_good_for_its_own_purpose(tokens: Tokens) -> None:
    with pytest.raises(NotSignedIn):
        tokens.read_refresh(tokens.access(USER, SESSION, QUARTER))
    with pytest.raises(NotSignedIn):
        tokens.read_access(refresh_token(tokens, new_secret()))


def test_the_successor_follows_from_the_token_and_its_key(tokens: Tokens) -> None:
    secret = new_secret()
    first = tokens.read_refresh(refresh_token(tokens, secret))
    again = tokens.read_refresh(refresh_token(tokens, secret, days=1))
    elsewhere = Tokens({"new": "x" * 48})
    other = elsewhere.read_refresh(refresh_token(elsewhere, secret))

    assert first.successor == again.successor
    assert first.successor != other.successor
    assert secret not in first.successor


def test_the_successor_survives_a_new_first_key() -> None:
    before, secret = Tokens({"old": OLD}), new_secret()
    token = refresh_token(before, secret)

    after = Tokens({"new": NEW, "old": OLD})

    assert after.read_refresh(token) == before.read_refresh(token)


def test_digests_tell_nothing() -> None:
    assert digest_of("a") != digest_of("b")
    assert len(digest_of("a")) == 64


def segment(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forged(tokens: Tokens) -> dict[str, str]:
    good = tokens.access(USER, SESSION, QUARTER)
    head, body, signature = good.split(".")
    claims = claims_of(good)

    def signed(changed: dict[str, Any], kid: str = "new", key: str = NEW) -> str:
        return jwt.encode(changed, key, ALGORITHM, headers={"kid": kid})

    without = {
        name: signed({key: value for key, value in claims.items() if key != name})
        for name in ("iss", "aud", "sub", "exp", "iat", "nbf")
    }
    return {
        "empty": "",
        "no token": "abc",
        "two parts": f"{head}.{body}",
        "no signature": f"{head}.{body}.",
        "none": f"{segment({'alg': 'none', 'kid': 'new'})}.{body}.",
        "none, signed": f"{segment({'alg': 'none', 'kid': 'new'})}.{body}.{signature}",
        "HS512": jwt.encode(claims, NEW, "HS512", headers={"kid": "new"}),
        "other key": signed(claims, key="x" * 48),
        "other kid": signed(claims, kid="old"),
        "unknown kid": signed(claims, kid="x"),
        "no kid": jwt.encode(claims, NEW, ALGORITHM),
        "list as kid": f"{segment({'alg': ALGORITHM, 'kid': []})}.{body}.{signature}",
        "header is a list": f"{segment([1])}.{body}.{signature}",
        "header is no text": f"{segment(b'_' * 9)}.{body}.{signature}",
        "deep header": f"{segment(b'[' * 3000)}.{body}.{signature}",
        "changed": f"{head}.{segment({**claims, 'sub': str(uuid4())})}.{signature}",
        "audience": signed({**claims, "aud": "else"}),
        "issuer": signed({**claims, "iss": "else"}),
        "not yet": signed({**claims, "nbf": claims["exp"]}),
        "letters": "ä.ö.ü",
        **{f"without {name}": token for name, token in without.items()},
    }


NAMES = tuple(forged(Tokens({"new": NEW})))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_ours_is_refused(tokens: Tokens, name: str) -> None:
    with pytest.raises(NotSignedIn):
        tokens.read_access(forged(tokens)[name])


def test_the_session_is_named_by_the_first_valid_token(tokens: Tokens) -> None:
    refresh = refresh_token(tokens, new_secret())
    other = uuid4()
    access = tokens.access(USER, other, QUARTER)

    assert tokens.session_named_by(refresh, access) == SESSION
    assert tokens.session_named_by("broken", access) == other
    assert tokens.session_named_by(None, access) == other
    assert tokens.session_named_by("broken", "broken") is None
    assert tokens.session_named_by(None, None) is None


@pytest.mark.parametrize("past", [timedelta(days=-60), timedelta(hours=2)])
def test_the_session_is_named_by_a_token_of_another_time(
    tokens: Tokens, past: timedelta
) -> None:
    made = utc_now() + past
    until = made + QUARTER
    refresh = tokens.refresh(SESSION, new_secret(), made=made, expires=until)
    access = signed_at(tokens, int(made.timestamp()))

    assert tokens.session_named_by(refresh, None) == SESSION
    assert tokens.session_named_by(None, access) == SESSION
    with pytest.raises(NotSignedIn):
        tokens.read_refresh(refresh)
    with pytest.raises(NotSignedIn):
        tokens.read_access(access)


def signed_at(tokens: Tokens, second: int) -> str:
    times = {"iat": second, "nbf": second, "exp": second + 900}
    claims = claims_of(tokens.access(USER, SESSION, QUARTER)) | times
    return jwt.encode(claims, NEW, algorithm=ALGORITHM, headers={"kid": "new"})
