"""Others publish between the preview and applying it."""

import asyncio

from tests.imports.conftest import Importer, agent


async def test_what_changed_since_the_preview_is_not_overwritten(
    importer: Importer,
) -> None:
    await importer.take({"a.md": agent("a", "First.")})
    preview = await importer.upload(
        {"a.md": agent("a", "Mine."), "b.md": agent("b"), "c.md": agent("c")}
    )
    await importer.take({"a.md": agent("a", "Theirs."), "b.md": agent("b", "Theirs.")})
    made = (await preview.apply()).json()
    assert (made["state"], made["results"]["created"]) == ("preview", 1)
    assert (made["open"]["clash"], sum(made["open"].values())) == (2, 2)
    files = await preview.files(result="open")
    assert all("in the meantime" in one["reason"] for one in files.values())
    assert sorted(await importer.agents()) == ["a", "b", "c"]
    assert await importer.file("a") == agent("a", "Theirs.")
    assert "a.md, b.md" in (await preview.apply()).json()["detail"]
    # Having seen it, the person decides again, and it is stored.
    assert (await preview.detail("a.md"))["current"] == agent("a", "Theirs.").decode()
    again = await preview.decided("b.md", decision="original")
    assert again["outcome"] == "changed"
    await preview.decided("a.md", decision="original")
    results = (await preview.apply()).json()["results"]
    assert (results["created"], results["published"]) == (1, 2)
    assert await importer.file("a") == agent("a", "Mine.")


async def test_what_became_identical_in_the_meantime_is_unchanged(
    importer: Importer,
) -> None:
    preview = await importer.upload({"a.md": agent("a"), "b.md": agent("b")})
    await importer.take({"a.md": agent("a")})
    results = (await preview.apply()).json()["results"]
    assert (results["created"], results["unchanged"]) == (1, 1)
    assert len(await importer.revisions("a")) == 1


async def test_what_was_deleted_in_the_meantime_must_be_decided(
    importer: Importer,
) -> None:
    await importer.take({"a.md": agent("a")})
    preview = await importer.upload({"a.md": agent("a", "Mine.")})
    url = f"/components/{(await importer.agents())['a']['id']}"
    etag = (await importer.client.get(url)).headers["etag"]
    await importer.client.delete(url, headers={"If-Match": etag})
    made = (await preview.apply()).json()
    assert (made["state"], made["open"]["clash"]) == ("preview", 1)
    answer = await preview.apply()
    assert answer.status_code == 409
    assert "a.md" in answer.json()["detail"]


async def test_applying_twice_at_once(importer: Importer) -> None:
    preview = await importer.upload({f"a{n}.md": agent(f"a{n}") for n in range(20)})
    answers = await asyncio.gather(*(preview.apply() for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert len(await importer.agents()) == 20


async def test_two_imports_of_the_same_at_once(importer: Importer) -> None:
    files = {f"a{n}.md": agent(f"a{n}") for n in range(10)}
    previews = [await importer.upload(files) for _ in range(3)]
    answers = await asyncio.gather(*(preview.apply() for preview in previews))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    assert len(await importer.agents()) == 10
    for preview in previews:
        answer = await preview.apply()
        assert answer.status_code in {200, 409}
        assert (await preview.read())["state"] == "applied"
    assert {len(await importer.revisions(f"a{n}")) for n in range(10)} == {1}
