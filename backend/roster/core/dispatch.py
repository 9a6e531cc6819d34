"""Finds the operation of a request by its address, in front of FastAPI's own routers.

Those ask each router, and each of these every route of its own, and again on the way
in: with some hundred operations that takes longer than most of them. What is not found
here (another method, no such address) they answer as ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi.routing import APIRoute
from starlette.convertors import PathConvertor
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

PLACE = 3
"""Of the segment that tells most apart: ``/api/v1/components``."""
MOST_SEGMENTS = 16
ANY = "*"
"""In the place of a segment that holds a parameter."""
Place = tuple[int, str]
"""How many segments an address has, `MOST_SEGMENTS` for any more, and that one."""


class Dispatcher(BaseRoute):
    """Stands for all operations that some routers hold, in the same order."""

    def __init__(self, routers: Sequence[BaseRoute]) -> None:
        self._routers = routers
        self._operations: dict[Place, list[Any]] | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        if self._operations is None:
            self._operations = _by_place(_operations(self._routers))
        count, name = _place_of(scope["path"])
        for place in ((count, name), (count, ANY)):
            for operation in self._operations.get(place, ()):
                if scope["method"] in operation.methods:
                    match, found = operation.matches(scope)
                    if match is Match.FULL:
                        return match, {**found, "operation": operation}
        return Match.NONE, {}

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        raise NoMatchFound(name, path_params)  # the routers say where they are

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = scope.pop("operation")
        route: APIRoute = operation.original_route
        scope["route"] = route
        # By this FastAPI knows what the routers around a route add to it.
        scope.setdefault("fastapi", {})["effective_route_context"] = operation
        await route.handle(scope, receive, send)


def _operations(routers: Iterable[BaseRoute]) -> list[Any]:
    """Give each operation with what the routers around it add, in their order."""
    return [
        context
        for router in routers
        if hasattr(router, "effective_route_contexts")
        for context in router.effective_route_contexts()
        if isinstance(context.original_route, APIRoute)
    ]


def _by_place(operations: Sequence[Any]) -> dict[Place, list[Any]]:
    found: dict[Place, list[Any]] = defaultdict(list)
    for operation in operations:
        segments, name = _place_of(operation.path)
        if "{" in name:
            name = ANY
        convertors = operation.param_convertors.values()
        # A parameter that may hold slashes makes an address of any length.
        is_open = any(isinstance(one, PathConvertor) for one in convertors)
        for count in range(segments, (MOST_SEGMENTS if is_open else segments) + 1):
            found[count, name].append(operation)
    return dict(found)


def _place_of(path: str) -> Place:
    segments = path.split("/")
    name = segments[PLACE] if len(segments) > PLACE else ""
    return min(len(segments), MOST_SEGMENTS), name
