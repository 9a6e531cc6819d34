"""What lists answer to words: ranked, marked, corrected, and what one may see."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from roster.core.db import Database
from tests.components.conftest import agent_file, counted, create, publish

HOSTILE = [
    '"', "'; DROP TABLE components; --", "NEAR(a b)", "a AND OR NOT", "name:x",
    "{name} : x", "a:* & !b | (c <-> d)", "\\", "%_", "x" * 500, "🙂 🚀",
    "ISTANBUL \u0131 \u0130", "日本語 の 説明", "½ ² ①", "\ue000vprivate", "\u202eabc",
    "a " * 250, "e\u0301" * 100,
]  # fmt: skip


async def ask(
    client: httpx.AsyncClient, q: str, **query: Any
) -> tuple[list[str], dict[str, Any]]:
    answer = await client.get("/components", params={"q": q, "count": True, **query})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["items"])
    return [item["name"] for item in page["items"]], page["search"]


def marked(search: dict[str, Any], id_: str) -> dict[str, list[str]]:
    return {
        one["field"]: [part["text"] for part in one["segments"] if part["match"]]
        for one in search["highlights"][id_]
    }


async def test_names_over_descriptions_over_bodies(ada: httpx.AsyncClient) -> None:
    await create(ada, "ada", "one", description="Nothing.", body="Deploys. " * 30)
    await create(ada, "ada", "two", description="Deploys services for teams.")
    await create(ada, "ada", "deploy-bot", description="Nothing.", body="None.\n")
    names, search = await ask(ada, "deploy")
    assert names == ["deploy-bot", "two", "one"]
    assert search == {"corrected": None, "complete": True, "highlights": None}


async def test_a_list_without_words_says_nothing_of_search(
    ada: httpx.AsyncClient,
) -> None:
    await create(ada, "ada")
    page = (await ada.get("/components", params={"highlights": True})).json()
    assert page["search"] is None


async def test_fields_are_marked_as_text(ada: httpx.AsyncClient) -> None:
    body = "First.\n\nLook for the <b>Needle</b> & thread in it.\n"
    made = await create(
        ada, "ada", "sewing-kit", description="Needles <i>of</i> all kinds.", body=body
    )
    _, search = await ask(ada, "needle", highlights=True)
    assert marked(search, made["id"]) == {"description": ["Needles"]}
    _, search = await ask(ada, "sewing thread", highlights=True)
    assert marked(search, made["id"]) == {"name": ["sewing"], "body": ["thread"]}
    [_, in_body] = search["highlights"][made["id"]]
    shown = "".join(part["text"] for part in in_body["segments"])
    assert "Look for the <b>Needle</b> & thread in it." in shown


async def test_a_slip_is_corrected_and_said(ada: httpx.AsyncClient) -> None:
    made = await create(
        ada, "ada", "invoice-reader", description="Reads invoices of suppliers."
    )
    for slip in ("invocies", "invoces", "inovices", "INVOIZES"):
        names, search = await ask(ada, slip, highlights=True)
        assert names == ["invoice-reader"], slip
        assert search["corrected"] in {"invoice", "invoices"}
        assert marked(search, made["id"])["description"] == ["invoices"]
    names, search = await ask(ada, "reads suppliesr")
    assert (names, search["corrected"]) == (["invoice-reader"], "reads suppliers")
    for q in ("invoices", "xylophone", "inv", "ivn"):
        assert (await ask(ada, q))[1]["corrected"] is None, q


async def test_words_that_are_there_are_not_corrected(ada: httpx.AsyncClient) -> None:
    await create(ada, "ada", "one", description="About invoices.")
    await create(ada, "ada", "two", description="About something.", body="Invoicez.\n")
    assert (await ask(ada, "invoicez"))[0] == ["two"]
    names, search = await ask(ada, "invoicez", model="opus")
    assert (names, search["corrected"]) == ([], None)


async def test_a_correction_holds_for_pages_and_facets(ada: httpx.AsyncClient) -> None:
    for number in range(5):
        await create(ada, "ada", f"reader-{number}", description="Reads invoices.")
    found: list[str] = []
    query: dict[str, Any] = {"q": "invocies", "limit": 2}
    while True:
        page = (await ada.get("/agents", params=query)).json()
        assert page["search"]["corrected"] == "invoices"
        found += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert sorted(found) == [f"reader-{number}" for number in range(5)]
    facets = (await ada.get("/agents/facets", params={"q": "invocies"})).json()
    assert facets["counted"] == 5
    assert facets["team"] == [{"value": "ada", "count": 5}]


async def test_facets_count_what_each_choice_would_find(
    ada: httpx.AsyncClient,
) -> None:
    for number, model in enumerate(["opus", "opus", "haiku"]):
        await create(ada, "ada", f"needle-{number}", model=model)
    await create(ada, "ada", "other", model="opus")
    query = {"q": "needle", "model": "haiku"}
    facets = (await ada.get("/agents/facets", params=query)).json()
    assert facets["counted"] == 1
    assert facets["complete"] is True
    counts = {one["value"]: one["count"] for one in facets["model"]}
    assert counts == {"opus": 2, "haiku": 1}


async def test_what_is_hidden_has_no_part_in_it(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database
) -> None:
    await create(bob, "bob", "seen", description="Reads invoices of suppliers.")
    alone = {q: await ask(bob, q, highlights=True) for q in ("invoices", "sup", "zebr")}
    for number in range(30):
        await create(
            ada,
            "ada",
            f"invoices-{number}",
            description="Invoices, invocies and zebras. " * (number % 3 + 1),
            body="Invoices, suppliers and needles.\n",
        )
    for q, before in alone.items():
        assert await ask(bob, q, highlights=True) == before, q
    # To Ada it is a word; to Bob it is a slip, and no zebra is proposed to him.
    assert (await ask(ada, "invocies"))[1]["corrected"] is None
    assert (await ask(bob, "invocies"))[1]["corrected"] == "invoices"
    for q in ("zebrsa", "needels", "zebras"):
        assert await ask(bob, q) == (
            [],
            {"corrected": None, "complete": True, "highlights": None},
        )
    facets = (await bob.get("/components/facets", params={"q": "invocies"})).json()
    assert facets["counted"] == 1


@pytest.mark.parametrize("q", ["invocies", "invocies zebrsa", "invocies&kind=agent"])
async def test_what_is_hidden_takes_no_statement_more(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, database: Database, q: str
) -> None:
    await create(bob, "bob", "seen", description="Reads letters of suppliers.")
    address = f"/components?q={q}&team=bob" if "&" not in q else f"/components?q={q}"
    await bob.get(address)

    async def statements() -> list[str]:
        await create(bob, "bob", f"more-{len(counts)}")  # so that it is asked anew
        with counted(database) as found:
            answer = await bob.get(address)
        assert answer.json()["items"] == []
        return found

    counts: list[list[str]] = []
    counts.append(await statements())
    assert any("search_trigrams" in one for one in counts[0])
    for number, words in enumerate(["invoices", "invoice invocied zebra", "invokies"]):
        await create(ada, "ada", f"{words.split()[0]}-{number}", description=words)
        counts.append(await statements())
    assert {len(one) for one in counts} == {len(counts[0])}, counts


async def test_a_word_that_only_others_write_is_not_proposed(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    """Not even where something longer is seen that begins like it."""
    await create(ada, "ada", "one", description="About a planet.")
    await create(bob, "bob", "two", description="A planetarium.")
    assert (await ask(bob, "plnaet"))[1]["corrected"] is None
    assert (await ask(ada, "plnaet"))[1]["corrected"] == "planet"


@pytest.mark.parametrize("q", HOSTILE)
async def test_anything_may_be_asked(ada: httpx.AsyncClient, q: str) -> None:
    await create(ada, "ada", "python-expert", description="日本語 の 説明 İstanbul")
    for address in ("/agents", "/components/facets"):
        query: dict[str, Any] = {"q": q}
        if address == "/agents":
            query |= {"highlights": True, "count": True}
        answer = await ada.get(address, params=query)
        assert answer.status_code == 200, answer.text


async def test_the_words_of_a_scope_follow_the_component(
    ada: httpx.AsyncClient, database: Database
) -> None:
    made = await create(ada, "ada", "needle")

    async def scope() -> str:
        async with database.read() as session:
            connection = await session.connection()
            rows = await connection.execute(text("SELECT scope FROM search_documents"))
            return str(rows.scalar_one())

    team = made["team"]["id"].replace("-", "")
    assert (await scope()).replace("\ue000", "") == f"vprivate kagent t{team}z"
    address = f"/components/{made['id']}"
    anything = {"If-Match": "*"}
    change = {"visibility": "internal"}
    assert (await ada.patch(address, json=change, headers=anything)).is_success
    assert (await scope()).replace("\ue000", "") == f"vinternal kagent t{team}z"
    other = {"slug": "sewing", "name": "Sewing"}
    other = (await ada.post("/teams", json=other)).json()
    moved = await ada.post(
        f"{address}/transfer", json={"team": "sewing"}, headers=anything
    )
    assert moved.is_success, moved.text
    team = other["id"].replace("-", "")
    assert (await scope()).replace("\ue000", "") == f"vinternal kagent t{team}z"
    await publish(ada, made, agent_file("needle", body="Another one.\n"))
    assert (await scope()).replace("\ue000", "") == f"vinternal kagent t{team}z"
