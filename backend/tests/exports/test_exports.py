import io
import zipfile
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml

from tests.imports.conftest import Importer, agent, broken, importer

__all__ = ["importer"]

FILES = {
    "zeta.md": agent("zeta"),
    "alpha.md": agent("alpha").replace(b"\n", b"\r\n"),
    "bom.md": b"\xef\xbb\xbf" + agent("bom"),
    "planner.md": broken("planner"),
}


async def ids_of(importer: Importer, *names: str) -> list[str]:
    agents = await importer.agents()
    return [agents[name]["id"] for name in names]


async def export(
    client: httpx.AsyncClient, components: list[str], **more: Any
) -> httpx.Response:
    return await client.post("/exports", json={"components": components, **more})


async def test_the_very_bytes_come_out(importer: Importer) -> None:
    preview = await importer.upload(FILES)
    await preview.decide_many(decision="original")
    await preview.apply()
    names = [path.removesuffix(".md") for path in FILES]
    ids = await ids_of(importer, *names)
    answer = await export(importer.client, ids)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    disposition = answer.headers["content-disposition"]
    assert disposition == 'attachment; filename="ada-agents.zip"'
    assert answer.headers["content-length"] == str(len(answer.content))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        found = {info.filename: archive.read(info) for info in archive.infolist()}
        stamps = {info.date_time for info in archive.infolist()}
        modes = {info.external_attr >> 16 for info in archive.infolist()}
    assert found == {f".claude/agents/{path}": data for path, data in FILES.items()}
    assert list(found) == sorted(found)
    assert (stamps, modes) == ({(1980, 1, 1, 0, 0, 0)}, {0o100644})
    # Same content, same bytes, whatever the order in which it was asked for.
    again = await export(importer.client, [*reversed(ids), ids[0]])
    assert again.content == answer.content


async def test_what_was_repaired_comes_out_valid(importer: Importer) -> None:
    await importer.take(FILES)
    answer = await export(importer.client, await ids_of(importer, "planner"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = archive.read(".claude/agents/planner.md").decode()
    assert yaml.safe_load(text.split("---")[1])["name"] == "planner"


async def test_an_export_imported_again_changes_nothing(importer: Importer) -> None:
    await importer.take(FILES)
    answer = await export(importer.client, await ids_of(importer, "zeta", "planner"))
    preview = await importer.upload({"export.zip": answer.content})
    assert (await preview.read())["counts"]["unchanged"] == 2


async def test_a_large_export(importer: Importer) -> None:
    body = "".join(f"{uuid4()}\n" for _ in range(20_000))
    files = {f"a{n}.md": agent(f"a{n}", body=f"{n}{body}") for n in range(5)}
    await importer.take(files)
    names = [path.removesuffix(".md") for path in files]
    answer = await export(importer.client, await ids_of(importer, *names))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.read(".claude/agents/a4.md") == files["a4.md"]


async def test_at_a_label(importer: Importer) -> None:
    await importer.take({"a.md": agent("a", "First."), "b.md": agent("b")})
    [id_] = await ids_of(importer, "a")
    etag = (await importer.client.get(f"/components/{id_}")).headers["etag"]
    moved = await importer.client.put(
        f"/components/{id_}/labels/production",
        json={"number": 1},
        headers={"If-Match": etag},
    )
    assert moved.is_success
    await importer.take({"a.md": agent("a", "Second.")})
    for label, expected in (("production", "First."), ("latest", "Second.")):
        answer = await export(importer.client, [id_], label=label)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.read(".claude/agents/a.md") == agent("a", expected)
    both = await ids_of(importer, "a", "b")
    answer = await export(importer.client, both, label="production")
    assert answer.status_code == 422
    assert "agent:ada/b" in answer.json()["detail"]
    assert answer.json()["errors"][0]["loc"] == "label"


async def test_two_that_share_a_file(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    await importer.take({"a.md": agent("a")})
    other = Importer(bob, "bob")
    await other.take({"a.md": agent("a", "Bob's.")})
    component = (await other.agents())["a"]
    url = f"/components/{component['id']}"
    shared = await bob.patch(
        url, json={"visibility": "internal"}, headers={"If-Match": component["etag"]}
    )
    assert shared.status_code == 200
    ids = [*await ids_of(importer, "a"), component["id"]]
    answer = await export(importer.client, ids)
    assert answer.status_code == 409
    assert "agent:ada/a and agent:bob/a" in answer.json()["detail"]


async def test_what_one_may_not_see_is_not_there(
    importer: Importer, bob: httpx.AsyncClient
) -> None:
    await importer.take({"a.md": agent("a")})
    [hidden] = await ids_of(importer, "a")
    for ids in ([hidden], [str(uuid4())]):
        answer = await export(bob, ids)
        assert answer.status_code == 404
        assert hidden not in answer.text


async def test_what_was_deleted_is_not_there(importer: Importer) -> None:
    await importer.take({"a.md": agent("a")})
    component = (await importer.agents())["a"]
    url = f"/components/{component['id']}"
    await importer.client.delete(url, headers={"If-Match": component["etag"]})
    assert (await export(importer.client, [component["id"]])).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"components": []},
        {"components": ["nonsense"]},
        {"components": [str(uuid4()) for _ in range(1001)]},
        {"components": [str(uuid4())], "label": "Not A Label"},
        {"components": [str(uuid4())], "surprise": 1},
        {},
    ],
)
async def test_requests_that_do_not_fit(
    ada: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    assert (await ada.post("/exports", json=body)).status_code == 422


async def test_nobody_exports_without_signing_in(anonymous: httpx.AsyncClient) -> None:
    assert (await export(anonymous, [str(uuid4())])).status_code == 401
