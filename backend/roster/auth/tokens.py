"""Access and refresh tokens: JWTs of one algorithm, signed with the first key.

A refresh token's successor follows from it and the key that signed it. So two tabs
that refresh with the same token at once are given the same new one, although only
digests are stored.
"""

import base64
import contextlib
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from jose import JWTError, jwk, jwt
from jose.backends.base import Key

from roster.core.errors import NotSignedIn
from roster.core.model import utc_now

ALGORITHM = "HS256"
ISSUER = "roster"
ACCESS_AUDIENCE = "roster-api"
REFRESH_AUDIENCE = "roster-refresh"
API_TOKEN_AUDIENCE = "roster-token"  # noqa: S105 - a name
API_TOKEN_PREFIX = "rst_"  # noqa: S105 - all of them have it
"""In front of the JWT, so that scanners for secrets know it."""
SESSION_SCOPE = "session"
"""Scope of a token that a person got by signing in: all that they may do."""

_CHECKS = {
    f"require_{claim}": True for claim in ("aud", "exp", "iat", "nbf", "iss", "sub")
}
# Clocks of several machines differ a little.
_LEEWAY_SECONDS = 5


@dataclass(frozen=True)
class AccessClaims:
    user_id: UUID
    session_id: UUID
    scopes: frozenset[str]
    expires: datetime


@dataclass(frozen=True)
class RefreshClaims:
    session_id: UUID
    secret: str
    successor: str
    """The secret of the token that follows this one."""


@dataclass(frozen=True)
class ApiTokenClaims:
    user_id: UUID
    jti: UUID


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class Tokens:
    def __init__(self, signing_keys: Mapping[str, str]) -> None:
        """Take secrets by key id, in order: the first signs, all verify."""
        self._keys: dict[str, Key] = {
            kid: jwk.construct(secret, ALGORITHM)
            for kid, secret in signing_keys.items()
        }
        self._first = next(iter(self._keys))

    def access(self, user_id: UUID, session_id: UUID, lifetime: timedelta) -> str:
        now = utc_now()
        return self._sign(
            now,
            now + lifetime,
            aud=ACCESS_AUDIENCE,
            sub=str(user_id),
            jti=str(uuid4()),
            sid=str(session_id),
            scope=SESSION_SCOPE,
        )

    def refresh(
        self, session_id: UUID, secret: str, *, made: datetime, expires: datetime
    ) -> str:
        return self._sign(
            made, expires, aud=REFRESH_AUDIENCE, sub=str(session_id), jti=secret
        )

    def api_token(
        self,
        user_id: UUID,
        jti: UUID,
        scopes: Iterable[str],
        *,
        made: datetime,
        expires: datetime | None,
    ) -> str:
        signed = self._sign(
            made,
            expires,
            aud=API_TOKEN_AUDIENCE,
            sub=str(user_id),
            jti=str(jti),
            scope=" ".join(scopes),
        )
        return f"{API_TOKEN_PREFIX}{signed}"

    def _sign(self, made: datetime, expires: datetime | None, **claims: str) -> str:
        issued = int(made.timestamp())
        times = {"iat": issued, "nbf": issued}
        if expires is not None:
            times["exp"] = int(expires.timestamp())
        return jwt.encode(
            {"iss": ISSUER, **times, **claims},
            self._keys[self._first],
            algorithm=ALGORITHM,
            headers={"kid": self._first},
        )

    def read_access(self, token: str, *, at_any_time: bool = False) -> AccessClaims:
        _, claims = self._read(token, ACCESS_AUDIENCE, at_any_time=at_any_time)
        return AccessClaims(
            user_id=UUID(claims["sub"]),
            session_id=UUID(claims["sid"]),
            scopes=frozenset(claims["scope"].split()),
            expires=datetime.fromtimestamp(claims["exp"], UTC),
        )

    def read_refresh(self, token: str, *, at_any_time: bool = False) -> RefreshClaims:
        key, claims = self._read(token, REFRESH_AUDIENCE, at_any_time=at_any_time)
        secret = claims["jti"]
        # The colon keeps this apart from everything that is signed as a JWT.
        following = key.sign(f"successor:{secret}".encode())
        return RefreshClaims(
            session_id=UUID(claims["sub"]),
            secret=secret,
            successor=base64.urlsafe_b64encode(following).decode().rstrip("="),
        )

    def read_api_token(self, token: str) -> ApiTokenClaims:
        """Verify what was signed; whether it still counts is for its row to say."""
        signed = token.removeprefix(API_TOKEN_PREFIX)
        _, claims = self._read(signed, API_TOKEN_AUDIENCE, may_last=True)
        return ApiTokenClaims(user_id=UUID(claims["sub"]), jti=UUID(claims["jti"]))

    def marks_of(self, purpose: str, short: str) -> list[str]:
        """Digests of a secret too short for a plain one, by each key, the first first.

        Who reads a database, but not the keys, cannot search for the secret.
        """
        # The colon keeps this apart from everything that is signed as a JWT.
        message = f"{purpose}:{short}".encode()
        return [key.sign(message).hex() for key in self._keys.values()]

    def session_named_by(self, refresh: str | None, access: str | None) -> UUID | None:
        """Tell whose session it is, by the first of the tokens that is ours.

        Whatever time it is: who signs out with a token that has expired, or is not
        good yet for a clock that was set back, is to be signed out for good.
        """
        if refresh is not None:
            with contextlib.suppress(NotSignedIn):
                return self.read_refresh(refresh, at_any_time=True).session_id
        if access is not None:
            with contextlib.suppress(NotSignedIn):
                return self.read_access(access, at_any_time=True).session_id
        return None

    def _read(
        self,
        token: str,
        audience: str,
        *,
        may_last: bool = False,
        at_any_time: bool = False,
    ) -> tuple[Key, dict[str, Any]]:
        """Verify a token with the key that it names.

        Args:
            token: The JWT.
            audience: What it must be made for.
            may_last: Whether it may come without an expiry.
            at_any_time: Whether it may have expired, or not be good yet.

        Raises:
            NotSignedIn: It is not ours, was changed, or is past its time.
        """
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=audience,
                issuer=ISSUER,
                options={
                    **_CHECKS,
                    # What is required is verified as well.
                    "require_exp": not (may_last or at_any_time),
                    "require_nbf": not at_any_time,
                    "verify_exp": not at_any_time,
                    "verify_nbf": not at_any_time,
                    "leeway": _LEEWAY_SECONDS,
                },
            )
        except (JWTError, KeyError, TypeError, RecursionError) as error:
            # What is nested too deeply or is no text where a key id should be too.
            raise NotSignedIn("Sign in again: this token is not valid.") from error
        return key, claims
