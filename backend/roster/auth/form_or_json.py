"""Bodies that come as a form, as OAuth 2 has it, or as JSON, as all else here."""

from collections.abc import Callable, Coroutine
from json import JSONDecodeError
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from roster.core.errors import Malformed, UnsupportedMediaType
from roster.core.model import MOST_FIELDS, Payload

FORM, JSON = "application/x-www-form-urlencoded", "application/json"

Body = TypeVar("Body", bound=Payload)


def form_or_json(
    model: type[Body],
) -> Callable[[Request], Coroutine[Any, Any, Body]]:
    """Make the dependency that reads a body of either form."""

    async def read(request: Request) -> Body:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in {FORM, JSON}:
            raise UnsupportedMediaType(f"Send it as {FORM} or as {JSON}.")
        body = await request.body()
        try:
            values = orjson.loads(body) if kind == JSON else _fields(body)
        except (JSONDecodeError, RecursionError) as error:
            raise Malformed("The body is not valid JSON.") from error
        try:
            return model.model_validate(values)
        except ValidationError as error:
            found = error.errors(include_url=False)
            placed = [{**item, "loc": ("body", *item["loc"])} for item in found]
            raise RequestValidationError(placed) from error

    return read


def _fields(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise Malformed("The body is no form.") from error


def declared(model: type[Payload], example: dict[str, Any]) -> dict[str, Any]:
    """Declare such a body: as JSON, since not every generator knows what "or" means."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    content = {JSON: {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}
