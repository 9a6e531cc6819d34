"""Full text on both engines, with anything that a person may type."""

from collections.abc import AsyncGenerator
from uuid import UUID

import pytest
from sqlalchemy import true
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component
from roster.core.db import Database
from roster.core.model import utc_now
from roster.search import index
from roster.search.finding import Found, Within, find
from roster.search.questions import Question
from roster.search.scopes import Scope, words_of
from roster.search.words import fold, shortened
from roster.teams.models import Team
from roster.users.models import User


class Shelf:
    """Components that have nothing but what is searched of them."""

    def __init__(self, session: AsyncSession, dialect: str) -> None:
        self.session, self.dialect = session, dialect
        self.team = Team(slug="shelf", name="Shelf")
        self.user = User(username="ada", email="ada@example.org", password_hash="x")
        self.names: dict[UUID, str] = {}

    async def put(self, name: str, description: str = "", body: str = "") -> UUID:
        component = Component(
            kind="agent",
            team_id=self.team.id,
            name=name[:64],
            created_by=self.user.id,
            latest_number=1,
            latest_digest="0" * 64,
            latest_author_id=self.user.id,
            published_at=utc_now(),
        )
        self.session.add(component)
        await self.session.flush()
        await self.index(component.id, name, description, body)
        self.names[component.id] = name
        return component.id

    async def index(self, id_: UUID, name: str, description: str, body: str) -> None:
        await index.remove(self.session, id_)
        scope = words_of("private", "agent", self.team.id)
        documents = [index.Document(id_, name, description, body, scope)]
        await index.add_many(self.session, documents)

    async def ask(self, q: str) -> Found:
        within = Within(
            visible=lambda _: true(), wanted=None, scope=anything, seen=anything
        )
        return await find(self.session, Question.of(q), within)

    async def find(self, q: str) -> list[str]:
        """The names of what is found, as a list would order them."""
        found = (await self.ask(q)).matches(self.session)
        rows = await self.session.exec(
            select(found.c.component_id, found.c.rank).order_by(
                found.c.rank.desc(), found.c.component_id
            )
        )
        return [self.names[component_id] for component_id, _ in rows]


async def anything() -> Scope:
    return Scope()


@pytest.fixture
async def shelf(database: Database) -> AsyncGenerator[Shelf]:
    async with database.write() as session:
        shelf = Shelf(session, database.dialect)
        session.add_all([shelf.team, shelf.user])
        await session.flush()
        yield shelf


async def test_all_words_and_the_last_as_a_beginning(shelf: Shelf) -> None:
    await shelf.put("python-expert", "Writes Python services.", "Uses pytest.")
    await shelf.put("go-expert", "Writes Go services.", "Uses go test.")
    assert await shelf.find("python") == ["python-expert"]
    assert await shelf.find("PYTH") == ["python-expert"]
    assert sorted(await shelf.find("expert")) == ["go-expert", "python-expert"]
    assert await shelf.find("expert pytest") == ["python-expert"]
    assert await shelf.find("pyth services") == []
    assert await shelf.find("services pyth") == ["python-expert"]
    assert await shelf.find("service write") != []  # stems
    assert await shelf.find("rust") == []


async def test_name_over_description_over_body(shelf: Shelf) -> None:
    await shelf.put("one", "Nothing here.", "Deploys. " * 20)
    await shelf.put("two", "Deploys services.", "Nothing.")
    await shelf.put("deploy-bot", "Nothing here.", "Nothing.")
    await shelf.put("deploy", "Nothing here.", "Nothing.")
    assert await shelf.find("deploy") == ["deploy", "deploy-bot", "two", "one"]


async def test_a_word_of_the_name_over_its_stem_or_beginning(shelf: Shelf) -> None:
    await shelf.put("document-writer", "Writes documents.")
    await shelf.put("docs-editor", "Edits them.")
    await shelf.put("docs", "All of it.")
    assert await shelf.find("docs") == ["docs", "docs-editor", "document-writer"]


async def test_rank_does_not_depend_on_other_rows(shelf: Shelf) -> None:
    await shelf.put("one", "Deploys services.", "Carefully, with care.")
    before = (await shelf.ask("deploys care")).ranks
    assert len(before) == 1
    for number in range(20):
        await shelf.put(f"more-{number}", "Deploys.", "No such thing. " * number)
    assert (await shelf.ask("deploys care")).ranks == before


@pytest.mark.parametrize(
    "q",
    [
        "",
        " \t\n",
        "🙂 🚀",
        '"',
        '"unclosed',
        "'; DROP TABLE components; --",
        "NEAR(",
        "a AND",
        "OR OR OR",
        "NOT",
        "name:python",
        "body : x",
        "{name} : x",
        "^start",
        "py*thon*",
        "(((",
        "-minus",
        "a:* & !b | (c <-> d)",
        "\\",
        "%_",
        ":*",
        "½ ² ①",
        "\ufffd\u200b",
        "क्षि العربية 漢字",
        "x" * 500,
        "a b " * 120,
        "the and of",
        "1e400 0x1F 4.1.2 -5",
        "http://example.org/a?b=c#d user@example.org",
    ],
)
async def test_no_text_is_an_error(shelf: Shelf, q: str) -> None:
    await shelf.put("python-expert", "Writes Python.", "Body.")
    assert isinstance(await shelf.find(q), list)


@pytest.mark.parametrize("q", ["", "🙂", "'\"", "***", "- _ -"])
async def test_no_word_finds_nothing(shelf: Shelf, q: str) -> None:
    await shelf.put("python-expert", "Writes Python.", "Body.")
    assert await shelf.find(q) == []


@pytest.mark.parametrize(
    ("stored", "q"),
    [
        ("Uses src/app/main.py for it", "main"),
        ("Uses src/app/main.py for it", "src/app/main.py"),
        ("Calls mcp__github__create_issue", "github"),
        ("Model gpt-4.1-mini is fine", "gpt-4.1"),
        ("Mail to someone@example.org", "example"),
        ("Café Zürich", "cafe zurich"),
        ("cafe zurich", "Café Zürich"),
        ("Straße", "strasse"),
        ("日本語 の 説明", "日本"),
        ("snake_case_name", "case name"),
    ],
)
async def test_both_engines_cut_words_alike(shelf: Shelf, stored: str, q: str) -> None:
    await shelf.put("found", stored)
    assert await shelf.find(q) == ["found"]


def hostile_bodies() -> dict[str, str]:
    """Bodies that take the most room in an index."""
    return {
        "unique": " ".join(f"{number:x}" for number in range(400_000)),
        "wide": " ".join(chr(0x4E00 + number % 20000) * 3 for number in range(300_000)),
        "one-word": "x" * 2_000_000,
        "expands": "\ufdfa " * 400_000,
        "accents": "e\u0301\u0301\u0301" * 300_000,
        "no-words": "-" * 2_000_000,
        "nul-free-controls": "\x01\x02 a" * 100_000,
    }


@pytest.mark.parametrize("kind", list(hostile_bodies()))
async def test_a_huge_or_hostile_body_is_indexed(shelf: Shelf, kind: str) -> None:
    body = f"needle {hostile_bodies()[kind]}"
    await shelf.put(kind, hostile_bodies()[kind], body)
    assert await shelf.find("needle") == [kind]


async def test_index_anew_and_remove(shelf: Shelf) -> None:
    component_id = await shelf.put("one", "First.", "Alpha.")
    await shelf.index(component_id, "one", "Second.", "Beta.")
    assert await shelf.find("alpha") == []
    assert await shelf.find("beta") == ["one"]
    await index.remove(shelf.session, component_id)
    assert await shelf.find("one") == []


def test_folding_and_cutting() -> None:
    assert fold("Über-Größe, snake_case & 4.1!") == "uber grosse snake case 4 1"
    assert fold("🙂") == ""
    assert shortened("aé", 2) == "a"
    assert shortened("é" * 10, 5) == "éé"
    assert shortened("short", 100) == "short"
