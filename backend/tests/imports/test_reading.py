"""Reading an import in the background: what becomes of it, whatever happens."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlmodel import col, func, select, update

from roster.blobs.collecting import sweep
from roster.blobs.models import Blob
from roster.blobs.storage import store_of
from roster.core.db import Database
from roster.core.model import utc_now
from roster.imports.models import Import, ImportFile, ImportInput, ImportTreeFile
from roster.imports.read_job import forget_inputs
from roster.jobs.registry import Run, Tools
from roster.settings import Settings
from tests.components.skills import skill_file
from tests.imports.conftest import Importer, agent, broken, packed
from tests.services.apps import APPS, do_jobs_of, settled


async def begun(importer: Importer, files: Any) -> dict[str, Any]:
    """Upload, and read nothing yet."""
    made: dict[str, Any] = (await importer.post(files)).json()
    assert made["state"] == "reading"
    return made


async def job_of(client: httpx.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/jobs/{made['job']['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def rows_of(database: Database, made: dict[str, Any]) -> dict[str, int]:
    """How much is kept of an import."""
    id_ = UUID(made["id"])
    files = select(ImportFile.id).where(ImportFile.import_id == id_)
    async with database.read() as session:
        counts = {
            "files": select(func.count())
            .select_from(ImportFile)
            .where(ImportFile.import_id == id_),
            "trees": select(func.count())
            .select_from(ImportTreeFile)
            .where(col(ImportTreeFile.file_id).in_(files)),
            "inputs": select(func.count())
            .select_from(ImportInput)
            .where(ImportInput.import_id == id_),
        }
        return {
            name: (await session.exec(statement)).one()
            for name, statement in counts.items()
        }


def uploads(settings: Settings) -> list[Path]:
    return [path for path in settings.blobs.rglob("*") if path.is_file()]


async def test_an_upload_is_kept_until_it_is_read(
    importer: Importer, database: Database, settings: Settings
) -> None:
    files = {"SKILL.md": skill_file(), "docs/style.md": b"# Style\n"}
    made = await begun(importer, files)
    assert (await rows_of(database, made))["inputs"] == 1
    assert len(uploads(settings)) == 1
    url = f"/imports/{made['id']}"
    assert sum(made["counts"].values()) == 0
    assert (await importer.client.get(f"{url}/files")).json()["items"] == []
    for method, path in (("PATCH", "/files"), ("POST", "/apply")):
        body = {"decision": "skip"} if method == "PATCH" else None
        answer = await importer.client.request(method, url + path, json=body)
        assert answer.status_code == 409
        assert "being read" in answer.json()["detail"]

    read = (await settled(importer.client, url)).json()

    assert read["state"] == "preview"
    assert await rows_of(database, made) == {"files": 1, "trees": 1, "inputs": 0}
    assert uploads(settings) == []
    async with database.read() as session:
        sizes = (await session.exec(select(Blob.size))).all()
    assert sizes == [len(b"# Style\n")]
    job = await job_of(importer.client, read)
    assert (job["state"], job["done"], job["total"]) == ("succeeded", 1, 1)
    assert job["result"] == {"agents": 0, "components": {"skill": 1}}


async def test_nothing_found(importer: Importer, database: Database) -> None:
    made = await importer.failed({"notes.md": b"# Notes\n", "x/pic.png": b"\x89PNG"})
    assert made["error"].startswith("Nothing found here, among 2 files; looked in ")
    assert ".claude/agents/" in made["looked_in"]
    assert made["looked_in"] == sorted(made["looked_in"])
    assert made["counts"]["left_aside"] == 2
    assert (made["job"]["state"], made["headline"]["agents"]) == ("failed", 0)
    assert (await rows_of(database, made))["inputs"] == 0
    answer = await importer.client.post(f"/jobs/{made['job']['id']}/retry")
    assert answer.status_code == 409
    assert "upload it again" in answer.json()["detail"]


async def test_cancelled_before_it_is_read_and_tried_again(
    importer: Importer, database: Database
) -> None:
    made = await begun(importer, {"a.md": agent("a")})
    url, job = f"/imports/{made['id']}", made["job"]["id"]
    answer = await importer.client.post(f"/jobs/{job}/cancel")
    assert answer.status_code == 200, answer.text
    seen = (await importer.client.get(url)).json()
    assert (seen["state"], seen["job"]["state"]) == ("failed", "cancelled")
    assert "cancelled" in seen["error"]
    assert await rows_of(database, made) == {"files": 0, "trees": 0, "inputs": 1}

    again = await importer.client.post(f"/jobs/{job}/retry")
    assert again.status_code == 201, again.text
    read = (await settled(importer.client, url)).json()
    assert (read["state"], read["error"]) == ("preview", "")
    assert read["job"]["id"] == again.json()["id"] != job
    assert read["counts"]["new"] == 1


async def test_discarded_before_it_is_read(
    importer: Importer, database: Database
) -> None:
    made = await begun(importer, {"a.md": agent("a")})
    url = f"/imports/{made['id']}"
    assert (await importer.client.delete(url)).status_code == 204
    await do_jobs_of(importer.client)
    assert (await importer.client.get(url)).json()["state"] == "discarded"
    assert await rows_of(database, made) == {"files": 0, "trees": 0, "inputs": 0}


async def test_who_lost_the_right_reads_nothing(
    importer: Importer, bob: httpx.AsyncClient, database: Database
) -> None:
    ada = importer.client
    await ada.put("/teams/ada/members/bob", json={"role": "editor"})
    made = await begun(Importer(bob, "ada"), {"a.md": agent("a")})
    await ada.put("/teams/ada/members/bob", json={"role": "viewer"})
    read = (await settled(ada, f"/imports/{made['id']}")).json()
    assert read["state"] == "failed"
    assert "role editor" in read["error"]
    assert (await rows_of(database, made))["files"] == 0


async def test_what_failed_is_let_go_after_a_week(
    importer: Importer, database: Database, settings: Settings
) -> None:
    made = await importer.failed({"a.zip": b"PK\x05\x06"})
    assert "a.zip" in made["error"]
    assert (await rows_of(database, made))["inputs"] == 1
    app = APPS[importer.client]
    run = Run(uuid4(), {}, 1, Tools(settings, database, app.state.keys))
    await forget_inputs(run)
    assert (await rows_of(database, made))["inputs"] == 1
    async with database.write() as session:
        await session.exec(
            update(Import).values(updated_at=utc_now() - timedelta(days=8))
        )
    await forget_inputs(run)
    assert (await rows_of(database, made))["inputs"] == 0
    await sweep(database, store_of(settings), timedelta(0))
    assert uploads(settings) == []


async def test_many_uploads_at_once(importer: Importer) -> None:
    made = [
        await begun(importer, {f"u{n}.zip": packed({f"a{n}.md": agent(f"a{n}")})})
        for n in range(20)
    ]
    await do_jobs_of(importer.client)
    for one in made:
        read = (await importer.client.get(f"/imports/{one['id']}")).json()
        assert (read["state"], read["counts"]["new"]) == ("preview", 1)


async def test_the_imports_of_a_team_and_those_in_a_state(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    ada = importer.client
    await ada.put("/teams/ada/members/bob", json={"role": "editor"})
    mine = await importer.upload({"a.md": agent("a")})
    theirs = await Importer(bob, "ada").upload({"b.md": agent("b")})
    failed = await importer.failed({"notes.md": b"# Notes\n"})

    async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
        answer = await client.get("/imports", params=query)
        return [one["id"] for one in answer.json()["items"]]

    ids = [failed["id"], theirs.made["id"], mine.made["id"]]
    assert await listed(ada) == [ids[0], ids[2]]
    assert await listed(ada, team="ada") == await listed(bob, team="ada") == ids
    assert await listed(bob) == [ids[1]]
    assert await listed(ada, state=["failed"]) == [ids[0]]
    assert await listed(bob, team="bob") == []


async def test_files_are_found_by_rule_kind_result_and_words(
    importer: Importer,
) -> None:
    preview = await importer.upload(
        {
            "x/a.md": agent("alpha"),
            "x/b.md": broken("beta"),
            "y/c.md": broken("gamma"),
            "s/SKILL.md": skill_file("sigma"),
        }
    )
    rules = {one["rule"]: one for one in preview.made["rules"]}
    colon = "yaml.invalid"
    assert rules[colon] == {"rule": colon, "files": 2, "repairable": 2}
    both = ["x/b.md", "y/c.md"]
    assert sorted(await preview.files(rule=colon)) == both
    assert set(both) <= set(await preview.files(rule="yaml.*"))
    assert await preview.files(rule="ya.*") == {}
    assert sorted(await preview.files(kind=["skill"])) == ["s/SKILL.md"]
    assert sorted(await preview.files(q="GAMM")) == ["y/c.md"]
    assert sorted(await preview.files(q="x/")) == ["x/a.md", "x/b.md"]
    assert sorted(await preview.files(result="open", outcome=["new"])) == [
        "s/SKILL.md",
        "x/a.md",
    ]
    assert await preview.files(result="applied") == {}
    answer = await preview.decide_many(rule=colon, decision="original")
    assert answer.json() == {"updated": 2}
    assert {one["decision"] for one in (await preview.files(rule=colon)).values()} == {
        "original"
    }
    answer = await importer.client.get(
        f"{preview.url}/files", params={"rule": "%' OR 1=1"}
    )
    assert answer.status_code == 422


async def test_a_refused_file_says_rule_line_and_column(importer: Importer) -> None:
    preview = await importer.upload(
        {"fine.md": agent("fine"), "agents/bad.md": agent("bad", "''")}
    )
    bad = (await preview.files())["agents/bad.md"]
    assert bad["outcome"] == "refused"
    assert bad["place"] == "manifest.description-missing 3:14"
    assert "manifest.description-missing" in bad["rules"]
