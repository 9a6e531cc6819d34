"""What looks like a secret is decided about before it is stored, whatever the kind."""

from sqlmodel import select

from roster.blobs.models import Blob
from roster.core.db import Database
from roster.imports.models import ImportFile
from tests.components.skills import skill_file
from tests.imports.conftest import Importer, Preview, agent

# Made up, and put together here so that no scanner takes this file for a leak.
TOKEN = "ghp_" + "Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lz9Xc8"


async def leaking(importer: Importer) -> Preview:
    return await importer.upload(
        {
            "fine.md": agent("fine"),
            "bot.md": agent("bot", body=f"Sign in with {TOKEN} first.\n"),
            "tool/SKILL.md": skill_file("tool"),
            "tool/run.sh": f"#!/bin/sh\nexport T={TOKEN}\n".encode(),
        }
    )


async def test_they_are_counted_and_asked_about(
    importer: Importer, database: Database
) -> None:
    preview = await leaking(importer)
    assert preview.made["leaks"] == 2
    undecided = await preview.files(secrets="undecided")
    assert {path: one["literal_secrets"] for path, one in undecided.items()} == {
        "bot.md": 1,
        "tool/SKILL.md": 1,
    }
    [literal] = (await preview.detail("tool/SKILL.md"))["literals"]
    assert (literal["path"], literal["line"]) == ("run.sh", 2)
    assert literal["label"] == "a GitHub token"
    refused = await preview.apply()
    assert refused.status_code == 409
    assert "bot.md, tool/SKILL.md" in refused.json()["detail"]

    moved = await preview.decide("bot.md", secrets="move")
    assert moved.status_code == 422
    await preview.decided("bot.md", decision="skip")
    assert (await preview.read())["leaks"] == 1
    await preview.decided("tool/SKILL.md", secrets="keep")
    made = (await preview.apply()).json()
    assert (made["state"], made["leaks"]) == ("applied", 0)
    assert made["results"]["created"] == 2
    async with database.read() as session:
        contents = (await session.exec(select(ImportFile.content))).all()
        stored = (await session.exec(select(Blob.content))).all()
    assert not any(TOKEN.encode() in (one or b"") for one in contents)
    assert sum(TOKEN.encode() in (one or b"") for one in stored) == 1


async def test_the_rest_is_applied_before(importer: Importer) -> None:
    preview = await leaking(importer)
    ids = [(await preview.files())["fine.md"]["id"]]
    made = (await preview.apply(ids=ids)).json()
    assert (made["results"]["created"], made["leaks"]) == (1, 2)


async def test_all_of_them_are_kept(importer: Importer) -> None:
    preview = await leaking(importer)
    answer = await preview.decide_many(secrets="keep")
    assert answer.json() == {"updated": 2}
    assert (await preview.apply()).json()["results"]["created"] == 3


async def test_what_is_unchanged_asks_for_nothing(importer: Importer) -> None:
    preview = await leaking(importer)
    await preview.decide_many(secrets="keep")
    await preview.apply()
    again = await leaking(importer)
    assert (again.made["leaks"], again.made["open"]["unchanged"]) == (0, 3)
    assert (await again.apply()).json()["results"]["unchanged"] == 3


async def test_a_twin_is_not_stored_unseen(importer: Importer) -> None:
    bot = agent("bot", body=f"Sign in with {TOKEN} first.\n")
    preview = await importer.upload({"x/bot.md": bot, "y/bot.md": bot})
    second = (await preview.files())["y/bot.md"]
    assert (preview.made["leaks"], second["outcome"]) == (1, "unchanged")
    made = (await preview.apply(ids=[second["id"]])).json()
    assert (made["state"], sum(made["results"].values())) == ("preview", 0)
    assert await importer.agents() == {}
    assert made["leaks"] == 2


async def test_a_server_is_kept_with_the_others(importer: Importer) -> None:
    preview = await importer.upload({".mcp.json": _server()})
    assert preview.made["leaks"] == 1
    await preview.decide_many(secrets="keep")
    assert (await preview.read())["leaks"] == 0


def _server() -> bytes:
    return (
        '{"mcpServers": {"github": {"command": "npx", "args": ["gh"], '
        f'"env": {{"GITHUB_TOKEN": "{TOKEN}"}}}}}}}}'
    ).encode()
