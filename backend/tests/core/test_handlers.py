"""Every error is answered as a problem document, and tells nothing of the inside."""

import asyncio
import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import select

from roster.auth.models import AuthSession
from roster.core import errors
from roster.core.db import Database, SessionDep
from roster.core.errors import FieldError, Problem
from roster.core.handlers import violated_constraint
from roster.core.model import utc_now
from roster.teams.models import Membership, Role, Team
from roster.users.models import InstanceSetup, User
from tests.conftest import Connect

CATALOGUE = errors.catalogue()
SECRET = "a value that nobody outside may see"


def fail_with(app: FastAPI, error: BaseException) -> None:
    async def probe() -> None:
        raise error

    app.add_api_route("/api/v1/probe", probe)


@pytest.mark.parametrize("code", CATALOGUE)
async def test_every_problem_is_rendered(
    app: FastAPI, anonymous: httpx.AsyncClient, code: str
) -> None:
    kind = CATALOGUE[code]
    fail_with(app, kind("Do this."))

    answer = await anonymous.get("/probe")

    assert answer.status_code == kind.status
    assert answer.headers["content-type"] == errors.PROBLEM_JSON
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert datetime.fromisoformat(problem.pop("timestamp")).tzinfo
    assert problem == {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": "Do this.",
        "instance": "/api/v1/probe",
        "request_id": answer.headers["x-request-id"],
        **({"error": kind.error} if kind.error else {}),
    }


async def test_fields_and_headers_of_a_problem(
    app: FastAPI, anonymous: httpx.AsyncClient
) -> None:
    field = FieldError(loc="name", message="Choose another.", code="taken")
    problem = errors.TooManyRequests("x", errors=[field], headers={"Retry-After": "9"})
    fail_with(app, problem)

    answer = await anonymous.get("/probe")

    assert answer.headers["retry-after"] == "9"
    assert answer.json()["errors"] == [field.model_dump()]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "eleven char", "Use at least 12 characters."),
        ("password", "x" * 1025, "Use at most 1024 characters."),
        (
            "username",
            "Ada Lovelace",
            "Use lower-case letters, digits, and single hyphens between them.",
        ),
        ("username", "", "Use at least 1 character."),
        ("display_name", "x" * 101, "Use at most 100 characters."),
        ("email", "ada", "An email address must have an @-sign."),
    ],
)
async def test_a_wrong_field_is_named_in_a_sentence(
    anonymous: httpx.AsyncClient, field: str, value: str, sentence: str
) -> None:
    body = {"username": "ada", "email": "ada@example.org", "password": "a good one yet"}

    answer = await anonymous.post("/auth/register", json=body | {field: value})

    (error,) = answer.json()["errors"]
    assert (error["loc"], error["message"]) == (field, sentence)


async def test_a_missing_field_and_a_list_are_named(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/auth/tokens", json={"scopes": []})

    errors_ = {error["loc"]: error["message"] for error in answer.json()["errors"]}
    assert errors_["name"] == "This is needed."
    assert errors_["scopes"].startswith("List should have at least 1 item")


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(SECRET),
        RecursionError(SECRET),
        ValueError(SECRET),
        DBAPIError(SECRET, {"password": SECRET}, Exception(SECRET)),
    ],
)
async def test_a_fault_tells_the_request_id_and_nothing_else(
    app: FastAPI, anonymous: httpx.AsyncClient, error: Exception
) -> None:
    fail_with(app, error)

    answer = await anonymous.get("/probe", headers={"X-Request-ID": "my-id"})

    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal"
    assert answer.json()["request_id"] == "my-id"
    assert answer.headers["x-request-id"] == "my-id"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert SECRET not in answer.text
    assert type(error).__name__ not in answer.text


class Deadlock(Exception):  # noqa: N818 - as PostgreSQL's driver calls it
    sqlstate = "40P01"


def lost_connection() -> DBAPIError:
    return DBAPIError("x", {}, Exception("gone"), connection_invalidated=True)


@pytest.mark.parametrize(
    "error",
    [
        PoolTimeout("the pool is empty"),
        OperationalError("x", {}, Exception("database is locked")),
        ConnectionRefusedError("no"),
        lost_connection(),
        DBAPIError("x", {}, Deadlock("your turn is over")),
    ],
)
async def test_a_busy_database_is_said_to_be_busy(
    app: FastAPI, anonymous: httpx.AsyncClient, error: Exception
) -> None:
    fail_with(app, error)

    answer = await anonymous.get("/probe")

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert int(answer.headers["retry-after"]) > 0


async def violation_of(database: Database, row: Any) -> IntegrityError:
    """Insert a row that a constraint refuses."""

    async def insert() -> None:
        async with database.write() as session:
            session.add(row)

    with pytest.raises(IntegrityError) as refusal:
        await insert()
    return refusal.value


async def test_a_unique_violation_is_named_alike_on_both_engines(
    ada: httpx.AsyncClient, database: Database
) -> None:
    async with database.read() as session:
        user = (await session.exec(select(User))).one()
    rows: list[tuple[Any, str]] = [
        (User(**user.model_dump(exclude={"id", "email"}), email="x"), "username"),
        (User(**user.model_dump(exclude={"id", "username"}), username="x"), "email"),
    ]
    for row, column in rows:
        found = violated_constraint(await violation_of(database, row))
        assert found == f"uq_users_{column}"
    again = InstanceSetup(user_id=user.id, created_at=utc_now())
    found = violated_constraint(await violation_of(database, again))
    assert found == "pk_instance_setup"


async def test_a_violation_over_two_columns_and_of_a_digest(
    ada: httpx.AsyncClient, database: Database
) -> None:
    async with database.read() as session:
        membership = (await session.exec(select(Membership))).one()
        family = (await session.exec(select(AuthSession))).one()
    copies: list[tuple[Any, str]] = [
        (
            Membership(
                user_id=membership.user_id,
                team_id=membership.team_id,
                role=membership.role,
            ),
            "uq_memberships_user_id_team_id",
        ),
        (
            AuthSession(**family.model_dump(exclude={"id"})),
            "uq_auth_sessions_token_digest",
        ),
    ]
    for copy, name in copies:
        assert violated_constraint(await violation_of(database, copy)) == name


async def test_other_violations_have_no_name(
    ada: httpx.AsyncClient, database: Database
) -> None:
    nobodys = Membership(user_id=uuid4(), team_id=uuid4(), role=Role.owner)

    assert violated_constraint(await violation_of(database, nobodys)) is None


async def test_a_violation_that_no_domain_names_is_a_conflict(
    app: FastAPI, ada: httpx.AsyncClient, database: Database
) -> None:
    async with database.read() as session:
        family = (await session.exec(select(AuthSession))).one()

    async def probe(session: SessionDep) -> None:
        session.add(AuthSession(**family.model_dump(exclude={"id"})))

    app.add_api_route("/api/v1/probe", probe, methods=["POST"])

    answer = await ada.post("/probe")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/conflict"
    assert family.token_digest not in answer.text


async def test_a_write_that_fails_at_commit_is_not_answered_as_done(
    app: FastAPI, ada: httpx.AsyncClient
) -> None:
    async def probe(session: SessionDep) -> dict[str, bool]:
        session.add(Team(slug="ada", name=""))
        return {"done": True}

    app.add_api_route("/api/v1/probe", probe, methods=["POST"])

    answer = await ada.post("/probe")

    assert answer.status_code == 409
    assert "done" not in answer.text


async def test_a_pool_that_stays_empty_is_unavailable(
    app: FastAPI, ada: httpx.AsyncClient, connect: Connect, database_url: str
) -> None:
    before = app.state.database
    database = Database(database_url, pool_size=1, wait_seconds=0.2)
    app.state.database = database
    client = connect(app)

    async def probe(session: SessionDep) -> None:
        await session.connection()

    app.add_api_route("/api/v1/probe", probe, methods=["POST"])
    async with database.write() as session:
        await session.connection()
        answer = await client.post("/probe")
    assert answer.status_code == 503

    # Given back, it serves again.
    assert (await client.post("/probe")).status_code == 200
    app.state.database = before
    await database.dispose()


async def test_a_problem_that_keeps_commits_first_and_others_roll_back(
    app: FastAPI, ada: httpx.AsyncClient, database: Database
) -> None:
    async def probe(session: SessionDep, keep: bool) -> None:
        session.add(Team(slug=f"kept-{keep}".lower(), name=""))
        await session.flush()
        raise Problem("refused", keep=keep)

    app.add_api_route("/api/v1/probe", probe, methods=["POST"])

    for keep in (True, False):
        answer = await ada.post("/probe", params={"keep": keep})
        assert answer.status_code == 500

    async with database.read() as session:
        slugs = set(await session.exec(select(Team.slug)))
    assert slugs == {"ada", "kept-true"}


async def test_writers_on_one_database_take_turns(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.write() as session:
            session.add(Team(slug=f"team-{number}", name=""))
            await session.flush()
            await asyncio.sleep(0.001)

    await asyncio.gather(*(add(number) for number in range(30)))

    async with database.read() as session:
        assert len((await session.exec(select(Team.id))).all()) == 30


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/nothing", 404, "nothing at this address"),
        ("DELETE", "/instance", 405, "does not take this method"),
    ],
)
async def test_what_the_router_refuses_is_a_problem_too(
    anonymous: httpx.AsyncClient, method: str, path: str, status: int, detail: str
) -> None:
    answer = await anonymous.request(method, path)

    assert answer.status_code == status
    assert re.search(detail, answer.json()["detail"])
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/agents", "GET, HEAD, POST"),
        ("/users/me", "GET, HEAD, PATCH"),
        (f"/components/{UUID(int=0)}/labels/stable", "PUT, DELETE"),
    ],
)
async def test_a_wrong_method_is_told_all_right_ones(
    anonymous: httpx.AsyncClient, path: str, methods: str
) -> None:
    answer = await anonymous.options(path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == methods
