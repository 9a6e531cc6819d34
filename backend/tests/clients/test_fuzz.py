"""Thousands of odd requests to every operation of the document, by two people.

The requests are the same in every run, unless more are asked for. Each answer must
be one that the document declares, and to a stranger what is private must look like
what does not exist.
"""

import os
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import CheckFunction, GenerationMode, Response
from schemathesis import checks as known
from schemathesis.core.result import Ok

from roster.api import API
from tests.clients import archives  # noqa: F401 - for what it registers
from tests.clients.conftest import DoJobs, Serve
from tests.components.conftest import agent_file
from tests.conftest import PASSWORD, SETUP_CODE

FEW = 4
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", FEW))
"""Requests for each operation, person, and sort of data: fitting and misfitting."""
LEAST = 500
LONGEST_ADDRESS = 60_000
CHECKS: list[CheckFunction] = [
    known.not_a_server_error,
    known.status_code_conformance,
    known.content_type_conformance,
    known.response_headers_conformance,
    known.response_schema_conformance,
]
LEFT_OUT = frozenset(
    {
        # These end the session.
        "POST /api/v1/auth/logout",
        "POST /api/v1/auth/logout-all",
        # These do not end.
        "GET /api/v1/events",
        "GET /api/v1/jobs/events",
        "GET /api/v1/jobs/{job_id}/events",
    }
)
APIOperation: TypeAlias = schemathesis.APIOperation[Any, Any, Any, Any]
Case: TypeAlias = schemathesis.Case[Any]
NO_TEAM = {"team": f"team-{uuid4().hex}"}
CHANGES_FROM_ONE_TO_THE_NEXT = ("request_id", "timestamp", "instance")


@dataclass
class Person:
    """Somebody with an account, by the token that they send."""

    session: requests.Session
    address: str
    name: str
    do_jobs: DoJobs

    def sign_up(self) -> None:
        self.send(
            "/auth/register",
            json={
                "username": self.name,
                "email": f"{self.name}@example.org",
                "password": PASSWORD,
                "setup_code": SETUP_CODE,
            },
        )
        form = {"username": self.name, "password": PASSWORD}
        token = self.send("/auth/token", data=form)["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def send(self, path: str, method: str = "POST", **body: Any) -> Any:
        answer = self.session.request(method, f"{self.address}{API}{path}", **body)
        assert answer.ok, answer.text
        return answer.json()

    def private_things(self, name: str) -> dict[str, str]:
        """Make one of everything; the ids by the names of the path's parameters."""
        content = agent_file(name)
        made = self.send("/agents", json={"team": self.name, "content": content})
        digest = {"base_digest": made["latest"]["digest"]}
        self.send(
            f"/components/{made['id']}/draft",
            method="PUT",
            json={"content": "---\n", **digest},
            headers={"If-None-Match": "*"},
        )
        files = [
            ("files", ("a.md", agent_file(f"{name}-a", description="Do this: that"))),
            ("files", ("b.md", agent_file(f"{name}-b"))),
        ]
        taken = self.send("/imports", data={"team": self.name}, files=files)
        self.do_jobs()
        listed = self.send(f"/imports/{taken['id']}/files", method="GET")
        token = self.send("/auth/tokens", json={"name": name, "scopes": ["read"]})
        team = self.send("/teams", json={"slug": f"team-{uuid4().hex}", "name": name})
        invitations = f"/teams/{team['slug']}/invitations"
        invitation = self.send(invitations, json={"role": "viewer"})
        return {
            "component_id": made["id"],
            "import_id": taken["id"],
            "file_id": listed["items"][0]["id"],
            "token_id": token["id"],
            "team": team["slug"],
            "invitation_id": invitation["id"],
        }


@pytest.fixture
def address(serve: Serve) -> str:
    return serve(rate_limit_per_minute=0)


@pytest.fixture
def ada(address: str, do_jobs: DoJobs) -> Generator[Person]:
    with requests.Session() as session:
        person = Person(session, address, "ada", do_jobs)
        person.sign_up()
        yield person


@pytest.fixture
def stranger(address: str, ada: Person, do_jobs: DoJobs) -> Generator[Person]:
    with requests.Session() as session:
        person = Person(session, address, "bob", do_jobs)
        person.sign_up()
        yield person


@pytest.fixture
def operations(address: str) -> list[APIOperation]:
    schema = schemathesis.openapi.from_url(
        f"{address}{API}/openapi.json", config=schemathesis.Config()
    )
    found = [
        result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)
    ]
    assert len(found) > 40
    return [one for one in found if one.label not in LEFT_OUT]


def cases(operation: APIOperation) -> Generator[st.SearchStrategy[Case]]:
    yield operation.as_strategy(GenerationMode.POSITIVE)
    if operation.body or operation.query or operation.path_parameters:
        yield operation.as_strategy(GenerationMode.NEGATIVE)


within_budget = budget(
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == FEW,  # the few are the same each time
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_answer_is_a_declared_one(
    operations: list[APIOperation], ada: Person
) -> None:
    asked = 0
    for number, operation in enumerate(operations):
        things = ada.private_things(f"agent-{number}")
        for drawn in cases(operation):
            asked += ask_about(things, drawn, ada)
    assert asked > LEAST


def ask_about(
    things: dict[str, str], drawn: st.SearchStrategy[Case], person: Person
) -> int:
    asked = 0

    @within_budget
    @given(case=drawn, real=st.booleans(), any_state=st.booleans())
    def ask(case: Case, real: bool, any_state: bool) -> None:
        nonlocal asked
        asked += 1
        if real:
            aim(case, things)
        if any_state:
            case.headers["If-Match"] = "*"
        answer = case.call(session=person.session)
        # Longer ones are refused by the server, before there is an application.
        if len(answer.request.url or "") < LONGEST_ADDRESS:
            case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # to one body the generator finds nothing misfitting
        ask()
    return asked


def aim(case: Case, things: dict[str, str]) -> None:
    """Send a drawn request to things that exist."""
    for name in things.keys() & case.path_parameters.keys():
        case.path_parameters[name] = things[name]


def test_private_things_do_not_exist_for_a_stranger(
    operations: list[APIOperation], ada: Person, stranger: Person
) -> None:
    things = ada.private_things("agent")
    about_things = [
        operation
        for operation in operations
        if things.keys() & {one.name for one in operation.path_parameters}
    ]
    assert len(about_things) > 20
    for operation in about_things:
        for drawn in cases(operation):
            ask_as_stranger(things, drawn, stranger)


def ask_as_stranger(
    things: dict[str, str], drawn: st.SearchStrategy[Case], stranger: Person
) -> None:
    @within_budget
    @given(case=drawn, any_state=st.booleans())
    def ask(case: Case, any_state: bool) -> None:
        if any_state:
            case.headers["If-Match"] = "*"
        aim(case, things)
        private = case.call_and_validate(session=stranger.session, checks=CHECKS)
        assert private.status_code >= 400, private.text
        aim(case, {name: str(uuid4()) for name in things} | NO_TEAM)
        missing = case.call(session=stranger.session)
        assert told_by(private) == told_by(missing)

    ask()


def told_by(response: Response) -> tuple[int, Any, list[str]]:
    """What an answer gives away, without what every answer has of its own."""
    told = response.json()
    for name in CHANGES_FROM_ONE_TO_THE_NEXT:
        told.pop(name)
    return response.status_code, told, sorted(response.headers)
