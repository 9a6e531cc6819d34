"""Content that must not be there: gone wherever it stands, with a marker left."""

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from roster.blobs.collecting import collect
from roster.blobs.models import Blob
from roster.blobs.storage import FolderStore
from roster.core.db import Database
from roster.jobs.service import enqueue
from roster.settings import Settings
from roster.teams.models import Role
from tests.blobs.test_blobs import NOW, files_in
from tests.components.conftest import Join, agent_file, create, join, publish
from tests.components.skills import skill_file
from tests.services.apps import do_jobs_of
from tests.services.mails import do_jobs

__all__ = ["join"]

WORDS = "the-words-that-nobody-may-read"
LARGE = WORDS.encode() * 20_000


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def redact(
    client: httpx.AsyncClient, digest: str, team: str = "ada"
) -> httpx.Response:
    body = {"team": team, "reason": "It names a customer."}
    return await client.post(f"/blobs/{digest}/redact", json=body)


async def upload(
    client: httpx.AsyncClient, files: dict[str, bytes], name: str, team: str = "ada"
) -> httpx.Response:
    return await client.post(
        "/skills",
        data={"team": team},
        files=[
            ("files", (path, data))
            for path, data in {"SKILL.md": skill_file(name), **files}.items()
        ],
    )


async def skill_with(
    client: httpx.AsyncClient, files: dict[str, bytes], team: str = "ada"
) -> dict[str, Any]:
    answer = await upload(client, files, "release-notes", team)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def assert_not_stored(database: Database) -> None:
    async with database.read() as session:
        for table, column in (
            ("blobs", "content"),
            ("revisions", "manifest"),
            ("components", "description"),
            ("drafts", "content"),
            ("import_files", "content"),
            ("import_files", "description"),
        ):
            rows = await session.connection()
            stored = (await rows.execute(text(f"SELECT {column} FROM {table}"))).all()  # noqa: S608
            assert WORDS not in str(stored), (table, column)


async def assert_gone(ada: httpx.AsyncClient, id_: str) -> None:
    url = f"/components/{id_}"
    as_zip = {"Accept": "application/zip"}
    for gone in (
        await ada.get(f"{url}/revisions/1/files/AGENT.md"),
        await ada.get(f"{url}/revisions/1", headers=as_zip),
        await ada.get(f"/agents/{id_}", headers={"Accept": "text/markdown"}),
        await ada.post("/exports", json={"components": [id_]}),
    ):
        assert gone.status_code == 410
        assert "It names a customer." in gone.json()["detail"]


async def test_a_main_file_is_gone_everywhere(
    ada: httpx.AsyncClient, app: FastAPI, database: Database, tmp_path: Path
) -> None:
    content = agent_file(description=f"Says {WORDS}.", body=f"{WORDS}\n")
    agent = await create(ada, "ada", description=f"Says {WORDS}.", body=f"{WORDS}\n")
    upload = [("files", ("reviewer.md", content.encode()))]
    imported = await ada.post("/imports", data={"team": "ada"}, files=upload)
    await do_jobs_of(ada)
    url = f"/components/{agent['id']}"
    draft = {"content": content, "base_digest": agent["latest"]["digest"]}
    await ada.put(f"{url}/draft", json=draft, headers={"If-None-Match": "*"})
    found = await ada.get("/agents", params={"q": WORDS})
    assert len(found.json()["items"]) == 1

    answer = await redact(ada, digest_of(content.encode()))

    assert answer.status_code == 200, answer.text
    assert [one["path"] for one in answer.json()["files"]] == ["AGENT.md"]
    assert (await ada.get("/agents", params={"q": WORDS})).json()["items"] == []
    for place in (
        f"/agents/{agent['id']}",
        f"{url}/revisions",
        f"{url}/revisions/1",
        f"{url}/revisions/1/diff?against=1",
        "/agents",
        f"/imports/{imported.json()['id']}/files",
    ):
        read = await ada.get(place)
        assert read.status_code == 200, read.text
        assert WORDS not in read.text
    shown = (await ada.get(f"{url}/revisions/1")).json()
    assert shown["digest"] == agent["latest"]["digest"]
    [file] = shown["files"]
    assert file["redaction"]["by"] == "ada"
    assert file["redaction"]["reason"] == "It names a customer."
    await assert_gone(ada, agent["id"])
    assert (await ada.get(f"{url}/draft")).status_code == 404
    again = await publish(ada, agent, content)
    assert again.status_code == 409
    fixed = await publish(ada, agent, agent_file(body="Clean.\n"))
    assert fixed.status_code == 201, fixed.text
    await assert_not_stored(database)
    events = (await ada.get("/audit-events", params={"team": "ada"})).json()["items"]
    [event] = [one for one in events if one["action"] == "blob.redacted"]
    assert event["details"]["reason"] == "It names a customer."
    await do_jobs(app)
    assert (await redact(ada, digest_of(content.encode()))).status_code == 409


async def test_other_files_go_with_what_holds_them(
    ada: httpx.AsyncClient,
    app: FastAPI,
    database: Database,
    settings: Settings,
) -> None:
    skill = await skill_with(ada, {"notes.txt": LARGE, "fine.txt": b"fine"})
    url = f"/components/{skill['id']}"
    draft = {"content": skill["content"], "base_digest": skill["latest"]["digest"]}
    made = await ada.put(f"{url}/draft", json=draft, headers={"If-None-Match": "*"})
    assert files_in(settings.blobs) == [digest_of(LARGE)]

    answer = await redact(ada, digest_of(LARGE))

    assert answer.status_code == 200, answer.text
    assert {one["component_id"] for one in answer.json()["files"]} == {skill["id"]}
    gone = await ada.get(f"{url}/revisions/1/files/notes.txt")
    assert gone.status_code == 410
    assert (await ada.get(f"{url}/revisions/1/files/fine.txt")).content == b"fine"
    listed = (await ada.get(f"{url}/draft/files")).json()
    assert [one["path"] for one in listed["items"]] == ["fine.txt"]
    assert listed["etag"] != made.headers["etag"]
    put = await ada.put(
        f"{url}/draft/files/again.txt",
        content=LARGE,
        headers={"If-Match": listed["etag"]},
    )
    assert put.status_code == 409
    # It goes on without the file.
    changed = skill_file().decode() + "More.\n"
    next_one = await publish(ada, skill, changed)
    assert next_one.status_code == 201, next_one.text
    paths = [one["path"] for one in next_one.json()["files"]]
    assert paths == ["SKILL.md", "fine.txt"]
    # What was sent again in vain goes too.
    await drop_unheld_in(app, database)
    assert files_in(settings.blobs) == []
    assert await collect(database, FolderStore(settings.blobs), NOW) == 0


async def test_only_owners_of_a_team_that_holds_it_redact(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, join: Join
) -> None:
    await create(ada, "ada")
    digest = digest_of(agent_file().encode())
    assert (await redact(bob, digest, "bob")).status_code == 404
    assert (await redact(bob, digest)).status_code == 404
    await join("bob", "ada", Role.editor)
    assert (await redact(bob, digest)).status_code == 403
    assert (await redact(ada, "0" * 64)).status_code == 404
    assert (await redact(ada, "no-digest")).status_code == 422
    assert (await redact(ada, digest)).status_code == 200


async def test_another_team_keeps_its_content_and_notices_nothing(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    app: FastAPI,
    database: Database,
    settings: Settings,
) -> None:
    """Whoever publishes the same bytes has no power over those of others."""
    victim = await skill_with(ada, {"notes.txt": LARGE})
    main = skill_file()
    same = await skill_with(bob, {"notes.txt": LARGE}, team="bob")
    url = f"/components/{victim['id']}"
    draft = {"content": main.decode(), "base_digest": victim["latest"]["digest"]}
    await ada.put(f"{url}/draft", json=draft, headers={"If-None-Match": "*"})
    before = (await ada.get(f"/skills/{victim['id']}")).json()

    for digest in (digest_of(main), digest_of(LARGE)):
        answer = await redact(bob, digest, "bob")
        assert answer.status_code == 200, answer.text
        places = {one["component_id"] for one in answer.json()["files"]}
        assert places == {same["id"]}
    await do_jobs(app)

    assert (await ada.get(f"/skills/{victim['id']}")).json() == before
    files = f"{url}/revisions/1/files"
    assert (await ada.get(f"{files}/SKILL.md")).content == main
    assert (await ada.get(f"{files}/notes.txt")).content == LARGE
    assert (await ada.get(f"{url}/draft")).status_code == 200
    exported = await ada.post("/exports", json={"components": [victim["id"]]})
    assert exported.status_code == 200
    gone = f"/components/{same['id']}/revisions/1/files"
    for path in ("SKILL.md", "notes.txt"):
        assert (await bob.get(f"{gone}/{path}")).status_code == 410
    events = (await ada.get("/audit-events", params={"team": "ada"})).json()
    assert "blob.redacted" not in [one["action"] for one in events["items"]]

    # The last holder takes the bytes along.
    for digest in (digest_of(main), digest_of(LARGE)):
        assert (await redact(ada, digest)).status_code == 200
    await do_jobs(app)
    assert files_in(settings.blobs) == []
    assert await contents(database, digest_of(main)) == [None]


async def test_what_is_gone_comes_back_for_others_alone(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    app: FastAPI,
    database: Database,
    settings: Settings,
) -> None:
    """No answer tells another team that there ever was such content."""
    await skill_with(ada, {"notes.txt": LARGE})
    main = digest_of(skill_file())
    for digest in (main, digest_of(LARGE)):
        assert (await redact(ada, digest)).status_code == 200
    await do_jobs(app)
    assert files_in(settings.blobs) == []
    assert await contents(database, main) == [None]
    refused = await upload(ada, {"notes.txt": LARGE}, "another")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("redacted")

    made = await skill_with(bob, {"notes.txt": LARGE}, team="bob")

    files = f"/components/{made['id']}/revisions/1/files"
    assert (await bob.get(f"{files}/SKILL.md")).content == skill_file()
    assert (await bob.get(f"{files}/notes.txt")).content == LARGE
    assert await contents(database, main) == [skill_file()]
    again = await upload(ada, {}, "release-notes-two")
    assert again.status_code == 201
    theirs = await upload(ada, {"x.txt": LARGE}, "third")
    assert theirs.status_code == 409


async def test_bytes_go_when_the_last_other_holder_does(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    app: FastAPI,
    database: Database,
    settings: Settings,
) -> None:
    skill = await skill_with(bob, {}, team="bob")
    draft = {"content": skill["content"], "base_digest": skill["latest"]["digest"]}
    url = f"/components/{skill['id']}/draft"
    await bob.put(url, json=draft, headers={"If-None-Match": "*"})
    listed = (await bob.get(f"{url}/files")).json()
    match = {"If-Match": listed["etag"]}
    put = await bob.put(f"{url}/files/n.txt", content=LARGE, headers=match)
    assert put.is_success, put.text
    await skill_with(ada, {"notes.txt": LARGE})
    assert (await redact(ada, digest_of(LARGE))).status_code == 200
    await do_jobs(app)
    assert (await bob.get(f"{url}/files/n.txt")).content == LARGE

    dropped = await bob.delete(url, headers={"If-Match": put.headers["etag"]})
    assert dropped.is_success, dropped.text
    await drop_unheld_in(app, database)

    assert files_in(settings.blobs) == []


async def test_copies_elsewhere_in_the_team_go_too(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    content = agent_file(body=f"{WORDS}\n")
    await create(ada, "ada", body=f"{WORDS}\n")
    begun = {"kind": "agent", "team": "ada", "name": "second", "content": content}
    second = (await ada.post("/components", json=begun)).json()
    upload_ = [("files", ("elsewhere/other.md", content.encode()))]
    imported = await ada.post("/imports", data={"team": "ada"}, files=upload_)
    kept = await bob.post("/imports", data={"team": "bob"}, files=upload_)
    await do_jobs_of(bob)
    linted = {"kind": "agent", "content": content}
    await ada.post("/lint", json=linted, headers={"Idempotency-Key": "again"})

    assert (await redact(ada, digest_of(content.encode()))).status_code == 200

    assert (await ada.get(f"/components/{second['id']}/draft")).status_code == 404
    for client, made, there in ((ada, imported, False), (bob, kept, True)):
        place = f"/imports/{made.json()['id']}/files"
        [file] = (await client.get(place)).json()["items"]
        shown = await client.get(f"{place}/{file['id']}")
        assert (WORDS in shown.text) is there
    async with database.read() as session:
        rows = await (await session.connection()).execute(
            text("SELECT body FROM idempotent_responses")
        )
        assert WORDS.encode() not in b"".join(bytes(row.body) for row in rows)


async def drop_unheld_in(app: FastAPI, database: Database) -> None:
    async with database.write() as session:
        enqueue(session, "redactions.drop", {})
    await do_jobs(app)
    await do_jobs(app)


async def contents(database: Database, digest: str) -> list[bytes | None]:
    async with database.read() as session:
        found = await session.exec(select(Blob.content).where(Blob.digest == digest))
        return list(found)


async def test_the_database_allows_just_that(
    ada: httpx.AsyncClient, database: Database
) -> None:
    """Invariant 1: a blob and a revision change by redaction alone."""
    await create(ada, "ada")
    marked = "UPDATE blobs SET redacted_at = CURRENT_TIMESTAMP"
    for refused in (
        "UPDATE blobs SET content = NULL",
        marked,
        f"{marked}, content = NULL, size = 1",
        "UPDATE revisions SET manifest = '{}'",
        "UPDATE revisions SET message = 'x'",
        "DELETE FROM revisions",
    ):
        with pytest.raises(DBAPIError):
            await execute(database, refused)
    with pytest.raises(DBAPIError):
        await execute(database, f"{marked}, content = NULL")  # nobody said so
    await execute(
        database,
        "INSERT INTO redactions (team_id, digest, redacted_by, redacted_at, reason) "
        "SELECT c.team_id, b.digest, c.created_by, CURRENT_TIMESTAMP, 'x' "
        "FROM components AS c, blobs AS b",
    )
    await execute(database, f"{marked}, content = NULL")
    for refused in (
        marked,
        "UPDATE blobs SET redacted_at = NULL, size = 1",
        "UPDATE redactions SET reason = 'y'",
        "DELETE FROM redactions",
        "UPDATE revisions SET manifest = '{}', message = 'x'",
        "UPDATE revisions SET manifest = '{\"a\": 1}'",
    ):
        with pytest.raises(DBAPIError):
            await execute(database, refused)
    await execute(database, "UPDATE revisions SET manifest = '{}'")


async def execute(database: Database, statement: str) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(text(statement))
