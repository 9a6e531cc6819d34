"""docs/exports.md names every target, fate and weight, and no other target."""

import re
from pathlib import Path

from roster.exports.targets.base import Fate, Weight
from roster.exports.targets.registry import TARGETS

PAGE = Path(__file__).resolve().parents[3] / "docs/exports.md"


def test_the_page_names_the_targets_in_their_order() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(), re.MULTILINE)

    assert rows == [*TARGETS, *Fate, *Weight]


def test_every_target_says_what_it_is_for() -> None:
    for name, target in TARGETS.items():
        assert target.name == name
        assert target.description.endswith("."), name
        assert "\n" not in target.description
