"""What is answered when a component is made is what is read of it afterwards."""

import httpx
import pytest

from roster.components.kinds import KINDS
from tests.components.conftest import agent_file


@pytest.mark.parametrize("kind", KINDS)
async def test_the_answer_is_what_is_read_then(
    ada: httpx.AsyncClient, kind: str
) -> None:
    example = KINDS[kind].example
    body = {"team": "ada", "content": example, "message": "First"}
    if KINDS[kind].parse(example.encode()).name is None:
        body["name"] = "example"

    made = await ada.post(f"/{KINDS[kind].plural}", json=body)

    assert made.status_code == 201, made.text
    address = made.headers["location"].removeprefix("/api/v1")
    read = await ada.get(address)
    assert read.json() == made.json()
    # Which says a little more, for who shows it.
    assert read.headers["etag"].startswith(made.headers["etag"][:-1])
    # And it can be found at once.
    found = await ada.get(f"/{KINDS[kind].plural}", params={"q": made.json()["name"]})
    assert [item["id"] for item in found.json()["items"]] == [made.json()["id"]]


async def test_a_file_with_slips_is_answered_as_it_is_read(
    ada: httpx.AsyncClient,
) -> None:
    content = agent_file(
        "odd-one",
        "Uses: colons: and `code` of any sort",
        model="[1, 2]\ncolour: red",
        body="Do it.\n",
    )

    made = await ada.post("/agents", json={"team": "ada", "content": content})

    assert made.status_code == 201, made.text
    read = await ada.get(f"/agents/{made.json()['id']}")
    assert made.json()["findings"]
    assert read.json() == made.json()
