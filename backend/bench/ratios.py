"""What the figures come to: ratios within one run, and against the stored baseline."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.operations import COMMON_WORDS, SEARCH
from bench.requests_suite import BARE
from bench.rounds import Row

BASELINE = Path(__file__).with_name("baseline.json")
MOST_GROWTH = 1.2
"""A kind of request that costs more CPU than this, compared with the baseline, is a
regression. CPU counts in units of what bare Starlette took for a read in that run."""
GOALS = {
    "hot_read_vs_bare": 0.6,
    "cold_read_vs_bare": None,
    "list_vs_bare": None,
    "cold_read_vs_pocketbase": 0.9,
    "cold_read_2_workers_vs_pocketbase": 1.5,
    "list_vs_pocketbase": 5,
    "mixed_vs_pocketbase": 4,
    "search_vs_pocketbase": 40,
    "common_words_vs_pocketbase": None,
    "kept_search_vs_pocketbase": None,
    "create_vs_pocketbase": 0.75,
    "postgresql_cold_read_vs_pocketbase": 0.6,
    "postgresql_list_vs_pocketbase": 5,
}
PEER = "PocketBase"
_PAIRS = {
    "hot_read_vs_bare": (("sqlite", "hot read"), (BARE, "hot read")),
    "cold_read_vs_bare": (("sqlite, not kept", "cold read"), (BARE, "cold read")),
    "list_vs_bare": (("sqlite", "list"), (BARE, "list")),
    "cold_read_vs_pocketbase": (
        ("sqlite, not kept", "cold read"),
        (PEER, "cold read"),
    ),
    "cold_read_2_workers_vs_pocketbase": (
        ("sqlite, 2 workers, not kept", "cold read"),
        (PEER, "cold read"),
    ),
    "list_vs_pocketbase": (
        ("sqlite, not kept", "list, not kept"),
        (PEER, "list"),
    ),
    "mixed_vs_pocketbase": (
        ("sqlite", "mixed 85/10/5"),
        (PEER, "mixed 85/10/5"),
    ),
    "search_vs_pocketbase": (("sqlite, not kept", SEARCH), (PEER, SEARCH)),
    "common_words_vs_pocketbase": (
        ("sqlite, not kept", COMMON_WORDS),
        (PEER, COMMON_WORDS),
    ),
    "kept_search_vs_pocketbase": (("sqlite", SEARCH), (PEER, SEARCH)),
    "create_vs_pocketbase": (("sqlite", "create"), (PEER, "create")),
    "postgresql_cold_read_vs_pocketbase": (
        ("postgresql, not kept", "cold read"),
        (PEER, "cold read"),
    ),
    "postgresql_list_vs_pocketbase": (
        ("postgresql, not kept", "list, not kept"),
        (PEER, "list"),
    ),
}


def of(rows: Sequence[Row]) -> dict[str, float]:
    """Requests per second of one over those of the other, where both were measured."""
    rates: dict[tuple[str, str], float] = {}
    for row in rows:
        # The bare server runs beside each engine: the first one counts.
        rates.setdefault((row.target, row.operation), row.figures.per_second)
    return {
        name: round(rates[ours] / rates[theirs], 2)
        for name, (ours, theirs) in _PAIRS.items()
        if ours in rates and theirs in rates
    }


def costs(rows: Sequence[Row]) -> dict[str, float]:
    """CPU of each kind of request, in reads of bare Starlette in the same rounds."""
    found: dict[str, float] = {}
    unit = 0.0
    for row in rows:
        if row.target == BARE:
            if row.operation == "hot read":
                unit = row.figures.cpu_us
        elif unit and row.target != PEER:
            name = f"{row.target}: {row.operation}"
            found[name] = round(row.figures.cpu_us / unit, 2)
    return found


def regressions(now: dict[str, float]) -> list[str]:
    """Sentences about what costs more than it did."""
    if not BASELINE.exists():
        return []
    before: dict[str, Any] = json.loads(BASELINE.read_text())["costs"]
    return [
        f"{name} costs {now[name]} reads of the bare server; it was {before[name]}."
        for name in sorted(before.keys() & now.keys())
        if now[name] > before[name] * MOST_GROWTH
    ]


def accept(now: dict[str, float]) -> None:
    BASELINE.write_text(json.dumps({"costs": now}, indent=2, sort_keys=True) + "\n")
