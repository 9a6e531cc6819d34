from typing import Any

import pytest

from tests.imports.conftest import Importer, Preview, agent, broken

TWO = {"a/twin.md": agent("twin", "One."), "b/twin.md": agent("twin", "Another.")}


async def states(preview: Preview) -> dict[str, tuple[str, str | None]]:
    files = await preview.files()
    return {path: (one["outcome"], one["decision"]) for path, one in files.items()}


async def test_an_undecided_clash_cannot_be_applied(importer: Importer) -> None:
    preview = await importer.upload(TWO | {"fine.md": agent("fine")})
    files = await preview.files()
    assert files["a/twin.md"]["clash_with"] == [
        {"path": "b/twin.md", "reference": None}
    ]
    assert files["b/twin.md"]["clash_with"] == [
        {"path": "a/twin.md", "reference": None}
    ]
    answer = await preview.apply()
    assert answer.status_code == 409
    assert "a/twin.md, b/twin.md" in answer.json()["detail"]
    assert await importer.agents() == {}
    assert (await preview.read())["state"] == "preview"


async def test_renaming_one_resolves_both(importer: Importer) -> None:
    preview = await importer.upload(TWO)
    renamed = await preview.decided("b/twin.md", target_name="twin-two")
    assert (renamed["outcome"], renamed["decision"]) == ("new", "original")
    assert renamed["target_name"] == "twin-two"
    assert await states(preview) == {
        "a/twin.md": ("new", "original"),
        "b/twin.md": ("new", "original"),
    }
    assert (await preview.apply()).status_code == 200
    assert await importer.file("twin") == TWO["a/twin.md"]
    expected = TWO["b/twin.md"].replace(b"name: twin", b"name: twin-two")
    assert await importer.file("twin-two") == expected


async def test_skipping_one_resolves_both(importer: Importer) -> None:
    preview = await importer.upload(TWO)
    await preview.decided("a/twin.md", decision="skip")
    assert await states(preview) == {
        "a/twin.md": ("new", "skip"),
        "b/twin.md": ("new", "original"),
    }
    # The name is now the other one's: taking the skipped file after all needs another.
    answer = await preview.decide("a/twin.md", decision="original")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == "target_name"
    taken = await preview.decided(
        "a/twin.md", decision="original", target_name="twin-one"
    )
    assert taken["outcome"] == "new"
    assert (await preview.apply()).json()["results"]["created"] == 2
    assert sorted(await importer.agents()) == ["twin", "twin-one"]


async def test_taking_one_leaves_the_other_to_be_decided(importer: Importer) -> None:
    preview = await importer.upload(TWO)
    taken = await preview.decided("a/twin.md", decision="original")
    assert (taken["outcome"], taken["decision"]) == ("clash", "original")
    answer = await preview.decide("b/twin.md", decision="original")
    assert answer.status_code == 422
    assert "a/twin.md" in answer.json()["detail"]
    assert (await preview.apply()).status_code == 409
    await preview.decided("b/twin.md", decision="skip")
    assert (await states(preview))["a/twin.md"] == ("new", "original")
    assert (await preview.apply()).status_code == 200


async def test_taking_the_own_name_back_makes_the_clash_again(
    importer: Importer,
) -> None:
    preview = await importer.upload(TWO)
    await preview.decided("b/twin.md", target_name="twin-two")
    answer = await preview.decide("b/twin.md", target_name=None)
    assert answer.status_code == 422
    await preview.decided("a/twin.md", decision="skip")
    back = await preview.decided("b/twin.md", target_name=None)
    assert (back["target_name"], back["outcome"]) == (None, "new")


@pytest.mark.parametrize("name", ["twin", "fine"])
async def test_a_name_that_another_file_has_is_not_free(
    importer: Importer, name: str
) -> None:
    files = TWO | {"c.md": agent("third", "Third."), "fine.md": agent("fine")}
    preview = await importer.upload(files)
    answer = await preview.decide("c.md", target_name=name)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == "target_name"
    assert (await preview.files())["c.md"]["target_name"] is None


async def test_identical_files_are_no_clash(importer: Importer) -> None:
    files = {"a.md": agent("twin"), "b.md": agent("twin"), "c.md": agent("lone")}
    preview = await importer.upload(files)
    found = await preview.files()
    assert found["a.md"]["outcome"] == "new"
    assert found["b.md"]["outcome"] == "unchanged"
    assert "a.md" in found["b.md"]["reason"]
    results = (await preview.apply()).json()["results"]
    assert (results["created"], results["unchanged"]) == (2, 1)
    assert len(await importer.revisions("twin")) == 1


async def test_a_twin_whose_first_is_skipped_stands_for_itself(
    importer: Importer,
) -> None:
    files = {"a.md": agent("twin"), "b.md": agent("twin"), **TWO}
    preview = await importer.upload(files)
    before = await states(preview)
    assert before["b.md"] == ("unchanged", "original")
    await preview.decided("a.md", decision="skip")
    assert (await states(preview))["b.md"] == ("clash", None)


async def test_a_deleted_component_keeps_its_name(importer: Importer) -> None:
    await importer.take({"old.md": agent("old")})
    component = (await importer.agents())["old"]
    url = f"/components/{component['id']}"
    etag = (await importer.client.get(url)).headers["etag"]
    gone = await importer.client.delete(url, headers={"If-Match": etag})
    assert gone.status_code == 204
    preview = await importer.upload({"old.md": agent("old")})
    file = (await preview.files())["old.md"]
    assert (file["outcome"], file["decision"]) == ("clash", None)
    assert file["clash_with"] == [{"path": None, "reference": "agent:ada/old"}]
    assert "deleted" in file["reason"]
    assert (await preview.apply()).status_code == 409
    answer = await preview.decide("old.md", decision="original")
    assert answer.status_code == 422
    await preview.decided("old.md", decision="original", target_name="new")
    assert (await preview.apply()).json()["results"]["created"] == 1


async def test_a_clash_that_also_needs_repair_shows_both(importer: Importer) -> None:
    files = {"a.md": broken("planner"), "b.md": agent("planner")}
    preview = await importer.upload(files)
    found = (await preview.files())["a.md"]
    assert (found["outcome"], found["has_repair"]) == ("clash", True)
    await preview.decided("b.md", decision="skip")
    found = (await preview.files())["a.md"]
    assert (found["outcome"], found["decision"]) == ("needs_repair", "repaired")


@pytest.mark.parametrize(
    ("data", "loc"),
    [
        ({"decision": None}, "decision"),
        ({"decision": "maybe"}, "decision"),
        ({"decision": "repaired"}, "decision"),
        ({"target_name": "Not A Name"}, "target_name"),
        ({"target_name": "x" * 65}, "target_name"),
        ({"accept_fixes": [7]}, "accept_fixes"),
        ({"accept_fixes": [-1]}, "accept_fixes.0"),
        ({"accept_fixes": None}, "accept_fixes"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_decisions_that_do_not_fit(
    importer: Importer, data: dict[str, Any], loc: str
) -> None:
    preview = await importer.upload({"a.md": agent("a")})
    answer = await preview.decide("a.md", **data)
    assert answer.status_code == 422, answer.text
    assert [error["loc"] for error in answer.json()["errors"]] == [loc]
    assert await states(preview) == {"a.md": ("new", "original")}


async def test_what_is_not_taken_cannot_be_decided(importer: Importer) -> None:
    preview = await importer.upload({"README.md": b"# Hi\n", "a.md": agent("a")})
    answer = await preview.decide("README.md", decision="original")
    assert answer.status_code == 409


async def test_what_was_decided_once_is_not_asked_again(importer: Importer) -> None:
    first = await importer.upload(TWO)
    await first.decided("a/twin.md", decision="skip")
    assert (await first.apply()).status_code == 200

    again = await importer.upload(TWO)
    assert await states(again) == {
        "a/twin.md": ("clash", "skip"),
        "b/twin.md": ("unchanged", "original"),
    }
    other = await again.decide("a/twin.md", decision="original")
    assert other.status_code == 422
    assert (await again.apply()).status_code == 200
    assert await importer.file("twin") == TWO["b/twin.md"]
    assert len(await importer.revisions("twin")) == 1


async def test_a_clash_with_a_third_file_is_asked(importer: Importer) -> None:
    await importer.take({"twin.md": agent("twin", "Before.")})
    preview = await importer.upload(TWO)
    assert await states(preview) == {
        "a/twin.md": ("clash", None),
        "b/twin.md": ("clash", None),
    }
