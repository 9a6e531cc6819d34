"""The page on security names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parents[1] / "docs" / "security.md"
NAMED = re.compile(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|txt))`")


def test_every_test_that_it_names_exists() -> None:
    named = set(NAMED.findall(PAGE.read_text("utf-8")))
    sources = {name for name in named if (TESTS.parent / "roster" / name).exists()}

    assert len(named - sources) > 20
    assert [name for name in named - sources if not (TESTS / name).exists()] == []


def test_every_requirement_is_answered() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if re.match(r"\| \d", line)
    ]

    assert len(rows) > 40
    for number, requirement, how, test in rows:
        assert requirement, number
        assert how, number
        unmet = how.startswith(("**no**", "none"))
        assert test or unmet, number
