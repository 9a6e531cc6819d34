"""What an answer means: problem documents become one sentence and an exit code."""

import base64
import binascii
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from roster.client.exits import Exit, Trouble

PROBLEM = "application/problem+json"
CODES: dict[int, Exit] = {
    HTTPStatus.UNAUTHORIZED: Exit.sign_in,
    HTTPStatus.FORBIDDEN: Exit.forbidden,
    HTTPStatus.NOT_FOUND: Exit.not_found,
    HTTPStatus.GONE: Exit.not_found,
    HTTPStatus.MISDIRECTED_REQUEST: Exit.network,
    HTTPStatus.TOO_MANY_REQUESTS: Exit.network,
    HTTPStatus.BAD_GATEWAY: Exit.network,
    HTTPStatus.SERVICE_UNAVAILABLE: Exit.network,
    HTTPStatus.GATEWAY_TIMEOUT: Exit.network,
}
TOKEN_PREFIX = "rst_"  # noqa: S105 - all of them have it


class ProblemTrouble(Trouble):
    """The server said no; `document` is how."""

    def __init__(self, code: Exit, sentence: str, document: dict[str, Any]) -> None:
        super().__init__(code, sentence)
        self.document = document


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    """Their names are in small letters."""
    data: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.data)
        except ValueError:
            raise strange() from None


def strange() -> Trouble:
    return Trouble(
        Exit.version,
        "What answers there is no Roster, or one of another age: check the address, "
        "and `roster --version` against the instance's.",
    )


def problem_of(answer: Answer, *, token: str | None, place: str) -> Trouble:
    """Say what a refusal means.

    Args:
        answer: Of a status that is no success.
        token: That was sent; None: none.
        place: Where it is from.
    """
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    document = answer.json() if kind == PROBLEM else None
    if not isinstance(document, dict):
        if answer.status in {502, 503, 504}:
            return Trouble(
                Exit.network, "The server is not there at the moment: try again later."
            )
        return strange()
    detail = str(document.get("detail") or document.get("title") or "It was refused.")
    if answer.status == HTTPStatus.UNAUTHORIZED:
        detail = _about_token(detail, token, place)
    elif answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = f"{detail} (request {document.get('request_id', '?')})"
    errors = document.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        detail = f"{detail} {errors[0].get('loc')}: {errors[0].get('message')}"
    code = CODES.get(answer.status, Exit.refused)
    return ProblemTrouble(code, detail, document)


def _about_token(detail: str, token: str | None, place: str) -> str:
    if token is None:
        return "You are not signed in there: run `roster login`, or set ROSTER_TOKEN."
    mended = "make another one" if place == "ROSTER_TOKEN" else "run `roster login`"
    where = "ROSTER_TOKEN" if place == "ROSTER_TOKEN" else "Your token"
    ends = _end_of(token)
    if ends is None:
        return f"{where} is no API token of a Roster: {mended}."
    if ends and ends < time.time():
        day = datetime.fromtimestamp(ends, UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"{where} expired on {day}: {mended}."
    if "not valid any more" in detail:
        return f"{where} was revoked, or its account ended: {mended}."
    return f"{where} is not one of this instance: {mended}."


def _end_of(token: str) -> float | None:
    """When a token ends: 0 for never, None where it is none."""
    parts = token.removeprefix(TOKEN_PREFIX).split(".")
    if len(parts) != 3:  # noqa: PLR2004 - a JWT has three
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        return float(claims.get("exp", 0))
    except (ValueError, AttributeError, TypeError, binascii.Error):
        return None
