"""Problems: exceptions that know their status, rendered once as RFC 9457 documents.

A domain raises a subclass of `Problem`; the edge renders it. Each class is also a
page under ``/problems/<code>`` (its docstring is the page's text).
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import MISSING, BaseModel, Field

PROBLEM_JSON = "application/problem+json"


class FieldError(BaseModel):
    loc: str = Field(description="The field's name.", examples=["email"])
    message: str = Field(description="What is wrong with it, and what to do.")
    code: str = Field(description="The same for programs.", examples=["missing"])


class ProblemDocument(BaseModel):
    """What went wrong, as RFC 9457 describes it."""

    type: str = Field(
        description="Which kind of problem; a page at this address explains it.",
        examples=["/problems/invalid"],
    )
    title: str = Field(examples=["Invalid fields"])
    status: int = Field(examples=[422])
    detail: str = Field(
        description="What to do about it.",
        examples=["Correct these fields and send it again: email."],
    )
    instance: str = Field(
        description="Path of the request.", examples=["/api/v1/auth/register"]
    )
    request_id: str = Field(description="What the log of the instance knows it by.")
    timestamp: str = Field(examples=["2026-01-31T12:00:00.000000+00:00"])
    errors: list[FieldError] | MISSING = Field(
        default=MISSING, description="The fields that are wrong, where some are."
    )
    error: str | MISSING = Field(
        default=MISSING,
        description="What OAuth 2 calls it, where a token is asked for by its rules.",
        examples=["authorization_pending"],
    )


class Problem(Exception):  # noqa: N818 - the standard's own word
    """The request could not be carried out."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Internal error"
    error: ClassVar[str | None] = None
    """What OAuth 2 calls it: see RFC 6749, 5.2, and RFC 8628, 3.5."""

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        keep: bool = False,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.keep = keep


class Malformed(Problem):
    """The request cannot be read: a broken body, header, cursor or address."""

    status, code, title = 400, "malformed", "Malformed request"


class GrantInvalid(Problem):
    """The device code is unknown, or its token was handed out; start anew."""

    status, code, title = 400, "grant-invalid", "Code is no good"
    error = "invalid_grant"


class GrantTypeUnsupported(Problem):
    """Send the ``grant_type`` that the documentation of the address names."""

    status, code, title = 400, "grant-type-unsupported", "Unknown grant type"
    error = "unsupported_grant_type"


class AuthorizationPending(Problem):
    """Nobody has decided yet; ask again after the interval."""

    status, code, title = 400, "authorization-pending", "Nobody has decided yet"
    error = "authorization_pending"


class SlowDown(Problem):
    """Nobody has decided yet, and you ask too often: wait five seconds longer.

    ``Retry-After`` gives the interval from now on.
    """

    status, code, title = 400, "slow-down", "Asked too often"
    error = "slow_down"


class AccessDenied(Problem):
    """The person refused to sign this device in, or may not do so any more."""

    status, code, title = 400, "access-denied", "Refused"
    error = "access_denied"


class ExpiredToken(Problem):
    """The device code is past its time; start anew."""

    status, code, title = 400, "expired-token", "Code expired"
    error = "expired_token"


class NotSignedIn(Problem):
    """Sign in, or send a valid access token as ``Authorization: Bearer …``."""

    status, code, title = 401, "not-signed-in", "Not signed in"

    def __init__(self, detail: str, *, keep: bool = False) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, keep=keep)


class WrongCredentials(NotSignedIn):
    """The user name or the password is wrong; the answer never says which."""

    code, title = "wrong-credentials", "Wrong user name or password"


class SecondFactorRequired(NotSignedIn):
    """The password is right; send it again with a code of the second factor."""

    code, title = "second-factor-required", "A code is required"


class WrongCode(NotSignedIn):
    """The code is wrong, too old or was used; send the next one, or a recovery code."""

    code, title = "wrong-code", "Wrong code"


class Forbidden(Problem):
    """You may see this, but not do what was asked. The detail names who may."""

    status, code, title = 403, "forbidden", "Not allowed"


class ScopeMissing(Forbidden):
    """The API token lacks a scope that this needs; the detail names it."""

    code, title = "scope-missing", "Scope missing"


class RegistrationClosed(Forbidden):
    """This instance takes no new accounts; ask its administrator."""

    code, title = "registration-closed", "Registration is closed"


class NotFound(Problem):
    """There is nothing here, or nothing that you may see."""

    status, code, title = 404, "not-found", "Not found"


class MethodNotAllowed(Problem):
    """The address exists, but not for this HTTP method; ``Allow`` lists those."""

    status, code, title = 405, "method-not-allowed", "Method not allowed"


class Conflict(Problem):
    """The request does not fit the present state; the detail says what to do."""

    status, code, title = 409, "conflict", "Conflict with the present state"


class NameTaken(Conflict):
    """The name is in use, or was and stays reserved; choose another."""

    code, title = "name-taken", "Name taken"


class LastOwner(Conflict):
    """A team keeps at least one active owner; make another member owner first."""

    code, title = "last-owner", "Last owner"


class LastAdmin(Conflict):
    """An instance keeps at least one active administrator; promote another first."""

    code, title = "last-admin", "Last administrator"


class KeyReused(Conflict):
    """The ``Idempotency-Key`` belongs to another request; use a new one for each."""

    code, title = "key-reused", "Key of another request"


class SecretDetached(Conflict):
    """The server does something else now than when the secret was written.

    An owner of the team writes the secret again, if the new command or address may
    have it.
    """

    code, title = "secret-detached", "Secret is detached"


class CodeExpired(Conflict):
    """The code that a device shows is past its time; start anew on the device."""

    code, title = "code-expired", "Code is too old"


class CodeUsed(Conflict):
    """Somebody has allowed or refused this device already; a code is good once."""

    code, title = "code-used", "Code was used"


class Unchanged(Conflict):
    """The content equals the newest revision, so there is nothing to publish."""

    code, title = "unchanged", "Nothing changed"


class Redacted(Conflict):
    """The content was redacted by this team, which can never publish it again."""

    code, title = "redacted", "Redacted content"


class ExportLoses(Conflict):
    """Something would get lost, and the request allows none; the errors name it."""

    code, title = "export-loses", "Export loses something"


class Gone(Problem):
    """There was something here, and it was redacted; the detail says when and why."""

    status, code, title = 410, "gone", "Redacted"


class DraftBehind(Conflict):
    """A revision was published since the draft was begun; merge it into the draft."""

    code, title = "draft-behind", "Draft is behind"


class Stale(Problem):
    """Somebody changed it since you read it. Read it again and merge."""

    status, code, title = 412, "stale", "Changed in the meantime"


class TooLarge(Problem):
    """The upload is larger than this instance takes; the detail names the limit."""

    status, code, title = 413, "too-large", "Too large"


class UriTooLong(Problem):
    """The address with its query is too long; send long values in a body."""

    status, code, title = 414, "uri-too-long", "Address too long"


class HeadersTooLarge(Problem):
    """The headers of the request are too large; send fewer cookies and values."""

    status, code, title = 431, "headers-too-large", "Headers too large"


class Misdirected(Problem):
    """The instance was called by a name that is not one of its own.

    Its administrator says by which names it may be called in ROSTER_ALLOWED_HOSTS.
    """

    status, code, title = 421, "misdirected", "Called by another name"


class UnsupportedMediaType(Problem):
    """The body has a content type that this address does not take."""

    status, code, title = 415, "unsupported-media-type", "Unsupported media type"


class Invalid(Problem):
    """Fields are missing or wrong; ``errors`` names each with what to do."""

    status, code, title = 422, "invalid", "Invalid fields"

    @classmethod
    def field(cls, loc: str, message: str, code: str = "value_error") -> "Invalid":
        return cls(message, errors=[FieldError(loc=loc, message=message, code=code)])


class PreconditionRequired(Problem):
    """Send ``If-Match`` with the ETag you read, so that no edit is overwritten."""

    status, code, title = 428, "precondition-required", "If-Match is required"


class TooManyRequests(Problem):
    """Too many tries; wait for the time that ``Retry-After`` gives."""

    status, code, title = 429, "too-many-requests", "Too many requests"


class Internal(Problem):
    """A fault of ours. Tell the administrator the request id; nothing was stored."""


class Unavailable(Problem):
    """The service is busy or starting; try again after ``Retry-After`` seconds."""

    status, code, title = 503, "unavailable", "Unavailable for the moment"


class InsufficientStorage(Problem):
    """Nothing can be stored: no room is left, or the storage may only be read.

    Nothing of the request was stored. What is there can still be read. The
    administrator has to make room; then it works again, without a restart.
    """

    status, code, title = 507, "insufficient-storage", "No room left"


def catalogue() -> dict[str, type[Problem]]:
    """All problem types by code, for the pages under ``/problems``."""
    found: dict[str, type[Problem]] = {}
    waiting = [Problem]
    while waiting:
        problem = waiting.pop()
        waiting.extend(problem.__subclasses__())
        if problem is not Problem:
            found.setdefault(problem.code, problem)
    return dict(sorted(found.items()))


def problems(*types: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Declare a route's problem responses, so that clients have types for them."""
    declared: dict[int | str, dict[str, Any]] = {}
    for problem in types:
        known = declared.setdefault(
            problem.status,
            {
                "description": "",
                "content": {
                    PROBLEM_JSON: {
                        "schema": {"$ref": "#/components/schemas/ProblemDocument"}
                    }
                },
            },
        )
        known["description"] = "; ".join(
            filter(None, [known["description"], problem.title])
        )
    return declared
