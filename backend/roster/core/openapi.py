"""The OpenAPI document: operation ids are function names, problems are declared."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from roster.core import examples
from roster.core.errors import (
    FieldError,
    Forbidden,
    KeyReused,
    ProblemDocument,
    ScopeMissing,
    TooLarge,
    problems,
)
from roster.core.idempotency import HEADER

STREAM = "text/event-stream"
"""What has no end has no state to compare."""
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you read before; 304 when it is the present one.",
    "schema": {"type": "string"},
}


def operation_id(route: APIRoute) -> str:
    return route.name


def _needs_rights(operation: dict[str, Any]) -> bool:
    security = operation.get("security", [])
    return bool(security) and {} not in security


def _declare_what_every_route_does(item: dict[str, Any]) -> None:
    read = item.get("get")
    if read and STREAM not in read["responses"]["200"].get("content", {}):
        tag = {"description": "The state you read.", "schema": {"type": "string"}}
        read["responses"]["200"].setdefault("headers", {})["ETag"] = tag
        read["responses"]["304"] = {"description": "Not modified since your ETag"}
        read.setdefault("parameters", []).append(IF_NONE_MATCH)
    for operation in item.values():
        if made := operation["responses"].get("201"):
            where = {"description": "Where it is.", "schema": {"type": "string"}}
            made.setdefault("headers", {})["Location"] = where
        if _needs_rights(operation):
            for status, answer in problems(Forbidden, ScopeMissing).items():
                operation["responses"].setdefault(str(status), answer)
        if any(given["name"] == HEADER for given in operation.get("parameters", ())):
            for status, answer in problems(KeyReused).items():
                operation["responses"].setdefault(str(status), answer)
        if "requestBody" in operation:
            for status, answer in problems(TooLarge).items():
                operation["responses"].setdefault(str(status), answer)


def install(app: FastAPI, api: str) -> None:
    """Make the document complete; `api` is the path that all resources share."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                openapi_version=app.openapi_version,
                description=app.description,
                routes=app.routes,
            )
            schemas = document["components"]["schemas"]
            template = "#/components/schemas/{model}"
            problem = ProblemDocument.model_json_schema(ref_template=template)
            problem.pop("$defs")
            schemas["ProblemDocument"] = problem
            schemas["FieldError"] = FieldError.model_json_schema()
            for path, item in document["paths"].items():
                if path.startswith(api):
                    _declare_what_every_route_does(item)
                for operation in item.values():
                    examples.add_to(operation, schemas)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
