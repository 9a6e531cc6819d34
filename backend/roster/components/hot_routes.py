"""The reads that are asked for most, without the routes that say what they are.

FastAPI's way to a route and through its dependencies takes longer than all else of such
an answer. So where the edge knows already who asks, and nothing is asked for that is
out of the ordinary, it is answered here, by the same functions. All else goes on to the
route, which answers the same: tests hold the one against the other.
"""

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request, Response
from pydantic import ValidationError
from starlette.types import Scope

from roster.auth.known import Known
from roster.components import details, direct_lists
from roster.components.kinds import KINDS
from roster.components.negotiation import wants_json
from roster.components.query import ListModels, ListQuery
from roster.core.actor import Scope as TokenScope
from roster.core.answers import Answers, keep
from roster.core.caching import conditional
from roster.core.changes import ANY_COMPONENT
from roster.core.db import Database

QUERIES_KEPT = 2048
ID_LENGTH = 36
ALL = "components"


class _Place(NamedTuple):
    """Whose list, or whose component, is asked for."""

    kind: str | None
    route: str
    component_id: UUID | None = None


class HotReads:
    """Answers lists and components below a prefix, or leaves them to their routes."""

    def __init__(self, prefix: str) -> None:
        self._prefix = f"{prefix}/"
        plurals = {kind.plural: kind.name for kind in KINDS.values()}
        self._kinds: dict[str, str | None] = {**plurals, ALL: None}

    async def answer(self, scope: Scope) -> Response | None:
        """Answer a request; None: it is for its route."""
        viewer: Known | None = scope["state"].get("viewer")
        if (
            viewer is None
            or scope["method"] != "GET"
            or TokenScope.read not in viewer.actor.scopes
        ):
            return None
        place = self._place(scope)
        if place is None:
            return None
        request = Request(scope)
        if place.component_id is None:
            response = await _list(request, place.kind)
        else:
            response = await _detail(request, place.kind, place.component_id)
        if response is None:
            return None
        scope["state"]["route"] = place.route
        return conditional(request, response)

    def _place(self, scope: Scope) -> _Place | None:
        path: str = scope["path"]
        if not path.startswith(self._prefix) or not wants_json(_accept(scope)):
            return None
        plural, slash, rest = path[len(self._prefix) :].partition("/")
        if plural not in self._kinds:
            return None
        kind = self._kinds[plural]
        route = f"{self._prefix}{plural}"
        if not slash:
            return _Place(kind, route)
        component_id = None if kind is None else _id_in(rest)
        if component_id is None or scope["query_string"]:
            return None
        return _Place(kind, f"{route}/{{component_id}}", component_id)


async def _detail(
    request: Request, kind: str | None, component_id: UUID
) -> Response | None:
    state = request.scope["app"].state
    actor = request.scope["state"]["viewer"].actor
    row = await details.find(state.database.direct, actor, component_id)
    if row is None or row.kind != kind:
        return None  # the route says why
    return await details.answer(request, row, state.database, state.readings)


async def _list(request: Request, kind: str | None) -> Response | None:
    query = _query(kind, request.scope["query_string"])
    if query is None:
        return None
    keep(request, ANY_COMPONENT)
    database: Database = request.scope["app"].state.database
    actor = request.scope["state"]["viewer"].actor
    kinds = list(query.values("kind")) if kind is None else [kind]
    answers: Answers = request.app.state.answers
    page = await direct_lists.page(database.direct, answers.parts, actor, query, kinds)
    return Response(page, media_type=details.JSON)


@lru_cache
def _model(kind: str | None) -> type[ListQuery]:
    return ListModels.of(None if kind is None else KINDS[kind]).query


@lru_cache(QUERIES_KEPT)
def _query(kind: str | None, query_string: bytes) -> ListQuery | None:
    """A query as its route reads it; None: what is not direct, or is wrong."""
    model = _model(kind)
    given: dict[str, Any] = {}
    for name, value in parse_qsl(query_string.decode("latin-1"), True):  # noqa: FBT003 - as Starlette does
        field = model.model_fields.get(name)
        if field is None or "\0" in value:
            return None
        if field.annotation is not None and _is_list(model, name):
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    try:
        query = model.model_validate(given)
    except ValidationError:
        return None
    return query if direct_lists.is_direct(query) else None


@lru_cache
def _is_list(model: type[ListQuery], name: str) -> bool:
    default = model.model_fields[name].get_default(call_default_factory=True)
    return isinstance(default, list)


def _id_in(text: str) -> UUID | None:
    """An id, if it is written in the one usual way."""
    if len(text) != ID_LENGTH:
        return None
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def _accept(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"accept":
            return str(value, "latin-1")
    return ""
