"""The tests that docs/invariants.md names are there, each on both engines."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parents[1] / "docs/invariants.md"
ROWS = [
    cells
    for line in PAGE.read_text().splitlines()
    if (cells := [cell.strip() for cell in line.split("|")])[1:2] and cells[1].isdigit()
]


def test_all_ten_are_there() -> None:
    assert [row[1] for row in ROWS] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_what_stands_behind_it_exists(row: list[str]) -> None:
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", row[3])
    assert named
    for file, test in named:
        tree = ast.parse((TESTS / file).read_text())
        names = {node.name for node in ast.walk(tree) if hasattr(node, "name")}
        assert not test or test in names, f"{file}::{test}"
