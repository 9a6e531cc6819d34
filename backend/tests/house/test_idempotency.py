"""Every POST may be sent again with its key, or says why it takes none."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from roster.auth.deps import identify
from roster.core.idempotency import HEADER, WITHOUT_KEY
from roster.main import create_app
from roster.settings import Settings

TAKE_NONE = {
    # Nobody is signed in yet.
    *("sign_in", "refresh", "sign_out", "register", "verify_email"),
    *("ask_for_password_reset", "confirm_password_reset", "inspect_invitation"),
    *("start_device_sign_in", "redeem_device_code"),
    # What they are about is decided once.
    *("approve_device", "deny_device"),
    # They answer with a secret, a token or a link.
    *("set_up_totp", "confirm_totp", "replace_recovery_codes", "create_api_token"),
    *("rotate_api_token", "create_invitation", "create_instance_invitation"),
    *("reset_user", "reveal_secret"),
    # Their body holds a password.
    *("change_password", "remove_totp"),
    # Their answers hold the text itself.
    *("lint", "merge_draft"),
    # It answers with a stream.
    "create_export",
    # It changes nothing.
    "find_drift",
    # Git asks so, which knows of no keys; they are in no document of ours.
    *("fetch_collection", "push_to_collection", "fetch_catalogue"),
    "push_to_catalogue",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    data_dir = tmp_path_factory.mktemp("idempotency")
    return create_app(Settings(environment="test", data_dir=data_dir))


def posts(app: FastAPI) -> Iterator[tuple[APIRoute, dict[str, Any]]]:
    document = app.openapi()
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()):
            path = (context.path or "").replace(":path}", "}")
            yield route, document["paths"].get(path, {"post": {}})["post"]


def needed(dependant: Dependant) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from needed(one)


def test_every_post_takes_a_key_or_says_why_not(app: FastAPI) -> None:
    found = set()
    for route, operation in posts(app):
        parameters = operation.get("parameters", ())
        declared = any(given["name"] == HEADER for given in parameters)
        assert declared is (route.endpoint not in WITHOUT_KEY), route.name
        if declared:
            assert "409" in operation["responses"], route.name
            # Whose key it is, is known before anything is done.
            assert identify in needed(route.dependant), route.name
        else:
            found.add(route.name)

    assert found == TAKE_NONE
    assert all(WITHOUT_KEY.values())
