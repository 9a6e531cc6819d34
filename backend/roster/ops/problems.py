"""The page behind every problem's ``type``."""

import inspect

from roster.core import errors
from roster.core.errors import NotFound, Problem
from roster.ops.models import ProblemType, ProblemTypes


def _describe(problem: type[Problem]) -> ProblemType:
    return ProblemType(
        code=problem.code,
        title=problem.title,
        status=problem.status,
        description=inspect.getdoc(problem) or "",
    )


def all_types() -> ProblemTypes:
    return ProblemTypes(items=[_describe(kind) for kind in errors.catalogue().values()])


def one_type(code: str) -> ProblemType:
    found = errors.catalogue().get(code)
    if found is None:
        raise NotFound("There is no problem of this name; /problems lists them all.")
    return _describe(found)
