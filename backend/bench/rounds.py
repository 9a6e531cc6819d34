"""Interleaved rounds over several servers: what disturbs one disturbs all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from bench.load import Figures, Load, median, run
from bench.server import Server

APART = 1_000_000
"""Numbers of made-up names are so far apart from run to run."""
_runs = count(1)


@dataclass(frozen=True)
class Target:
    """A server, and what it can be asked."""

    name: str
    server: Server
    loads: Mapping[str, Load]


@dataclass(frozen=True)
class Row:
    target: str
    operation: str
    connections: int
    figures: Figures


def measure(
    targets: Sequence[Target], *, rounds: int, seconds: float, connections: int
) -> list[Row]:
    """Ask each server each thing in each round; give the medians.

    Raises:
        RuntimeError: A server answered with errors: its figures would mean nothing.
    """
    operations = list(dict.fromkeys(name for one in targets for name in one.loads))
    found: dict[tuple[str, str], list[Figures]] = {}
    for number in range(rounds + 1):
        for operation in operations:
            for target in targets:
                load = target.loads.get(operation)
                if load is None:
                    continue
                figures = run(
                    target.server.port,
                    load,
                    pid=target.server.pid,
                    seconds=seconds,
                    connections=connections,
                    first=next(_runs) * APART,
                )
                if figures.errors:
                    message = f"{target.name}: {operation}: {figures.errors} errors"
                    raise RuntimeError(message)
                if number:  # the first round warms up
                    found.setdefault((target.name, operation), []).append(figures)
    return [
        Row(target, operation, connections, median(several))
        for (target, operation), several in found.items()
    ]


def table(rows: Sequence[Row]) -> str:
    """The rows as a table of Markdown."""
    lines = [
        "| server | operation | requests/s | CPU µs | p50 ms | p95 ms | p99 ms |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        one = row.figures
        lines.append(
            f"| {row.target} | {row.operation} | {one.per_second:,.0f} "
            f"| {one.cpu_us:,.0f} | {one.p50_ms:.2f} | {one.p95_ms:.2f} "
            f"| {one.p99_ms:.2f} |"
        )
    return "\n".join(lines)
