"""Measure this code: see docs/performance.md for what the figures are.

    python -m bench [requests|browsing|fan-out|sign-ins|lists|imports|shipping …]
                    [--peers] [--accept]

Without names all suites run. Servers and load share the machine, so figures of one run
compare with each other and with nothing else: the ratios are what counts. Everything
goes into ``bench/latest.json``. Exits with 1 where a kind of request costs over 20 %
more CPU, in units of the bare server, than in ``bench/baseline.json``.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import (
    browsing,
    fan_out,
    imports,
    lists,
    operations,
    ratios,
    shipping,
    sign_ins,
)
from bench.client import Connection
from bench.load import run
from bench.requests_suite import run_engine
from bench.rounds import Row, table
from bench.server import HERE, instance, sign_up

Report = dict[str, Any]


def _requests(options: argparse.Namespace, report: Report) -> list[str]:
    rows: list[Row] = []
    costs: dict[str, float] = {}
    for engine in options.engines:
        found = run_engine(engine, options)
        print(f"\n{table(found)}\n")
        rows += found
        costs |= ratios.costs(found)
    report["rows"] = [asdict(row) for row in rows]
    report["costs"] = costs
    report["ratios"] |= ratios.of(rows)
    for name, value in ratios.of(rows).items():
        goal = ratios.GOALS[name]
        print(f"{name:<40} {value:>7}" + (f"  (goal: ≥ {goal})" if goal else ""))
    if options.accept:
        ratios.accept(costs)
        return []
    return ratios.regressions(costs)


def _sign_ins(options: argparse.Namespace, report: Report) -> None:
    async def fill(port: int) -> tuple[dict[str, str], list[str]]:
        connection = await Connection.open(port)
        headers = await sign_up(connection)
        await connection.close()
        return headers, await operations.fill(port, headers, 500)

    with instance() as (port, _):
        headers, ids = asyncio.run(fill(port))
        reads = operations.reads(headers, ids)

        async def reading() -> dict[str, float]:
            found = await asyncio.to_thread(
                run, port, reads, seconds=options.seconds, connections=16
            )
            return {"p99_ms": found.p99_ms}

        found = asyncio.run(sign_ins.compare(port, reading))
    report["sign_ins"] = found
    report["ratios"]["p99_under_sign_ins"] = found["ratio"]


def _lists(options: argparse.Namespace, report: Report) -> None:
    found = report["lists"] = lists.compare(options.sizes)
    names = {
        "page_growth_first_to_thousandth": "page_growth_first_to_thousandth",
        "read_growth": "read_growth_1k_to_100k",
        "page_growth": "page_growth_1k_to_100k",
    }
    for name, shown in names.items():
        report["ratios"][shown] = max(
            found[engine][name] for engine in ("sqlite", "postgresql")
        )


def _imports(options: argparse.Namespace, report: Report) -> None:
    taken = report["imports"] = imports.compare(options.few_files, options.many_files)
    report["ratios"] |= {key: taken[key] for key in imports.GOALS}


def _shipping(_options: argparse.Namespace, report: Report) -> None:
    taken = report["shipping"] = shipping.compare()
    report["ratios"] |= {key: taken[key] for key in shipping.GOALS}


def _fan_out(_options: argparse.Namespace, report: Report) -> None:
    report["fan_out"] = fan_out.compare()


def _browsing(options: argparse.Namespace, report: Report) -> None:
    found = report["browsing"] = browsing.measure(options)
    report["ratios"]["cache_hit_rate"] = found["cache_hit_rate"]


SUITES: dict[str, Callable[[argparse.Namespace, Report], list[str] | None]] = {
    "requests": _requests,
    "browsing": _browsing,
    "fan-out": _fan_out,
    "sign-ins": _sign_ins,
    "lists": _lists,
    "imports": _imports,
    "shipping": _shipping,
}


def _machine() -> dict[str, Any]:
    models = (
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    return {
        "processor": next(models, platform.machine()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []])
    parser.add_argument("--peers", action="store_true", help="PocketBase as well")
    parser.add_argument("--accept", action="store_true", help="Store as the baseline")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--records", type=int, default=operations.RECORDS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000]
    )
    parser.add_argument("--few-files", type=int, default=imports.FEW)
    parser.add_argument("--many-files", type=int, default=imports.MANY)
    return parser.parse_args()


def main() -> None:
    options = _options()
    report: Report = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": _machine(),
        "options": vars(options),
        "ratios": {},
    }
    worse: list[str] = []
    for name in options.suites or SUITES:
        print(f"\n== {name}", flush=True)
        worse += SUITES[name](options, report) or []
        (HERE / "latest.json").write_text(json.dumps(report, indent=2) + "\n")
    if worse:
        print("\nMore CPU than before:", *worse, sep="\n  ")
        sys.exit(1)


if __name__ == "__main__":
    main()
