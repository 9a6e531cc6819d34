"""What is asked of Roster under load: each kind of request, and mixes of them."""

import json
from random import Random

from bench import imports
from bench.client import Connection
from bench.load import Load
from bench.server import API, USERNAME

RECORDS = 10_000
HOT = 100
"""So many components are read again and again where answers are kept."""
PAGE = 100
LIST = f"GET {API}/agents?limit=50&model=sonnet&sort=-created_at"
BROWSED = 4_000
Headers = dict[str, str]


async def fill(port: int, headers: Headers, count: int) -> list[str]:
    """Import so many agents; give their ids."""
    await imports.take(port, headers, imports.form("bench", count))
    connection = await Connection.open(port)
    ids: list[str] = []
    cursor = ""
    while True:
        place = f"{API}/agents?limit=200{cursor}"
        _, _, content = await connection.request("GET", place, headers)
        page = json.loads(content)
        ids += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    await connection.close()
    return ids


def reads(headers: Headers, ids: list[str]) -> Load:
    return Load([f"GET {API}/agents/{id_}" for id_ in ids], headers)


def made(headers: Headers) -> Load:
    """Each one another agent of about 3 KiB."""
    content = imports.agent("bench-new").replace("bench-new", "bench-new-{n}")
    body = json.dumps({"team": USERNAME, "content": content})
    typed = {**headers, "content-type": "application/json"}
    return Load([f"POST {API}/agents"], typed, body)


def published(headers: Headers, ids: list[str]) -> Load:
    """A revision with other text, of one component after the other."""
    content = imports.agent("bench-new") + "\n{n}\n"
    content = content.replace("name: bench-new\n", "")
    body = json.dumps({"content": content})
    typed = {**headers, "content-type": "application/json", "if-match": "*"}
    return Load([f"POST {API}/components/{id_}/revisions" for id_ in ids], typed, body)


def exported(headers: Headers, ids: list[str]) -> Load:
    typed = {**headers, "content-type": "application/json"}
    return Load([f"POST {API}/exports"], typed, json.dumps({"components": ids}))


def mixed(headers: Headers, ids: list[str]) -> Load:
    """Of a hundred requests 85 read one, 10 list, 5 make one."""
    chance = Random(85)  # noqa: S311 - the same mix each time
    making = made(headers)
    asked = [f"GET {API}/agents/{id_}" for id_ in chance.sample(ids, PAGE - 15)]
    asked += [LIST] * 10 + list(making.requests) * 5
    chance.shuffle(asked)
    return Load(asked, making.headers, making.body)


def browsed(headers: Headers, ids: list[str]) -> Load:
    """What people do who look around: few things often, most things seldom."""
    chance = Random(90)  # noqa: S311 - the same mix each time
    weights = [1 / rank for rank in range(1, len(ids) + 1)]
    asked = [
        f"GET {API}/agents/{id_}"
        for id_ in chance.choices(ids, weights, k=BROWSED * 3 // 4)
    ]
    others = [
        LIST,
        f"GET {API}/components?limit=50",
        f"GET {API}/agents/facets",
        *(f"GET {API}/agents?limit=50&q={word}" for word in imports.WORDS[:20]),
        f"GET {API}/instance",
    ]
    asked += chance.choices(others, k=BROWSED // 4)
    chance.shuffle(asked)
    return Load(asked, headers)


def searched(headers: Headers) -> Load:
    chance = Random(20)  # noqa: S311 - the same words each time
    pairs = [chance.sample(imports.WORDS, 2) for _ in range(PAGE)]
    asked = [f"GET {API}/agents?limit=20&q={one}+{two}" for one, two in pairs]
    return Load(asked, headers)


def of_one_instance(headers: Headers, ids: list[str]) -> dict[str, Load]:
    """All that is measured, in the order in which it is asked."""
    return {
        "hot read": reads(headers, ids[:HOT]),
        "list": Load([LIST], headers),
        "facets": Load([f"GET {API}/agents/facets"], headers),
        "search": searched(headers),
        "mixed 85/10/5": mixed(headers, ids),
        "create": made(headers),
        "publish": published(headers, ids[:1000]),
        "export of 20": exported(headers, ids[:20]),
    }
