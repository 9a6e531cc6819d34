"""Answers that carry tokens: in the body, and for browsers partly in a cookie."""

from datetime import timedelta
from typing import Annotated

from fastapi import Cookie, Depends, Request, Response

from roster.auth.deps import TokensDep
from roster.auth.models import ClientKind, RefreshRequest, Token
from roster.auth.origin import require_own_origin
from roster.auth.sessions import Grant
from roster.auth.tokens import Tokens
from roster.core.deps import SettingsDep
from roster.core.model import utc_now
from roster.settings import Settings

COOKIE = "roster_refresh"
COOKIE_PATH = "/api/v1/auth"

RefreshCookie = Annotated[str | None, Cookie(alias=COOKIE)]


class TokenAnswer:
    """The one place that hands tokens out, or takes the cookie back."""

    def __init__(
        self,
        request: Request,
        response: Response,
        settings: Settings,
        tokens: Tokens,
    ) -> None:
        self._request = request
        self._response = response
        self._settings = settings
        self._tokens = tokens
        response.headers["Cache-Control"] = "no-store"

    def require_own_origin(self) -> None:
        require_own_origin(self._request, self._settings)

    def token(self, grant: Grant) -> Token:
        """Answer with tokens.

        Raises:
            Forbidden: A cookie would be set for another site's page, which could so
                sign a person in to a session of its own.
        """
        family = grant.session
        lifetime = timedelta(minutes=self._settings.access_token_minutes)
        refresh = self._tokens.refresh(
            family.id, grant.secret, made=family.created_at, expires=family.expires_at
        )
        in_cookie = family.client is ClientKind.browser
        if in_cookie:
            self.require_own_origin()
            left = family.expires_at - utc_now()
            self._set_cookie(refresh, int(left.total_seconds()))
        return Token(
            access_token=self._tokens.access(family.user_id, family.id, lifetime),
            expires_in=int(lifetime.total_seconds()),
            refresh_token=None if in_cookie else refresh,
        )

    def clear_cookie(self) -> None:
        self._set_cookie("", 0)

    def _set_cookie(self, value: str, seconds: int) -> None:
        self._response.set_cookie(
            COOKIE,
            value,
            max_age=seconds,
            path=COOKIE_PATH,
            secure=self._request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )


async def get_token_answer(
    request: Request, response: Response, settings: SettingsDep, tokens: TokensDep
) -> TokenAnswer:
    return TokenAnswer(request, response, settings, tokens)


TokenAnswerDep = Annotated[TokenAnswer, Depends(get_token_answer)]


async def given_refresh_token(
    answer: TokenAnswerDep,
    body: RefreshRequest | None = None,
    cookie: RefreshCookie = None,
) -> str | None:
    """Take the refresh token from the body, or else from the cookie.

    Raises:
        Forbidden: It is the cookie's, and another site's page sent the request.
    """
    if body is not None and body.refresh_token is not None:
        return body.refresh_token.get_secret_value()
    if cookie is not None:
        answer.require_own_origin()
    return cookie


RefreshTokenDep = Annotated[str | None, Depends(given_refresh_token)]
