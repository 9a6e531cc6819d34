"""Applying an import in parts, each of which is stored by a job."""

from typing import Any
from uuid import UUID

import httpx
from sqlmodel import select

from roster.audit.models import AuditEvent
from roster.auth.models import ApiToken
from roster.core.db import Database
from roster.core.model import utc_now
from roster.imports import apply_job
from roster.imports.applying import AFTER_BATCH, Applied
from tests.conftest import SignUp
from tests.imports.conftest import Importer, Preview, agent, broken
from tests.services.apps import do_jobs_of, settled


async def applied_events(database: Database) -> list[dict[str, Any]]:
    async with database.read() as session:
        found = await session.exec(
            select(AuditEvent.details)
            .where(AuditEvent.action == "import.applied")
            .order_by(AuditEvent.id)  # type: ignore[arg-type]  # a column
        )
        return [dict(one) for one in found]


def totals(**counts: int) -> dict[str, int]:
    names = ("created", "published", "unchanged", "skipped", "reused")
    return {name: counts.get(name, 0) for name in names}


async def test_a_part_after_the_other(importer: Importer, database: Database) -> None:
    preview = await importer.upload(
        {
            "a.md": agent("a"),
            "b.md": broken("b"),
            "c.md": agent("c"),
            "d.md": agent("d"),
            "notes.md": b"# Notes\n",
        }
    )
    ids = {path: one["id"] for path, one in (await preview.files()).items()}

    made = (await preview.apply(ids=[ids["a.md"]])).json()
    assert (made["state"], made["results"]) == ("preview", totals(created=1))
    assert (made["counts"]["new"], made["open"]["new"]) == (3, 2)
    made = (await preview.apply(outcome=["needs_repair"], kind=["agent"])).json()
    assert made["results"] == totals(created=2)
    assert sorted(await importer.agents()) == ["a", "b"]
    assert sorted(await preview.files(result="applied")) == ["a.md", "b.md"]

    await preview.decided("d.md", decision="skip")
    refused = await preview.decide("a.md", decision="skip")
    assert refused.status_code == 409
    assert "applied" in refused.json()["detail"]
    for again in ({"ids": [ids["a.md"]]}, {"kind": ["server"]}):
        answer = await preview.ask_to_apply(**again)
        assert answer.status_code == 409
        assert "Nothing of this is left" in answer.json()["detail"]

    made = (await preview.apply()).json()
    assert (made["state"], made["error"]) == ("applied", "")
    assert made["results"] == totals(created=3, skipped=1)
    assert sum(made["open"].values()) == 0
    assert {len(await importer.revisions(name)) for name in "abc"} == {1}
    assert await applied_events(database) == [
        totals(created=1),
        totals(created=1),
        totals(created=1, skipped=1),
    ]


async def test_a_part_whose_twin_stays_out(importer: Importer) -> None:
    same = agent("twin")
    preview = await importer.upload({"x/twin.md": same, "y/twin.md": same})
    second = (await preview.files())["y/twin.md"]
    assert second["outcome"] == "unchanged"

    made = (await preview.apply(ids=[second["id"]])).json()

    assert made["results"] == totals(created=1)
    first = (await preview.files())["x/twin.md"]
    assert (first["outcome"], first["result"]) == ("unchanged", None)
    made = (await preview.apply()).json()
    assert (made["state"], made["results"]) == (
        "applied",
        totals(created=1, unchanged=1),
    )


async def test_only_what_is_selected_must_be_decided(importer: Importer) -> None:
    preview = await importer.upload(
        {
            "a.md": agent("a"),
            "x/twin.md": agent("twin", "One."),
            "y/twin.md": agent("twin", "Another."),
        }
    )
    assert (await preview.ask_to_apply()).status_code == 409
    made = (await preview.apply(outcome=["new"])).json()
    assert (made["state"], made["results"]) == ("preview", totals(created=1))
    await preview.decided("x/twin.md", decision="skip")
    made = (await preview.apply()).json()
    assert (made["state"], made["results"]) == (
        "applied",
        totals(created=2, skipped=1),
    )


async def begin(preview: Preview) -> str:
    answer = await preview.ask_to_apply()
    assert answer.status_code == 202, answer.text
    job: str = answer.json()["job"]["id"]
    return job


async def test_nothing_changes_while_it_is_applied(importer: Importer) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    await begin(preview)
    for answer in (
        await preview.ask_to_apply(),
        await preview.decide("a.md", decision="skip"),
        await preview.decide_many(decision="skip"),
        await importer.client.delete(preview.url),
    ):
        assert answer.status_code == 409, answer.text
        assert "being applied" in answer.json()["detail"]
    assert (await settled(importer.client, preview.url)).json()["state"] == "applied"


async def test_cancelled_and_tried_again(
    importer: Importer, database: Database
) -> None:
    client = importer.client
    preview = await importer.upload({f"a{n}.md": agent(f"a{n}") for n in range(3)})
    job = await begin(preview)
    assert (await client.post(f"/jobs/{job}/cancel")).status_code == 200
    seen = await preview.read()
    assert (seen["state"], sum(seen["open"].values())) == ("preview", 3)
    assert "cancelled" in seen["error"]
    assert (await client.post(f"/jobs/{job}/retry")).status_code == 201
    made = (await settled(client, preview.url)).json()
    assert (made["state"], made["error"]) == ("applied", "")
    assert await applied_events(database) == [totals(created=3)]


async def test_a_right_that_was_lost_stops_it_between_two_parts(
    importer: Importer, bob: httpx.AsyncClient, database: Database
) -> None:
    ada = importer.client
    await ada.put("/teams/ada/members/bob", json={"role": "editor"})
    files = {f"a{n:03}.md": agent(f"a{n:03}") for n in range(apply_job.BATCH + 5)}
    preview = await Importer(bob, "ada").upload(files)
    seen: list[Applied] = []

    async def demote(*told: Any) -> None:
        _, _, applied, _ = told
        seen.extend(applied)
        if len(seen) == len(applied):
            session = told[0]
            await session.flush()
            roles = "UPDATE memberships SET role='viewer' WHERE user_id = "
            roles += "(SELECT id FROM users WHERE username='bob') AND team_id = "
            roles += "(SELECT id FROM teams WHERE slug='ada')"
            await (await session.connection()).exec_driver_sql(roles)

    AFTER_BATCH.append(demote)
    try:
        made = (await preview.apply()).json()
    finally:
        AFTER_BATCH.remove(demote)

    assert made["state"] == "preview"
    assert "role editor" in made["error"]
    assert made["results"] == totals(created=apply_job.BATCH)
    assert {one.result for one in seen} == {"created"}
    assert all(isinstance(one.component_id, UUID) for one in seen)
    assert (await ada.get("/agents", params={"team": "ada", "count": True})).json()[
        "total"
    ] == apply_job.BATCH
    assert await applied_events(database) == [totals(created=apply_job.BATCH)]


async def test_a_token_that_was_revoked_stores_nothing(
    importer: Importer, database: Database
) -> None:
    made = await importer.client.post(
        "/auth/tokens",
        json={"name": "CI", "scopes": ["read", "write", "publish"]},
    )
    token = made.json()["token"]
    preview = await importer.upload({"a.md": agent("a")})
    asked = await importer.client.post(
        f"{preview.url}/apply", headers={"Authorization": f"Bearer {token}"}
    )
    assert asked.status_code == 202, asked.text
    async with database.write() as session:
        row = (await session.exec(select(ApiToken))).one()
        row.revoked_at = utc_now()
    seen = (await settled(importer.client, preview.url)).json()
    assert seen["state"] == "preview"
    assert "API token" in seen["error"]
    assert await importer.agents() == {}


async def test_others_never_see_the_job(importer: Importer, sign_up: SignUp) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    job = await begin(preview)
    carol = await sign_up("carol")
    assert (await carol.get(f"/jobs/{job}")).status_code == 404
    await do_jobs_of(importer.client)
    log = (await importer.client.get(f"/jobs/{job}/log")).json()["items"]
    assert [line["message"] for line in log] == ["1 of 1: 1 created."]
