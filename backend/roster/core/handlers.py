"""Render every error once, as a problem document."""

import re
import sqlite3
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import MISSING
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from roster.core import errors
from roster.core.edge import request_id_of
from roster.core.errors import FieldError, Problem, ProblemDocument
from roster.core.faults import fault_of
from roster.core.metrics import DB_FAILURES
from roster.core.model import Model
from roster.core.names import NAME_PATTERN

log = structlog.get_logger()

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# An answer should not grow with what is wrong in the request.
NAMED_ERRORS, LOC_LENGTH = 50, 200
UNIQUE: dict[str, Problem] = {}
"""What to answer when a unique constraint refuses a row; filled by the domains."""

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?:index '(\w+)'|(.+))")
_POSTGRES_UNIQUE = re.compile(r'unique constraint "(\w+)"')


def document_of(request: Request, problem: Problem) -> ProblemDocument:
    return ProblemDocument(
        type=f"/problems/{problem.code}",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        instance=request.url.path,
        request_id=request_id_of(request.scope),
        timestamp=datetime.now(UTC).isoformat(),
        errors=problem.errors or MISSING,
        error=problem.error or MISSING,
    )


def render(request: Request, problem: Problem) -> Response:
    return Response(
        orjson.dumps(document_of(request, problem).model_dump()),
        status_code=problem.status,
        media_type=errors.PROBLEM_JSON,
        headers={"Cache-Control": "no-store", **problem.headers},
    )


def violated_constraint(error: IntegrityError) -> str | None:
    """Name the unique constraint that refused a row, by our naming rule.

    SQLite tells the columns and not the name, which the rule gives back.
    """
    text = str(error.orig)
    if match := _POSTGRES_UNIQUE.search(text):
        return match[1]
    if match := _SQLITE_UNIQUE.search(text):
        return match[1] or _constraint_over(match[2])
    return None


def problem_of(error: IntegrityError) -> Problem:
    """What a constraint that refused a row means to who sent the request."""
    name = violated_constraint(error)
    if name and name in UNIQUE:
        return UNIQUE[name]
    # Not its text, which holds the values of the row.
    log.warning("integrity_error", constraint=name, kind=type(error.orig).__name__)
    return errors.Conflict("Somebody changed the same thing just now; try again.")


def _constraint_over(listed: str) -> str | None:
    """Find the constraint over columns that are listed as ``table.column, …``."""
    names = [place.strip().split(".") for place in listed.split(",")]
    table = Model.metadata.tables[names[0][0]]
    columns = {column for _, column in names}
    constraints = [
        constraint
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
    ]
    for candidate in (*constraints, *(i for i in table.indexes if i.unique)):
        if {column.name for column in candidate.columns} == columns:
            return str(candidate.name)
    return None


def _field_errors(error: RequestValidationError) -> list[FieldError]:
    found = []
    for item in error.errors()[:NAMED_ERRORS]:
        place = [str(part) for part in item["loc"]]
        # The first part says body, query or path; the form's field is what follows.
        loc = ".".join(place[1:]) or place[0]
        if len(loc) > LOC_LENGTH:
            loc = f"{loc[:LOC_LENGTH]}…"
        found.append(FieldError(loc=loc, message=_sentence(item), code=item["type"]))
    return found


def _sentence(item: Any) -> str:
    """Say what is wrong to the person at the form, where Pydantic speaks of types."""
    limits = item.get("ctx", {})
    lists = limits.get("field_type", "Value") != "Value"
    match item["type"]:
        case "missing":
            return "This is needed."
        case "string_pattern_mismatch" if limits["pattern"] == NAME_PATTERN:
            return "Use lower-case letters, digits, and single hyphens between them."
        case "string_too_short" | "too_short" if not lists:
            least = limits["min_length"]
            return f"Use at least {least} character{'s' * (least > 1)}."
        case "string_too_long" | "too_long" if not lists:
            return f"Use at most {limits['max_length']} characters."
    text = str(item["msg"]).removeprefix("Value error, ")
    return text.removeprefix("value is not a valid email address: ")


def _allowed(request: Request) -> str:
    """All methods of an address; the router names those of its first route alone."""
    scope = dict(request.scope)
    found = [
        method
        for method in METHODS
        if any(
            route.matches({**scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
    if "GET" in found:
        found.insert(1, "HEAD")
    return ", ".join(found)


def install(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return render(request, error)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        fields = _field_errors(error)
        if any(field.code == "json_invalid" for field in fields):
            return render(request, errors.Malformed("The body is not valid JSON."))
        names = ", ".join(dict.fromkeys(field.loc for field in fields))
        detail = f"Correct these fields and send it again: {names}."
        return render(request, errors.Invalid(detail, errors=fields))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        return render(request, _from_http(request, error))

    @app.exception_handler(IntegrityError)
    async def _integrity(request: Request, error: IntegrityError) -> Response:
        return render(request, problem_of(error))

    for kind in (DBAPIError, PoolTimeout, OSError, sqlite3.Error):
        app.add_exception_handler(kind, _failed)


async def _failed(request: Request, error: Exception) -> Response:
    return uncaught(request, error)


def uncaught(request: Request, error: Exception) -> Response:
    """Answer what left the application, or never got into it."""
    if isinstance(error, Problem):
        return render(request, error)
    fault = fault_of(error)
    if fault is None:
        return internal(request, error)
    DB_FAILURES.labels(fault.reason).inc()
    log.error("fault", reason=fault.reason, kind=_kind(error), error=str(error))
    return render(request, fault.problem)


def _kind(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return type(cause).__name__


def internal(request: Request, error: Exception) -> Response:
    """Answer what nobody expected: the log gets all of it, the client nothing."""
    log.error("unhandled_error", exc_info=error)
    return render(
        request,
        errors.Internal(
            "Something went wrong here, and nothing was stored. Tell your "
            "administrator the request id."
        ),
    )


def _from_http(request: Request, error: HTTPException) -> Problem:
    by_status: dict[int, type[Problem]] = {
        problem.status: problem for problem in reversed(errors.catalogue().values())
    }
    by_status[HTTPStatus.BAD_REQUEST] = errors.Malformed
    by_status[HTTPStatus.NOT_FOUND] = errors.NotFound
    by_status[HTTPStatus.CONFLICT] = errors.Conflict
    by_status[HTTPStatus.FORBIDDEN] = errors.Forbidden
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return errors.NotSignedIn("Sign in first.")
    kind = by_status.get(error.status_code, errors.Malformed)
    details = {
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
    }
    detail = details.get(HTTPStatus(error.status_code), str(error.detail))
    problem = kind(detail, headers=error.headers)
    wrong_method = error.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    if wrong_method and (allowed := _allowed(request)):
        problem.headers["Allow"] = allowed
    return problem
