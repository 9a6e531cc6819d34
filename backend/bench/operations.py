"""What is asked of Roster under load: each kind of request, and mixes of them."""

import json
from collections import defaultdict
from random import Random
from urllib.parse import urlencode

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
LONG = 6
"""Letters of a word that people type the beginning of, or mistype."""
SEARCH, COMMON_WORDS = "search", "search, common words"
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


def questions(kind: str | None = None) -> list[str]:
    """What people ask, in the words of the records: a fifth of each sort.

    Args:
        kind: Only of this sort; of all in turn without.
    """
    chance = Random(20)  # noqa: S311 - the same questions each time
    found: dict[str, list[str]] = defaultdict(list)
    while len(found["slip"]) < PAGE // 5:
        name = f"bench-{chance.randrange(RECORDS):05}"
        said = imports.agent(name).partition("description: Use it to ")[2]
        words = said.partition(".")[0].split()
        place = chance.randrange(len(words) - 1)
        longer = [word for word in words if len(word) >= LONG]
        if not longer:
            continue
        word = chance.choice(longer)
        found["rare word"].append(name.removeprefix("bench-"))
        found["common word"].append(words[place])
        found["two words"].append(f"{words[place]} {words[place + 1]}")
        found["beginning"].append(word[: LONG - 2])
        found["slip"].append(word[:2] + word[3] + word[2] + word[4:])
    if kind is not None:
        return found[kind]
    return [one for several in zip(*found.values(), strict=True) for one in several]


def common_words() -> list[str]:
    """Two words at a time that stand in nearly every record."""
    chance = Random(20)  # noqa: S311 - the same words each time
    return [" ".join(chance.sample(imports.WORDS, 2)) for _ in range(PAGE)]


def searched(headers: Headers) -> dict[str, Load]:
    """Questions as people ask them; and of common words only."""

    def load(asked: list[str]) -> Load:
        paths = (urlencode({"limit": 20, "q": one}) for one in asked)
        return Load([f"GET {API}/agents?{path}" for path in paths], headers)

    return {SEARCH: load(questions()), COMMON_WORDS: load(common_words())}


def of_one_instance(headers: Headers, ids: list[str]) -> dict[str, Load]:
    """All that is measured, in the order in which it is asked."""
    return {
        "hot read": reads(headers, ids[:HOT]),
        "list": Load([LIST], headers),
        "facets": Load([f"GET {API}/agents/facets"], headers),
        **searched(headers),
        "mixed 85/10/5": mixed(headers, ids),
        "create": made(headers),
        "publish": published(headers, ids[:1000]),
        "export of 20": exported(headers, ids[:20]),
    }
