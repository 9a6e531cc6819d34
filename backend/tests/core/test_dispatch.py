import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.convertors import PathConvertor
from starlette.routing import Match

from roster.api import routes
from roster.core.dispatch import Dispatcher

SOME_ID = str(UUID(int=7))


def operations() -> list[Any]:
    contexts = iter_route_contexts(routes())
    return [one for one in contexts if isinstance(one.original_route, APIRoute)]


def address_of(operation: Any) -> str:
    """An address of an operation, with something in the place of each parameter."""

    def value(found: re.Match[str]) -> str:
        convertor = operation.param_convertors[found[1]]
        return "a/b" + "/c" * 20 if isinstance(convertor, PathConvertor) else SOME_ID

    return re.sub(r"{(\w+)}", value, operation.path_format)


def asked(method: str, path: str, kind: str = "http") -> dict[str, Any]:
    return {"type": kind, "method": method, "path": path}


@pytest.fixture
def dispatcher() -> Dispatcher:
    [found] = [route for route in routes() if isinstance(route, Dispatcher)]
    return found


def test_each_operation_is_found(dispatcher: Dispatcher) -> None:
    for operation in operations():
        for method in operation.methods:
            path = address_of(operation)
            match, found = dispatcher.matches(asked(method, path))
            assert match is Match.FULL, path
            assert found["operation"].unique_id == operation.unique_id
            assert found["endpoint"] is operation.endpoint
            assert found["path_params"].keys() == operation.param_convertors.keys()


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("PUT", "/api/v1/users/me", "http"),
        ("GET", "/api/v1/nothing", "http"),
        ("GET", "/api/v1/users/me/", "http"),
        ("GET", "", "http"),
        ("GET", "/api/v1/users/me", "websocket"),
    ],
)
def test_all_else_is_for_the_routers(
    dispatcher: Dispatcher, method: str, path: str, kind: str
) -> None:
    assert dispatcher.matches(asked(method, path, kind)) == (Match.NONE, {})


async def test_another_method_is_refused_as_ever(ada: httpx.AsyncClient) -> None:
    answer = await ada.put("/users/me", json={})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
