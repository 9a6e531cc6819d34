import httpx
import yaml

from tests.imports.conftest import Importer, Preview, agent, broken, garbled


def front_matter(data: bytes) -> dict[str, str]:
    values: dict[str, str] = yaml.safe_load(data.decode().split("---")[1])
    return values


async def test_a_repaired_file_is_valid_yaml(importer: Importer) -> None:
    await importer.take({"planner.md": broken("planner")})
    stored = await importer.file("planner")
    assert stored != broken("planner")
    assert front_matter(stored)["description"] == "Plans work: first this, then that."


async def test_the_original_can_be_taken_all_the_same(importer: Importer) -> None:
    preview = await importer.upload({"planner.md": broken("planner")})
    kept = await preview.decided("planner.md", decision="original")
    assert (kept["outcome"], kept["decision"]) == ("needs_repair", "original")
    await preview.apply()
    assert await importer.file("planner") == broken("planner")
    again = await importer.upload({"planner.md": broken("planner")})
    file = (await again.files())["planner.md"]
    assert (file["outcome"], file["decision"]) == ("unchanged", "original")


async def test_what_was_taken_repaired_is_unchanged_when_it_comes_again(
    importer: Importer,
) -> None:
    await importer.take({"planner.md": broken("planner")})
    again = await importer.upload({"planner.md": broken("planner")})
    file = (await again.files())["planner.md"]
    assert (file["outcome"], file["decision"]) == ("unchanged", "repaired")
    other = await again.decided("planner.md", decision="original")
    assert other["outcome"] == "needs_repair"
    assert (await again.apply()).json()["results"]["published"] == 1
    assert await importer.file("planner") == broken("planner")


async def test_renaming_a_broken_file_repaired(importer: Importer) -> None:
    preview = await importer.upload({"planner.md": broken("planner")})
    await preview.decided("planner.md", target_name="scheduler")
    await preview.apply()
    stored = await importer.file("scheduler")
    assert front_matter(stored) == {
        "name": "scheduler",
        "description": "Plans work: first this, then that.",
    }


async def test_accepted_fixes_are_taken_on_top(importer: Importer) -> None:
    preview = await importer.upload({"greeter.md": garbled()})
    findings = (await preview.detail("greeter.md"))["findings"]
    index = [finding["rule"] for finding in findings].index("file.mojibake")
    taken = await preview.decided("greeter.md", accept_fixes=[index])
    assert taken["decision"] == "repaired"
    detail = await preview.detail("greeter.md")
    assert detail["accepted_fixes"] == [index]
    assert "\N{WHITE HEAVY CHECK MARK} Always" in detail["repaired"]
    await preview.apply()
    stored = (await importer.file("greeter")).decode()
    assert stored == detail["repaired"]


async def test_accepted_fixes_can_be_given_back(importer: Importer) -> None:
    preview = await importer.upload({"greeter.md": garbled()})
    await preview.decided("greeter.md", accept_fixes=[0])
    back = await preview.decided("greeter.md", accept_fixes=[])
    assert back["decision"] == "original"
    await preview.apply()
    assert await importer.file("greeter") == garbled()


async def test_many_files_at_once(importer: Importer) -> None:
    preview = await importer.upload(
        {
            "a.md": agent("a"),
            "b.md": broken("b"),
            "c.md": broken("c"),
            "x/twin.md": agent("twin", "One."),
            "y/twin.md": agent("twin", "Another."),
            "README.md": b"# Hi\n",
        }
    )

    async def decisions() -> dict[str, str | None]:
        files = await preview.files()
        return {path: one["decision"] for path, one in files.items()}

    answer = await preview.decide_many(outcome=["needs_repair"], decision="original")
    assert answer.json() == {"updated": 2}
    answer = await preview.decide_many(decision="repaired")
    assert answer.json() == {"updated": 2}
    assert await decisions() == {
        "README.md": None,
        "a.md": "original",
        "b.md": "repaired",
        "c.md": "repaired",
        "x/twin.md": None,
        "y/twin.md": None,
    }
    ids = [(await preview.files())[path]["id"] for path in ("a.md", "README.md")]
    answer = await preview.decide_many(ids=ids, decision="skip")
    assert answer.json() == {"updated": 1}
    answer = await preview.decide_many(outcome=["clash"], decision="skip")
    assert answer.json() == {"updated": 2}
    answer = await preview.decide_many(decision="original")
    assert answer.json() == {"updated": 3}
    assert (await decisions())["x/twin.md"] == "skip"
    results = (await preview.apply()).json()["results"]
    assert (results["created"], results["skipped"]) == (3, 2)
    assert sum(results.values()) == 5


async def test_two_tabs(importer: Importer) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    url = await preview.file_url("a.md")
    seen = (await importer.client.get(preview.url)).headers["etag"]
    first = await importer.client.patch(
        url, json={"decision": "skip"}, headers={"If-Match": seen}
    )
    assert first.status_code == 200
    second = await importer.client.patch(
        url, json={"decision": "original"}, headers={"If-Match": seen}
    )
    assert second.status_code == 412
    for method, path in (("POST", "/apply"), ("DELETE", "")):
        answer = await importer.client.request(
            method, f"{preview.url}{path}", headers={"If-Match": seen}
        )
        assert answer.status_code == 412
    newest = first.headers["etag"]
    answer = await importer.client.post(
        f"{preview.url}/apply", headers={"If-Match": newest}
    )
    assert answer.status_code == 202


async def test_discarding(importer: Importer) -> None:
    preview = await importer.upload({"a.md": agent("a"), "b.md": broken("b")})
    for _ in range(2):
        answer = await importer.client.delete(preview.url)
        assert answer.status_code == 204
    assert (await preview.read())["state"] == "discarded"
    detail = await preview.detail("a.md")
    assert (detail["original"], detail["repaired"]) == ("", None)
    refusals: list[httpx.Response] = [
        await preview.apply(),
        await preview.decide("a.md", decision="skip"),
        await preview.decide_many(decision="skip"),
    ]
    assert [answer.status_code for answer in refusals] == [409, 409, 409]


async def test_what_was_applied_cannot_be_discarded(importer: Importer) -> None:
    preview = await importer.take({"a.md": agent("a")})
    answer = await importer.client.delete(preview.url)
    assert answer.status_code == 409


async def test_my_imports_the_newest_first(importer: Importer) -> None:
    made = [await importer.upload({"a.md": agent("a", str(n))}) for n in range(3)]
    ids = [preview.made["id"] for preview in reversed(made)]
    first = (await importer.client.get("/imports", params={"limit": 2})).json()
    assert [one["id"] for one in first["items"]] == ids[:2]
    cursor = first["next_cursor"]
    rest = await importer.client.get("/imports", params={"cursor": cursor})
    assert [one["id"] for one in rest.json()["items"]] == ids[2:]


async def test_files_page_by_page(importer: Importer) -> None:
    paths = [f"agents/é{n:02}.md" for n in range(7)]
    preview = await importer.upload(
        {path: agent(f"a{n}") for n, path in enumerate(paths)}
    )
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 3, "count": True}
    while True:
        answer = await importer.client.get(f"{preview.url}/files", params=query)
        page = answer.json()
        assert page["total"] == 7
        seen += [one["path"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == paths


async def test_reading_again_costs_nothing(importer: Importer) -> None:
    preview: Preview = await importer.upload({"a.md": agent("a")})
    for url in (preview.url, f"{preview.url}/files", await preview.file_url("a.md")):
        etag = (await importer.client.get(url)).headers["etag"]
        again = await importer.client.get(url, headers={"If-None-Match": etag})
        assert again.status_code == 304
    answer = await importer.client.get(f"{preview.url}/files?surprise=1")
    assert answer.status_code == 422
