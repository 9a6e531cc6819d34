"""The document that clients are generated from."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from roster.api import API
from roster.core.actor import Scope
from roster.core.errors import PROBLEM_JSON
from roster.main import create_app
from roster.settings import Settings

METHODS = frozenset({"get", "post", "put", "patch", "delete"})


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data_dir = tmp_path_factory.mktemp("openapi")
    return create_app(Settings(environment="test", data_dir=data_dir)).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield f"{method.upper()} {path}", item[method]


def needs_sign_in(operation: dict[str, Any]) -> bool:
    security = operation.get("security", [])
    return bool(security) and {} not in security


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            yield from references(value)
    if isinstance(node, list):
        for value in node:
            yield from references(value)


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_it_refers_to_what_it_holds(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    for reference in references(document):
        name = reference.removeprefix("#/components/schemas/")
        assert name in schemas, reference


def test_operation_ids_are_function_names_and_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]

    assert not [name for name, times in Counter(ids).items() if times > 1]
    for name in ids:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name), name


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation.get("summary"), name
        assert len(operation.get("tags", [])) == 1, name


def test_every_operation_declares_what_it_answers(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {})
            if status in {"204", "304"}:
                assert not content, f"{name} {status}"
                continue
            assert content, f"{name} {status} declares no content"
            if int(status) >= 400:
                assert list(content) == [PROBLEM_JSON], f"{name} {status}"
            elif "application/json" in content:
                assert content["application/json"]["schema"], f"{name} {status}"


def test_every_operation_of_the_api_declares_its_problems(
    document: dict[str, Any],
) -> None:
    for name, operation in operations(document):
        if API not in name:
            continue
        problems = {int(status) for status in operation["responses"]}
        assert {400, 422, 503} <= problems, name
        if "requestBody" in operation:
            assert 413 in problems, name
        if needs_sign_in(operation):
            assert {401, 403} <= problems, name
        if "{" in name:
            assert 404 in problems, name


def test_reading_can_be_conditional_and_deleting_answers_nothing(
    document: dict[str, Any],
) -> None:
    for name, operation in operations(document):
        content = operation["responses"].get("200", {}).get("content", {})
        if name.startswith(f"GET {API}") and "text/event-stream" not in content:
            assert "304" in operation["responses"], name
            given = [parameter["name"] for parameter in operation["parameters"]]
            assert "If-None-Match" in given, name
        if name.startswith("DELETE"):
            assert "204" in operation["responses"], name


def test_every_parameter_says_what_it_is(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["in"] != "cookie":
                assert parameter.get("description"), f"{name} {parameter['name']}"


def bodies_and_answers(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What an operation takes and what it answers when all is well, as JSON."""
    contents = [operation.get("requestBody", {}).get("content", {})]
    answers = operation["responses"].items()
    contents += [one.get("content", {}) for code, one in answers if code < "300"]
    for content in contents:
        if media := content.get("application/json"):
            yield media


def test_every_operation_has_examples_that_are_right(document: dict[str, Any]) -> None:
    wrong = []
    for name, operation in operations(document):
        for media in bodies_and_answers(operation):
            given = [one["value"] for one in media.get("examples", {}).values()]
            given += [media["example"]] if "example" in media else []
            assert given, f"{name} shows no example"
            schema = {**media["schema"], "components": document["components"]}
            checked = Draft202012Validator(schema, format_checker=FormatChecker())
            for example in given:
                wrong += [
                    f"{name}: {error.json_path}: {error.message}"
                    for error in checked.iter_errors(example)
                ]
    assert not wrong, "\n".join(wrong)


def test_what_was_made_has_an_address(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if made := operation["responses"].get("201"):
            assert "Location" in made["headers"], name


def test_signing_in_is_declared_for_tools(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["bearer"]

    assert scheme["type"] == "oauth2"
    assert scheme["flows"]["password"]["tokenUrl"] == f"{API}/auth/token"
    assert f"{API}/auth/token" in document["paths"]
    assert set(scheme["flows"]["password"]["scopes"]) == set(Scope)


def test_operations_name_the_scopes_that_a_token_needs(
    document: dict[str, Any],
) -> None:
    scopes = {
        operation["operationId"]: operation["security"][0]["bearer"]
        for _, operation in operations(document)
        if needs_sign_in(operation)
    }

    assert scopes["read_agent"] == ["read"]
    assert scopes["save_draft"] == ["write"]
    assert scopes["publish_revision"] == ["publish"]
    assert scopes["list_users"] == ["admin"]
    assert scopes["create_api_token"] == []  # which no token can do


def test_every_route_is_an_async_function(tmp_path_factory: Any) -> None:
    """A plain one would run in a thread, where the session may not be used."""
    data_dir = tmp_path_factory.mktemp("routes")
    app = create_app(Settings(environment="test", data_dir=data_dir))

    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            assert inspect.iscoroutinefunction(route.endpoint), route.path
