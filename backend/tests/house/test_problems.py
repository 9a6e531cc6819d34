"""Every kind of problem is documented, and no two are alike."""

import inspect
import re

from roster.core import errors
from roster.core.errors import Problem, ProblemDocument, problems

CONTRACT = {
    "malformed": 400,
    "not-signed-in": 401,
    "wrong-credentials": 401,
    "forbidden": 403,
    "registration-closed": 403,
    "not-found": 404,
    "conflict": 409,
    "name-taken": 409,
    "unchanged": 409,
    "stale": 412,
    "too-large": 413,
    "unsupported-media-type": 415,
    "invalid": 422,
    "precondition-required": 428,
    "too-many-requests": 429,
    "internal": 500,
    "unavailable": 503,
}


def test_the_promised_codes_are_there() -> None:
    found = {code: kind.status for code, kind in errors.catalogue().items()}

    assert CONTRACT.items() <= found.items()


def test_every_problem_is_explained() -> None:
    for code, kind in errors.catalogue().items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        explanation = inspect.getdoc(kind)
        assert explanation, code
        # Its own words, not those of the class it inherits from.
        assert "__doc__" in vars(kind), code
        assert explanation.endswith("."), code
        assert kind.title[0].isupper(), code


def test_no_two_problems_share_a_code_or_a_title() -> None:
    def below(kind: type[Problem]) -> list[type[Problem]]:
        return [each for sub in kind.__subclasses__() for each in (sub, *below(sub))]

    kinds = below(Problem)
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert len({kind.title for kind in kinds}) == len(kinds)


def test_a_route_declares_each_status_once() -> None:
    declared = problems(errors.NameTaken, errors.Conflict, errors.NotFound)

    assert list(declared) == [409, 404]
    assert declared[409]["description"] == "Name taken; Conflict with the present state"
    assert ProblemDocument.__name__ in str(declared[404])
