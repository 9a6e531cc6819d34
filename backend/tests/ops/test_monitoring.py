"""The dashboard and the alerts ask for figures that there are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from roster.core.metrics import ALL
from tests.ops.test_metrics import METRICS

MONITORING = Path(__file__).resolve().parents[3] / "docs" / "monitoring"
NAME = re.compile(r"\broster_[a-z_]+")
GROUPED = re.compile(r"\b(?:by|without) \(([a-z_, ]+)\)")
CHOSEN = re.compile(r"\{([^}]*)\}")
# What Prometheus adds, and what tells processes of one port apart.
OF_PROMETHEUS = {"job", "instance", "le", "pid"}
SEVERITIES = {"critical", "warning"}


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def panels() -> list[dict[str, Any]]:
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    return [one for one in dashboard["panels"] if one["type"] != "row"]


def expressions() -> Iterator[str]:
    for alert in alerts():
        yield alert["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield target["expr"]


def labels_in(expression: str) -> set[str]:
    found = {
        label.strip()
        for group in GROUPED.findall(expression)
        for label in group.split(",")
    }
    for group in CHOSEN.findall(expression):
        found |= set(re.findall(r"([a-z_]+)(?:=~|!~|!=|=)", group))
    return found


@pytest.fixture
async def families(anonymous: httpx.AsyncClient) -> dict[str, str]:
    """Each name that may be asked for, by the family that it belongs to."""
    text = (await anonymous.get(METRICS)).text
    names: dict[str, str] = {}
    for family in text_string_to_metric_families(text):
        endings = {
            "counter": ("_total",),
            "histogram": ("_bucket", "_sum", "_count"),
        }.get(family.type, ("",))
        names |= {f"{family.name}{ending}": family.name for ending in endings}
    return names


async def test_every_figure_that_is_asked_for_exists(families: dict[str, str]) -> None:
    asked = {name for one in expressions() for name in NAME.findall(one)}

    assert asked - families.keys() == set()
    # And none is told that nobody looks at.
    assert set(families.values()) - {families[name] for name in asked} == set()


def test_every_label_that_is_asked_for_exists() -> None:
    known = {label for metric in ALL for label in metric._labelnames}
    looked_up = {"part", "queue", "state", "where", "version", "schema"}

    for expression in expressions():
        assert labels_in(expression) <= known | looked_up | OF_PROMETHEUS, expression


def test_every_alert_says_what_is_wrong_and_where_to_read_on() -> None:
    names = [alert["alert"] for alert in alerts()]
    runbook = (MONITORING.parent / "operations.md").read_text()

    assert len(set(names)) == len(names)
    for alert in alerts():
        name = alert["alert"]
        assert alert["labels"]["severity"] in SEVERITIES
        assert alert["for"].endswith("m")
        notes = alert["annotations"]
        assert notes["summary"], name
        assert notes["description"].endswith("."), name
        assert notes["runbook_url"] == f"docs/operations.md#{name.lower()}"
        assert f"\n### {name}\n" in runbook


def test_every_panel_shows_something() -> None:
    ids = [panel["id"] for panel in panels()]

    assert len(set(ids)) == len(ids)
    for panel in panels():
        assert panel["title"]
        assert panel["targets"]
        right = panel["gridPos"]["x"] + panel["gridPos"]["w"]
        assert right <= 24, panel["title"]
