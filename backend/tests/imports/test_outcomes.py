from tests.imports.conftest import Importer, agent, broken, garbled


async def test_a_file_of_each_outcome(importer: Importer) -> None:
    await importer.take({"same.md": agent("same"), "other.md": agent("other")})
    preview = await importer.upload(
        {
            "agents/new.md": agent("new"),
            "agents/other.md": agent("other", "Does something else now."),
            "agents/same.md": agent("same"),
            "agents/planner.md": broken("planner"),
            "agents/twin-a.md": agent("twin", "One."),
            "agents/twin-b.md": agent("twin", "Another."),
            "agents/empty.md": b"",
            ".cursor/rules/cooking.mdc": agent("cooking"),
            "README.md": b"# Read me\n",
        }
    )
    files = await preview.files()
    seen = {path: (one["outcome"], one["decision"]) for path, one in files.items()}
    assert seen == {
        ".cursor/rules/cooking.mdc": ("left_aside", None),
        "README.md": ("left_aside", None),
        "agents/empty.md": ("refused", None),
        "agents/new.md": ("new", "original"),
        "agents/other.md": ("changed", "original"),
        "agents/planner.md": ("needs_repair", "repaired"),
        "agents/same.md": ("unchanged", "original"),
        "agents/twin-a.md": ("clash", None),
        "agents/twin-b.md": ("clash", None),
    }
    assert list(files) == sorted(files)
    assert all(one["reason"] for one in files.values())
    made = await preview.read()
    assert made["counts"] == {
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "clash": 2,
        "needs_repair": 1,
        "left_aside": 2,
        "refused": 1,
    }
    headline = made["headline"]
    assert headline["left_aside"] == {"cursor-rule": 1, "readme": 1}
    assert (headline["agents"], headline["dropped_by_strict"]) == (6, 1)
    agents = [one for one in files.values() if one["kind"] == "agent" and one["name"]]
    assert headline["description_tokens"] == sum(
        one["description_tokens"] for one in agents
    )
    only = await preview.files(outcome=["clash", "refused"])
    assert sorted(only) == ["agents/empty.md", "agents/twin-a.md", "agents/twin-b.md"]


async def test_a_file_in_full(importer: Importer) -> None:
    await importer.take({"greeter.md": agent("greeter", "Says hello.")})
    preview = await importer.upload({"greeter.md": garbled("greeter")})
    detail = await preview.detail("greeter.md")
    assert detail["outcome"] == "changed"
    assert detail["original"] == garbled("greeter").decode()
    assert detail["current"] == agent("greeter", "Says hello.").decode()
    assert detail["repaired"] is None
    assert [finding["rule"] for finding in detail["findings"]] == ["file.mojibake"]


async def test_the_same_again_changes_nothing(importer: Importer) -> None:
    files = {"a.md": agent("a"), "b.md": broken("b"), "c.md": garbled("c")}
    first = await importer.take(files)
    results = (await first.read())["results"]
    assert results["created"] == sum(results.values()) == 3
    second = await importer.take(files)
    made = await second.read()
    assert made["counts"]["unchanged"] == 3
    assert made["results"]["unchanged"] == 3
    assert {len(await importer.revisions(name)) for name in "abc"} == {1}


async def test_results_of_applying(importer: Importer) -> None:
    await importer.take({"old.md": agent("old")})
    preview = await importer.upload(
        {
            "in/old.md": agent("old", "Changed."),
            "in/new.md": agent("new"),
            "in/no.md": agent("no"),
            "notes.md": b"# Notes\n\nSome.\n",
        }
    )
    await preview.decided("in/no.md", decision="skip")
    answer = await preview.apply()
    made = answer.json()
    assert made["state"] == "applied"
    assert made["applied_at"] is not None
    assert made["results"] == {
        "created": 1,
        "published": 1,
        "unchanged": 0,
        "skipped": 1,
        "reused": 0,
    }
    files = await preview.files()
    agents = await importer.agents()
    assert sorted(agents) == ["new", "old"]
    assert files["in/old.md"]["result"] == {
        "outcome": "published",
        "component_id": agents["old"]["id"],
        "number": 2,
    }
    assert files["in/new.md"]["result"]["outcome"] == "created"
    assert files["in/no.md"]["result"]["outcome"] == "skipped"
    assert files["notes.md"]["result"] is None
    newest = (await importer.revisions("old"))[0]
    assert newest["source"] == "import"
    assert newest["message"] == "Imported from in/old.md"
    assert agents["new"]["visibility"] == "private"
    again = await preview.apply()
    assert again.status_code == 409
    assert "applied" in again.json()["detail"]
