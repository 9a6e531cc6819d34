"""Check a text without storing it, and the catalogue of rules."""

import httpx
import pytest

from roster.settings import Settings
from tests.components.conftest import agent_file

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BROKEN = "---\nname: reviewer\ndescription: Use this: always\n---\nBody.\n"


async def test_a_good_file(ada: httpx.AsyncClient) -> None:
    answer = await ada.post("/lint", json={"content": agent_file()})
    assert answer.status_code == 200, answer.text
    result = answer.json()
    assert result["ok"] is True
    assert result["strict_yaml_ok"] is True
    assert result["name"] == "reviewer"
    assert result["refused"] is None
    assert result["repaired"] is None
    assert list(result["manifest"]) == ["name", "description", "tools", "model"]


async def test_a_broken_file_comes_with_its_repair(ada: httpx.AsyncClient) -> None:
    result = (await ada.post("/lint", json={"content": BROKEN})).json()
    assert result["strict_yaml_ok"] is False
    finding = next(
        item for item in result["findings"] if item["rule"] == "yaml.invalid"
    )
    assert finding["line"] == 3
    again = (await ada.post("/lint", json={"content": result["repaired"]})).json()
    assert again["strict_yaml_ok"] is True
    assert again["manifest"] == result["manifest"]


async def test_the_path_gives_a_missing_name(ada: httpx.AsyncClient) -> None:
    content = "---\ndescription: Plans.\n---\nPlan.\n"
    body = {"content": content, "path": ".claude/agents/planner.md"}
    result = (await ada.post("/lint", json=body)).json()
    assert result["name"] == "planner"


async def test_what_cannot_be_read_is_refused_with_a_reason(
    ada: httpx.AsyncClient, settings: Settings
) -> None:
    result = (await ada.post("/lint", json={"content": " \n"})).json()
    assert result["ok"] is False
    assert result["refused"]["code"] == "empty"
    large = "x" * (settings.file_bytes + 1)
    assert (await ada.post("/lint", json={"content": large})).status_code == 413
    for wrong in ({}, {"content": ""}, {"content": "x", "kind": "spoon"}):
        assert (await ada.post("/lint", json=wrong)).status_code == 422


async def test_every_finding_has_its_rule(ada: httpx.AsyncClient) -> None:
    rules = {rule["id"]: rule for rule in (await ada.get("/rules")).json()["items"]}
    result = (await ada.post("/lint", json={"content": BROKEN})).json()
    for finding in result["findings"]:
        assert rules[finding["rule"]]["title"]
        assert rules[finding["rule"]]["help"]
