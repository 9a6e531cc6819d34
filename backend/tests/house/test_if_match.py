"""No change of a thing that changes can be written over unseen (invariant 9)."""

from typing import Any

import pytest

from roster.api import API
from roster.main import create_app
from roster.settings import Settings

CHANGES = ("put", "patch", "delete")
WITHOUT = {
    # They end something for good that nobody can edit: there is nothing to overwrite.
    "revoke_session",
    "revoke_api_token",
    "revoke_invitation",
    "revoke_instance_invitation",
    # It takes away whatever there is, from a person who lost it.
    "remove_user_factors",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data_dir = tmp_path_factory.mktemp("if-match")
    return create_app(Settings(environment="test", data_dir=data_dir)).openapi()


def test_every_change_can_name_what_it_is_based_on(document: dict[str, Any]) -> None:
    without = set()
    for path, item in document["paths"].items():
        for method in CHANGES:
            if method not in item or not path.startswith(API):
                continue
            operation = item[method]
            given = {one["name"] for one in operation.get("parameters", ())}
            if "If-Match" in given:
                assert "412" in operation["responses"], operation["operationId"]
            else:
                without.add(operation["operationId"])

    assert without == WITHOUT
