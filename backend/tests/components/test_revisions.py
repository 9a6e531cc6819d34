"""Read revisions, their files, and what differs between two."""

from typing import Any

import httpx
import pytest

from roster.components import diff
from tests.components.conftest import agent_file, create, publish

FIRST = agent_file(body="One.\nTwo.\nThree.\n")
SECOND = agent_file(description="Reads.", model=None, body="One.\nThree.\nFour.")


@pytest.fixture
async def agent(ada: httpx.AsyncClient) -> dict[str, Any]:
    agent = await create(ada, "ada", body="One.\nTwo.\nThree.\n")
    answer = await publish(ada, agent, SECOND)
    assert answer.status_code == 201, answer.text
    return agent


async def test_pages_of_revisions(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    address = f"/components/{agent['id']}/revisions"
    for number in range(3, 6):
        await publish(ada, agent, agent_file(body=f"{number}\n"))
    found: list[int] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = (await ada.get(address, params=query)).json()
        found += [item["number"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert found == [5, 4, 3, 2, 1]
    page = (await ada.get(address, params={"count": "true"})).json()
    assert page["total"] == 5
    assert [item["labels"] for item in page["items"]] == [["latest"], [], [], [], []]
    assert page["items"][0]["author"]["username"] == "ada"
    assert (await ada.get(address, params={"sort": "x"})).status_code == 422


async def test_any_revision_can_be_read(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    address = f"/components/{agent['id']}/revisions/1"
    revision = (await ada.get(address)).json()
    assert revision["content"] == FIRST
    assert revision["encoding"] == "utf-8"
    assert revision["manifest"]["model"] == "sonnet"
    assert revision["labels"] == []
    [file] = revision["files"]
    assert (file["path"], file["size"]) == ("AGENT.md", len(FIRST))
    markdown = await ada.get(address, headers={"Accept": "text/markdown"})
    raw = await ada.get(f"{address}/files/AGENT.md")
    for answer in (markdown, raw):
        assert answer.content == FIRST.encode()
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
        assert answer.headers["etag"]
    for missing in ("3", "3/files/AGENT.md", "1/files/other.md", "1/files/../x"):
        answer = await ada.get(f"/components/{agent['id']}/revisions/{missing}")
        assert answer.status_code == 404, missing
    for wrong in ("0", "-1", str(2**40), "latest"):
        answer = await ada.get(f"/components/{agent['id']}/revisions/{wrong}")
        assert answer.status_code == 422, wrong


async def test_a_diff(ada: httpx.AsyncClient, agent: dict[str, Any]) -> None:
    address = f"/components/{agent['id']}/revisions/2/diff"
    answer = (await ada.get(address, params={"against": 1})).json()
    assert answer["from"]["number"] == 1
    assert answer["from"]["digest"] == agent["latest"]["digest"]
    assert answer["to"]["number"] == 2
    assert answer["identical"] is False
    [file] = answer["files"]
    assert (file["path"], file["status"]) == ("AGENT.md", "changed")
    assert (file["additions"], file["deletions"]) == (2, 3)
    assert file["unified"] == (
        "@@ -1,9 +1,8 @@\n"
        " ---\n name: reviewer\n"
        "-description: Reviews a change before it is merged.\n"
        "+description: Reads.\n"
        " tools: Read, Grep\n"
        "-model: sonnet\n"
        " ---\n One.\n"
        "-Two.\n"
        " Three.\n"
        "+Four.\n\\ No newline at end of file\n"
    )
    assert answer["manifest"] == [
        {
            "key": "description",
            "old": "Reviews a change before it is merged.",
            "new": "Reads.",
        },
        {"key": "model", "old": "sonnet", "new": None},
    ]


async def test_a_diff_with_itself_and_with_nothing(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    address = f"/components/{agent['id']}/revisions/2/diff"
    answer = (await ada.get(address, params={"against": 2})).json()
    assert answer["identical"] is True
    assert answer["manifest"] == []
    assert [file["status"] for file in answer["files"]] == ["same"]
    assert (await ada.get(address, params={"against": 9})).status_code == 404
    assert (await ada.get(address)).status_code == 422


def apply(old: str, unified: str) -> str:
    """Apply hunks as `patch` would, to prove that they say what changed."""
    source, target, at = old.split("\n"), [], 0
    lines = unified.split("\n")[:-1]
    ends_bare = False
    for index, line in enumerate(lines):
        if line.startswith("@@"):
            span = line.split()[1][1:].split(",")
            start = int(span[0]) - (0 if span[1:] == ["0"] else 1)
            target += source[at:start]
            at = start
        elif line.startswith("\\"):
            ends_bare = ends_bare or not lines[index - 1].startswith("-")
        else:
            if line[0] in " -":
                assert source[at] == line[1:]
                at += 1
            if line[0] in " +":
                target.append(line[1:])
    target += source[at:]
    text = "\n".join(target)
    if ends_bare:
        return text.removesuffix("\n")
    return text if text.endswith("\n") or not text else f"{text}\n"


PAIRS = [
    ("", ""),
    ("", "a\n"),
    ("a\n", ""),
    ("a\nb\nc\n", "a\nx\nc\n"),
    ("a\n" * 9, "a\n" * 5),
    ("a\nb\n" * 50, "b\na\n" * 50),
    ("same\n" * 20 + "old\n" + "same\n" * 20, "same\n" * 20 + "new\n" + "same\n" * 20),
    ("".join(f"{n}\n" for n in range(99)), "".join(f"{n}\n" for n in range(0, 99, 3))),
    (
        "".join(f"{n}\n" for n in range(50)),
        "".join(f"{n}\n" for n in range(49, -1, -1)),
    ),
    ("a\r\nb\u2028c\n", "a\nb\u2028d\n"),
    ("a\nb", "a\nb\n"),
    ("a\nb\n", "a\nb"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_hunks_lead_from_old_to_new(old: str, new: str) -> None:
    text, additions, deletions = diff.unified(old, new)
    assert apply(old, text) == new
    assert (text == "") is (old == new)
    assert new.count("\n") - old.count("\n") == additions - deletions or "\\" in text


SIZE = 100_000
HOSTILE = [
    # Nothing in common, and too much of it to compare: replaced as a whole.
    ("a\n" * SIZE, "b\n" * SIZE, SIZE, SIZE),
    ("a\nb\n" * (SIZE // 2), "b\nc\n" * (SIZE // 2), SIZE, SIZE),
    # Every second line is common and stands nowhere only once.
    (
        "".join(f"x\n{number}\n" for number in range(1, SIZE)),
        "".join(f"x\n{-number}\n" for number in range(1, SIZE)),
        2 * SIZE - 3,
        2 * SIZE - 3,
    ),
    # One line can stay where it is.
    (
        "".join(f"{number}\n" for number in range(SIZE)),
        "".join(f"{number}\n" for number in reversed(range(SIZE))),
        SIZE - 1,
        SIZE - 1,
    ),
    # One line differs, at the end, in the middle, and between lines that stand once.
    ("a\n" * SIZE + "x\n", "a\n" * SIZE + "y\n", 1, 1),
    ("a\n" * SIZE + "x\n" + "a\n" * SIZE, "a\n" * SIZE + "a\n" * SIZE, 0, 1),
    (
        "".join(f"{number}\n" for number in range(SIZE)),
        "".join(f"{number if number % 100 else 'x'}\n" for number in range(SIZE)),
        SIZE // 100,
        SIZE // 100,
    ),
]


@pytest.mark.parametrize(("old", "new", "additions", "deletions"), HOSTILE)
def test_hostile_texts_cost_no_more_than_the_budget(
    old: str, new: str, additions: int, deletions: int
) -> None:
    """Without it, each of these would not end within an hour."""
    text, added, deleted = diff.unified(old, new)
    assert (added, deleted) == (additions, deletions)
    assert text.count("\n+") == additions
    assert text.count("\n-") == deletions


async def test_only_the_encoding_differs(
    ada: httpx.AsyncClient, agent: dict[str, Any]
) -> None:
    await publish(ada, agent, f"\ufeff{FIRST}")
    address = f"/components/{agent['id']}/revisions/3/diff"
    [file] = (await ada.get(address, params={"against": 1})).json()["files"]
    assert file["status"] == "changed"
    assert file["unified"] == "Only the encoding differs: utf-8, utf-8-sig\n"
