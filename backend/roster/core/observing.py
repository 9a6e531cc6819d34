"""What is told of every request: its figures and its one line in the log.

Called once at the end of each request, from the one middleware, for answers out of a
cache as well; so it must cost next to nothing.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.types import Scope

from roster.core import metrics, tracing
from roster.core.log import REQUEST, tell_request

PROBES = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Counted, but not in the log: somebody asks them all day."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"
_NO_STATE: Mapping[str, Any] = {}


class _Figures:
    """The counters of one (method, route, status): looking them up takes longest."""

    __slots__ = ("count", "time")

    def __init__(self, method: str, route: str, status: int) -> None:
        self.count = metrics.REQUESTS.labels(method, route, str(status)).inc
        self.time = metrics.REQUEST_SECONDS.labels(route).observe


_figures: dict[tuple[str, str, int], _Figures] = {}


class _Flight:
    """What is cheaper to note here and to tell now and then."""

    __slots__ = ("requests", "sent")

    def __init__(self) -> None:
        self.requests = 0
        """Being answered by this process."""
        self.sent = 0
        """Bytes, not told yet."""


flight = _Flight()


def began() -> None:
    """Note a request that came in; `finished` notes its end."""
    flight.requests += 1


def route_of(scope: Scope) -> str:
    """The template of the address, such as ``/api/v1/components/{component_id}``.

    What answers before the router says it in ``scope["state"]["route"]``.
    """
    told = scope.get("state", _NO_STATE).get("route")
    if told is not None:
        return str(told)
    # A route that was included in a router knows the end of its address alone.
    whole = scope.get("fastapi", _NO_STATE).get("effective_route_context")
    route = whole or scope.get("route")
    return getattr(route, "path", None) or UNMATCHED


def finished(scope: Scope, *, status: int, seconds: float, sent: int) -> None:
    """Count a request and write its line.

    Args:
        scope: The scope that the application was called with: the router notes the
            route in that very one, not in what it was copied from.
        status: Of the answer; 0: none was begun.
        seconds: From its coming in to the end of its answer.
        sent: Bytes of the answer's body.
    """
    flight.requests -= 1
    is_socket = scope["type"] == "websocket"
    method = "WS" if is_socket else scope["method"]
    if not is_socket and method not in METHODS:
        method = "other"
    route = route_of(scope)
    key = (method, route, status)
    figures = _figures.get(key)
    if figures is None:
        figures = _figures[key] = _Figures(*key)
    figures.count()
    if not is_socket:  # it lasts as long as somebody looks at a page
        figures.time(seconds)
        flight.sent += sent
    tracer = tracing.current()
    if tracer is not None:
        tracer.end_request(route, status)
    if scope["path"] not in PROBES:
        _write(scope, method, route, status, seconds)


def _write(scope: Scope, method: str, route: str, status: int, seconds: float) -> None:
    state = scope.get("state", _NO_STATE)
    event = {
        "method": method,
        "path": scope["path"],
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": state.get("account"),
        "request_id": state.get("request_id"),
        "event": "socket" if method == "WS" else REQUEST,
    }
    tell_request(event, failed=status >= HTTPStatus.INTERNAL_SERVER_ERROR)
