"""Make a component that has several files: from JSON, or from files as they are."""

from json import JSONDecodeError
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response, status
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from roster.auth.deps import PublisherDep
from roster.blobs.storage import StoreDep
from roster.components import service
from roster.components.content import Content, TreeFile
from roster.components.deps import source_of
from roster.components.kind_schemas import create_example
from roster.components.kinds import Kind
from roster.components.making import answer_made
from roster.components.models import RevisionSource
from roster.components.reading import read_new
from roster.components.readings import ReadingsDep
from roster.components.schemas import ComponentCreate, ComponentDetail
from roster.components.tree_upload import Place, take
from roster.core.db import DatabaseDep, SessionDep
from roster.core.deps import SettingsDep
from roster.core.errors import (
    Forbidden,
    Invalid,
    Malformed,
    NameTaken,
    NotFound,
    Redacted,
    TooLarge,
    UnsupportedMediaType,
    problems,
)
from roster.teams.models import Visibility
from roster.uploads.multipart import FILES, TEAM, receive, receive_raw
from roster.uploads.spool import Spool

MULTIPART, JSON = "multipart/form-data", "application/json"
FIELDS = {
    TEAM: 1024,
    "name": 1024,
    "message": 16 * 1024,
    "visibility": 1024,
    "licence": 1024,
}
JSON_OVERHEAD = 8
"""JSON may write one byte of a file as six of its own, and adds some around it."""
PLACEHOLDER = "-"
"""Stands for the content where a form is checked as if it were JSON."""


def add_tree_making(
    router: APIRouter, kind: Kind, public: type[ComponentDetail]
) -> None:
    reader = f"read_{kind.name}"

    @router.post(
        "",
        name=f"create_{kind.name}",
        summary=f"Create one {kind.name} from its main file, or from all its files",
        status_code=status.HTTP_201_CREATED,
        response_model=public,
        responses=problems(
            Forbidden,
            NotFound,
            NameTaken,
            Redacted,
            TooLarge,
            Invalid,
            Malformed,
            UnsupportedMediaType,
        ),
        openapi_extra=_body(kind),
    )
    async def create_component(  # noqa: PLR0913, PLR0917 - all of them are needed
        request: Request,
        actor: PublisherDep,
        database: DatabaseDep,
        session: SessionDep,
        settings: SettingsDep,
        store: StoreDep,
        readings: ReadingsDep,
    ) -> Response:
        async with database.read() as reading:
            source = await source_of(reading, actor)
        place = Place(kind, database, settings, store)
        if _media_type(request) == MULTIPART:
            data, content = await _from_files(request, place, source)
        else:
            data, content = await _from_json(request, place, source)
        made, home = await service.create_from(
            session, kind, data, content, actor=actor
        )
        address = request.url_for(reader, component_id=made.component.id)
        return answer_made(made, home, readings, {"Location": address.path})


def _media_type(request: Request) -> str:
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in {MULTIPART, JSON}:
        raise UnsupportedMediaType(f"Send {JSON}, or files as {MULTIPART}.")
    return found


async def _from_json(
    request: Request, place: Place, source: RevisionSource
) -> tuple[ComponentCreate, Content]:
    with Spool() as spool:
        limit = JSON_OVERHEAD * place.settings.file_bytes
        body = spool.read(await receive_raw(request, spool, limit))
    try:
        values = orjson.loads(body)
    except (JSONDecodeError, RecursionError) as error:
        raise Malformed("The body is no JSON.") from error
    data = _checked(values)
    return data, await _read(place, data, data.content, source)


async def _from_files(
    request: Request, place: Place, source: RevisionSource
) -> tuple[ComponentCreate, Content]:
    settings = place.settings
    with Spool() as spool:
        upload = await receive(
            request,
            spool,
            max_files=settings.tree_files,
            max_bytes=settings.upload_bytes,
            fields=FIELDS,
        )
        given = {name: value for name, value in upload.fields.items() if value}
        data = _checked({**given, "content": PLACEHOLDER})
        tree = await take(place, upload.parts, spool)
    return data, await _read(place, data, tree.main, source, tree.others)


def _checked(values: Any) -> ComponentCreate:
    try:
        return ComponentCreate.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        placed = [{**item, "loc": ("body", *item["loc"])} for item in found]
        raise RequestValidationError(placed) from error


async def _read(
    place: Place,
    data: ComponentCreate,
    main: str | bytes,
    source: RevisionSource,
    others: tuple[TreeFile, ...] = (),
) -> Content:
    return await read_new(
        place.kind,
        main,
        name=data.name,
        message=data.message,
        source=source,
        limit=place.settings.file_bytes,
        others=others,
    )


def _body(kind: Kind) -> dict[str, Any]:
    schema: dict[str, Any] = {"$ref": "#/components/schemas/ComponentCreate"}
    text = {"type": "string"}
    fields = {
        TEAM: {**text, "description": "Slug of the team that owns it."},
        "name": {**text, "description": "Needed when the file does not say it."},
        "message": text,
        "visibility": {**text, "enum": list(Visibility)},
        "licence": {**text, "description": "SPDX expression."},
        FILES: {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "format": "binary"},
            "description": (
                f"Files whose names are their relative paths, {kind.main} among them; "
                "or one zip archive of them."
            ),
        },
    }
    form = {"type": "object", "required": [TEAM, FILES], "properties": fields}
    return {
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": schema, "example": create_example(kind)},
                MULTIPART: {"schema": form},
            },
        }
    }
