"""Imports that are applied at the same time take turns; none brings another down."""

import asyncio

import httpx

from tests.imports.conftest import Importer, agent

FILES = 250
"""More than are written in one batch."""


def files(*, reverse: bool) -> dict[str, bytes]:
    """The same agents, in files whose paths sort one way or the other."""
    count = range(FILES)
    return {
        f"{FILES - number if reverse else number:04}.md": agent(f"agent-{number}")
        for number in count
    }


async def test_the_same_files_in_two_teams(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    mine = await importer.upload(files(reverse=False))
    theirs = await Importer(bob, "bob").upload(files(reverse=True))

    for answer in await asyncio.gather(mine.apply(), theirs.apply()):
        assert answer.status_code == 200, answer.text
        assert answer.json()["results"]["created"] == FILES


async def test_the_same_files_in_one_team(importer: Importer) -> None:
    first = await importer.upload(files(reverse=False))
    second = await importer.upload(files(reverse=True))

    answers = await asyncio.gather(first.apply(), second.apply())

    assert sorted({answer.status_code for answer in answers}) in ([200], [200, 409])
    again = await importer.upload(files(reverse=True))
    assert (await again.read())["counts"]["unchanged"] == FILES
