"""Secrets written out in a server are moved into its store, or kept on purpose."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import col, select

from roster.core.db import Database
from roster.imports.models import ImportFile
from tests.conftest import SignUp
from tests.imports.conftest import Importer, Preview
from tests.secrets.conftest import (
    HOME,
    OTHER_VALUE,
    VALUE,
    listed,
    make_server,
    reveal,
    server_file,
)
from tests.secrets.test_ways_to_read import whole_database
from tests.teams.conftest import make_team, put_member

PATH = ".claude/servers/tickets.json"
KEY = "AUTHORIZATION"


def literal(value: str = VALUE, url: str = HOME) -> bytes:
    return server_file(url=url, token=value).encode()


async def only(preview: Preview) -> dict[str, Any]:
    [file] = (await preview.files()).values()
    return file


async def in_full(preview: Preview) -> dict[str, Any]:
    file = await only(preview)
    answer = await preview.client.get(f"{preview.url}/files/{file['id']}")
    assert answer.status_code == 200, answer.text
    detail: dict[str, Any] = answer.json()
    return detail


async def choose(preview: Preview, **decision: Any) -> httpx.Response:
    file = await only(preview)
    return await preview.client.patch(
        f"{preview.url}/files/{file['id']}", json=decision
    )


async def servers(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/servers")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_moved_a_secret_is_in_the_store_and_nowhere_else(
    importer: Importer, app: FastAPI, database: Database
) -> None:
    preview = await importer.upload({PATH: literal()})
    file = await in_full(preview)
    assert (file["literal_secrets"], file["secrets"]) == (1, None)
    assert VALUE not in json.dumps(file)
    assert f"Bearer {'•' * len(VALUE)}" in file["original"]
    [found] = file["literals"]
    assert (found["key"], found["place"]) == (KEY, "headers")
    assert file["original"].splitlines()[found["line"] - 1].count("•") == len(VALUE)

    undecided = await preview.apply()
    assert undecided.status_code == 409
    assert PATH in undecided.json()["detail"]

    moved = await choose(preview, secrets="move")
    assert moved.status_code == 200, moved.text
    assert moved.json()["secrets"] == "move"
    assert (await preview.apply()).status_code == 200

    [server] = await servers(importer.client)
    revision = await importer.client.get(
        f"/components/{server['id']}/revisions/1/files/SERVER.json"
    )
    assert f"Bearer ${{{KEY}}}" in revision.text
    assert [
        (one["key"], one["state"]) for one in await listed_of(importer, server)
    ] == [(KEY, "attached")]
    assert (await reveal(importer.client, server, KEY)).json()["value"] == VALUE
    assert VALUE not in await whole_database(database)
    assert "•" not in (await in_full(preview))["original"]

    # The same file again: what stands in the store is replaced.
    again = await importer.upload({PATH: literal(OTHER_VALUE)})
    assert (await choose(again, secrets="move")).json()["outcome"] == "unchanged"
    assert (await again.apply()).json()["results"]["unchanged"] == 1
    assert (await reveal(importer.client, server, KEY)).json()["value"] == OTHER_VALUE
    assert OTHER_VALUE not in await whole_database(database)


async def listed_of(importer: Importer, server: dict[str, Any]) -> list[dict[str, Any]]:
    return await listed(importer.client, server)


async def test_kept_it_stays_and_skipped_it_goes(
    importer: Importer, database: Database
) -> None:
    preview = await importer.upload({PATH: literal()})
    skipped = await choose(preview, decision="skip")
    assert skipped.status_code == 200
    assert (await preview.apply()).status_code == 200
    assert VALUE not in await whole_database(database)
    assert (await in_full(preview))["original"] == ""

    preview = await importer.upload({PATH: literal()})
    assert (await choose(preview, secrets="keep")).json()["secrets"] == "keep"
    assert (await preview.apply()).status_code == 200
    [server] = await servers(importer.client)
    assert await listed_of(importer, server) == []
    revision = await importer.client.get(
        f"/components/{server['id']}/revisions/1/files/SERVER.json"
    )
    assert VALUE in revision.text


async def test_a_fix_that_takes_the_secret_out_leaves_nothing_to_decide(
    importer: Importer,
) -> None:
    preview = await importer.upload({PATH: literal()})
    file = await in_full(preview)
    rules = [finding["rule"] for finding in file["findings"]]
    fixed = await choose(preview, accept_fixes=[rules.index("server.literal-secret")])

    assert fixed.json()["literal_secrets"] == 0
    assert (await preview.apply()).status_code == 200
    [server] = await servers(importer.client)
    assert await listed_of(importer, server) == []


async def test_the_two_need_no_decision_where_there_is_none(
    importer: Importer,
) -> None:
    clean = server_file().encode()
    preview = await importer.take({PATH: clean})

    assert (await only(preview))["literal_secrets"] == 0


async def test_under_another_name_and_repaired(
    importer: Importer, database: Database
) -> None:
    """The decision is carried out on what the other decisions make of the file."""
    preview = await importer.upload({PATH: literal()})
    assert (
        await choose(preview, secrets="move", target_name="issues")
    ).status_code == 200
    assert (await preview.apply()).status_code == 200

    [server] = await servers(importer.client)
    assert server["name"] == "issues"
    assert (await reveal(importer.client, server, KEY)).json()["value"] == VALUE
    assert VALUE not in await whole_database(database)


async def test_of_two_alike_one_is_taken_and_neither_keeps_it(
    importer: Importer, database: Database
) -> None:
    twin = ".cursor/servers/tickets.json"
    preview = await importer.upload({PATH: literal(), twin: literal()})
    assert (await preview.decided(PATH, secrets="move"))["outcome"] == "new"
    assert (await preview.files())[twin]["secrets"] == "move"
    assert (await preview.files())[twin]["outcome"] == "unchanged"
    assert (await preview.apply()).status_code == 200

    [server] = await servers(importer.client)
    assert (await reveal(importer.client, server, KEY)).json()["value"] == VALUE
    assert VALUE not in await whole_database(database)


async def test_who_may_not_write_secrets_moves_none(
    ada: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    sign_up: SignUp,
    database: Database,
) -> None:
    await make_team(bob)
    editor = await sign_up("eve")
    await put_member(bob, "eve", "owner")
    mine = Importer(editor, "backend")
    preview = await mine.upload({PATH: literal()})
    other = await mine.upload(
        {"other.json": server_file("other", token=VALUE).encode()}
    )
    assert (await choose(preview, secrets="move")).status_code == 200
    await put_member(bob, "eve", "editor")

    assert (await choose(other, secrets="move")).status_code == 403
    refused = await preview.apply()
    assert refused.status_code == 403
    assert await servers(bob) == []
    async with database.read() as session:
        rows = await session.exec(
            select(ImportFile.secrets).where(col(ImportFile.literal_secrets) > 0)
        )
        assert set(rows.all()) == {None, "move"}

    # Nor does an import write to a server that is there already.
    await make_server(bob, "backend", name="tickets")
    assert (await preview.apply()).status_code in {403, 409}
    assert not ada.is_closed


@pytest.mark.parametrize("decision", ["moved", None, 1])
async def test_there_are_two_decisions(importer: Importer, decision: Any) -> None:
    preview = await importer.upload({PATH: literal()})

    assert (await choose(preview, secrets=decision)).status_code == 422
