"""The OpenAPI document: operation ids are function names, problems are declared."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from roster.core.errors import FieldError, ProblemDocument


def operation_id(route: APIRoute) -> str:
    return route.name


def install(app: FastAPI) -> None:
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
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
