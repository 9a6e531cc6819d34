"""How long search takes at size, on both engines.

    python -m bench.search [--components 100000] [--engines sqlite,postgresql]
                           [--kilobytes 5]

Each question is asked once, so that no cache answers it, one at a time, and timed from
the first byte sent to the last one read. Questions come from a vocabulary in which
words are as unlike in number as in real texts: the commonest stands in every text, the
rarest in a handful.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bench.client import Connection
from bench.filling import Filling, Rows, fill
from bench.server import API, USERNAME, Server, serving, sign_in, sign_up
from roster.core.db import Database
from roster.search import vocabulary
from roster.search.models import SearchDocument
from tests.services.postgres import PostgresServer

VOCABULARY = 30_000
PARAGRAPHS = 5_000
PARAGRAPH_WORDS = 60
EVERYWHERE = "agent"
QUESTIONS = 100
"""Of each sort."""
BAR_MS = 20

CONSONANTS = [*"bcdfghjklmnprstvwz", "st", "tr", "pl", "gr"]
VOWELS = [*"aeiou", "ai", "ou"]
ENDINGS = ["", "n", "r", "t", "ng", "s", "ment", "tion", "er", "ing"]


class Texts:
    """Makes texts of words that nobody wrote."""

    def __init__(self, kilobytes: float) -> None:
        self.chance = Random(6)  # noqa: S311 - the same texts each time
        choose = self.chance.choice
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            parts = range(self.chance.choice([1, 2, 2, 3]))
            word = "".join(choose(CONSONANTS) + choose(VOWELS) for _ in parts)
            words[word + choose(ENDINGS)] = None
        self.words = [word for word in words if len(word) > 2]  # noqa: PLR2004
        self._sums = list(
            accumulate(1 / (rank + 10) for rank in range(len(self.words)))
        )
        self._paragraphs = [self.some(PARAGRAPH_WORDS) for _ in range(PARAGRAPHS)]
        length = statistics.mean(len(one) + 1 for one in self._paragraphs)
        self._parts = round(kilobytes * 1024 / length)

    def some(self, count: int) -> str:
        chosen = self.chance.choices(self.words, cum_weights=self._sums, k=count)
        return " ".join(chosen)

    def fields(self, number: int) -> dict[str, str]:
        parts = self.chance.choices(self._paragraphs, k=self._parts)
        return {
            "name": f"{self.some(2)} {number}",
            "description": f"use this {EVERYWHERE} to {self.some(25)}",
            "body": f"{EVERYWHERE} {' '.join(parts)}",
        }

    def questions(self) -> dict[str, list[str]]:
        """Questions of each sort, no two alike."""
        common, middling, rare = (
            self.words[start:end]
            for start, end in ((0, 300), (300, 3_000), (3_000, -1))
        )
        pick = self.chance.sample

        def pairs(first: list[str], second: list[str]) -> list[str]:
            both = zip(pick(first, QUESTIONS), pick(second, QUESTIONS), strict=True)
            return [f"{one} {other}" for one, other in both]

        return {
            "in every text": [f"{EVERYWHERE} {word}" for word in pick(common, 50)],
            "common word": pick(common, QUESTIONS),
            "middling word": pick(middling, QUESTIONS),
            "rare word": pick(rare, QUESTIONS),
            "two common words": pairs(common, common),
            "common and rare": pairs(common, rare),
            "beginning of two letters": sorted({word[:2] for word in self.words}),
            "beginning of four letters": pick(
                sorted({word[:4] for word in self.words}), QUESTIONS
            ),
            "slip": [_slip(word) for word in pick(rare, QUESTIONS) if len(word) > 5],  # noqa: PLR2004
        }


def _slip(word: str) -> str:
    return word[:3] + "q" + word[4:]


class Shelf(Filling):
    """Components whose texts are as long as real ones."""

    texts: Texts

    def _around(self, one: dict[str, Any], facets: dict[str, list[str]]) -> Rows:
        rows = super()._around(one, facets)
        number = int(one["name"].rsplit("-", 1)[1])
        for document in rows[SearchDocument]:
            document |= self.texts.fields(number)  # noqa: PLW2901 - it is ours
        return rows


async def _learn(session: AsyncSession) -> None:
    heads = await session.exec(select(SearchDocument.name, SearchDocument.description))
    await vocabulary.learn(session, (text for row in heads for text in row))


async def _fill(url: str, texts: Texts, components: int) -> None:
    Shelf.texts = texts
    database = Database(url)
    await fill(database, USERNAME, components, Shelf)
    async with database.write() as session:
        await _learn(session)
    await database.dispose()


async def _ask(
    connection: Connection, path: str, headers: dict[str, str], q: str
) -> tuple[float, dict[str, Any]]:
    address = f"{API}{path}{urlencode({'q': q})}"
    begun = time.perf_counter()
    status, _, content = await connection.request("GET", address, headers)
    taken = (time.perf_counter() - begun) * 1000
    if status != 200:  # noqa: PLR2004 - HTTP's own
        message = f"{address}: {status} {content.decode()}"
        raise RuntimeError(message)
    return taken, json.loads(content)


def _figures(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1)}


def _cpu_ms(pid: int) -> float:
    """What a process has used; what other programs do has no part in it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(server: Server, texts: Texts) -> dict[str, dict[str, float]]:
    """Ask all questions; the times are those of the client."""
    connection = await Connection.open(server.port)
    headers = await sign_in(connection)
    await _ask(connection, "/components?", headers, "warm up")
    figures, everything = {}, []
    for sort, questions in texts.questions().items():
        times, found, used = [], [], _cpu_ms(server.pid)
        for question in questions:
            taken, page = await _ask(
                connection, "/components?limit=20&", headers, question
            )
            times.append(taken)
            found.append(len(page["items"]))
        used = (_cpu_ms(server.pid) - used) / len(questions)
        figures[sort] = _figures(times) | {
            "cpu_ms": round(used, 1),
            "items": round(statistics.mean(found), 1),
        }
        everything += times
        print(f"  {sort:<28} {figures[sort]}", flush=True)
    figures["all of them"] = _figures(everything)
    facets = [
        (await _ask(connection, "/components/facets?", headers, question))[0]
        for question in texts.questions()["middling word"][:20]
    ]
    figures["facets under a word"] = _figures(facets)
    await connection.close()
    return figures


@contextmanager
def _database(engine: str) -> Iterator[str | None]:
    if engine == "sqlite":
        yield None
        return
    server = PostgresServer.start()
    name = f"bench_{UUID(int=time.time_ns()).hex[-12:]}"
    server.create_database(name)
    yield server.url(name)
    server.drop_database(name)
    server.stop()


def compare(engine: str, components: int, kilobytes: float) -> dict[str, Any]:
    texts = Texts(kilobytes)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = stack.enter_context(_database(engine))
        settings = {"ROSTER_LOG_LEVEL": "warning"}
        server = stack.enter_context(serving(folder, url, settings))

        async def run() -> dict[str, Any]:
            connection = await Connection.open(server.port)
            await sign_up(connection)
            await connection.close()
            begun = time.perf_counter()
            await _fill(server.database, texts, components)
            print(
                f"{engine}: {components} filled in {time.perf_counter() - begun:.0f} s"
            )
            return await measure(server, texts)

        return asyncio.run(run())


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.search")
    parser.add_argument("--components", type=int, default=100_000)
    parser.add_argument("--kilobytes", type=float, default=5)
    parser.add_argument("--engines", default="sqlite,postgresql")
    options = parser.parse_args()
    report = {
        engine: compare(engine, options.components, options.kilobytes)
        for engine in options.engines.split(",")
    }
    for engine, figures in report.items():
        p95 = figures["all of them"]["p95_ms"]
        said = "within" if p95 <= BAR_MS else "above"
        print(f"{engine}: p95 {p95} ms, {said} the bar of {BAR_MS} ms")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
