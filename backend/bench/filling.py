"""A large registry, made in bulk: the same one each time, past the API.

All that lists, facets and search read of a component is there; of its content there
is nothing but the digest.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text
from sqlmodel import select
from uuid_utils.compat import uuid7

from roster.components.models import (
    Component,
    ComponentFacet,
    ComponentName,
    Label,
    Revision,
    RevisionSource,
)
from roster.core.db import Database
from roster.core.model import Model
from roster.search import scopes
from roster.search.models import SearchDocument
from roster.teams.models import Membership, Role, Team, TeamSlug, Visibility
from roster.users.models import User

TEAMS = 200
BATCH = 2_000
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
KINDS = {"agent": 14, "skill": 3, "command": 2, "server": 1}
"""How many of twenty."""
WORDS = [
    *("reviews", "drafts", "checks", "plans", "measures", "explains", "collects"),
    *("renames", "migrates", "deploys", "changes", "releases", "queries", "tests"),
    *("letters", "invoices", "diagrams", "schemas", "branches", "logs"),
]
VALUES = {
    "model": ["opus", "sonnet", "haiku", "inherit"],
    "tool": [f"Tool{number}" for number in range(40)],
    "license": ["MIT", "Apache-2.0", "BSD-3-Clause"],
    "transport": ["stdio", "http", "sse"],
}
FACETS = {
    "agent": {"model": 1, "tool": 4},
    "skill": {"license": 1, "tool": 2},
    "command": {"model": 1, "tool": 2},
    "server": {"transport": 1},
}
"""How many values each has."""
HEALTHS = [(0, 0, 0), (0, 0, 2), (0, 1, 1), (0, 3, 0), (2, 1, 0)]
VISIBILITIES = [
    *[Visibility.private] * 2,
    *[Visibility.internal] * 2,
    Visibility.public,
]
LICENCES = [None, "MIT", "Apache-2.0"]

Rows = dict[type[Model], list[dict[str, Any]]]


class Filling:
    """Makes the rows of `count` components in teams that a person half belongs to."""

    def __init__(self, user_id: UUID, team_ids: list[UUID]) -> None:
        self.user_id = user_id
        self.team_ids = team_ids
        self.chance = Random(4)  # noqa: S311 - the same registry each time

    def batches(self, count: int) -> Iterator[Rows]:
        for start in range(0, count, BATCH):
            rows: Rows = {}
            for number in range(start, min(start + BATCH, count)):
                for table, more in self._rows(number).items():
                    rows.setdefault(table, []).extend(more)
            yield rows

    def _rows(self, number: int) -> Rows:
        choose = self.chance.choice
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        words = self.chance.sample(WORDS, 4)
        errors, warnings, infos = choose(HEALTHS)
        made = BEGINNING + timedelta(minutes=number)
        id_, facets = uuid7(), self._facets(kind)
        component = {
            "id": id_,
            "kind": kind,
            "team_id": choose(self.team_ids),
            "name": f"{words[0]}-{words[1]}-{number}",
            "visibility": choose(VISIBILITIES),
            "version": 1,
            "created_by": self.user_id,
            "licence": choose(LICENCES),
            "latest_number": 1,
            "latest_digest": hashlib.sha256(str(number).encode()).hexdigest(),
            "latest_author_id": self.user_id,
            "published_at": made,
            "description": f"Use it when somebody {' '.join(words)}.",
            "facets": facets,
            "description_tokens": self.chance.randint(5, 900),
            "body_tokens": 60,
            "errors": errors,
            "warnings": warnings,
            "infos": infos,
            "created_at": made,
            "updated_at": made + timedelta(minutes=self.chance.randint(0, 500_000)),
            "target_digest": "",
        }
        return {Component: [component], **self._around(component, facets)}

    def _facets(self, kind: str) -> dict[str, list[str]]:
        return {
            facet: self.chance.sample(VALUES[facet], times)
            for facet, times in FACETS[kind].items()
        }

    def _around(self, one: dict[str, Any], facets: dict[str, list[str]]) -> Rows:
        id_, now = one["id"], one["updated_at"]
        names = ["latest", "production"] if self.chance.random() < 0.2 else ["latest"]  # noqa: PLR2004 - one in five
        label = {"component_id": id_, "number": 1, "moved_by": self.user_id}
        copied = ("description_tokens", "body_tokens", "errors", "warnings", "infos")
        revision = {
            "id": uuid7(),
            "component_id": id_,
            "number": 1,
            "digest": one["latest_digest"],
            "manifest": {},
            "author_id": self.user_id,
            "source": RevisionSource.api,
            "created_at": now,
            "updated_at": now,
            **{name: one[name] for name in copied},
        }
        held = {key: one[key] for key in ("team_id", "kind", "name")}
        return {
            ComponentName: [{**held, "component_id": id_, "created_at": now}],
            Revision: [revision],
            Label: [{**label, "name": name, "moved_at": now} for name in names],
            ComponentFacet: [
                {"component_id": id_, "facet": facet, "value": value}
                for facet, values in facets.items()
                for value in values
            ],
            SearchDocument: [
                {
                    "component_id": id_,
                    "name": one["name"].replace("-", " "),
                    "description": one["description"],
                    "body": f"Look at case {one['description_tokens']} with care.",
                    "scope": scopes.words_of(
                        one["visibility"], one["kind"], one["team_id"]
                    ),
                }
            ],
        }


async def fill(
    database: Database,
    username: str,
    components: int,
    filling: type[Filling] = Filling,
    *,
    analyzes: bool = True,
) -> None:
    """Add components and teams, of which the person is in every second one.

    With `analyzes` PostgreSQL counts them, as autovacuum does by and by.
    """
    async with database.write() as session:
        rows = await session.exec(select(User.id).where(User.username == username))
        user_id = rows.one()
        teams = [Team(slug=f"bench-{n}", name=f"Bench {n}") for n in range(TEAMS)]
        session.add_all(teams)
        await session.flush()
        ids = [team.id for team in teams]
        session.add_all(TeamSlug(slug=team.slug, team_id=team.id) for team in teams)
        session.add_all(
            Membership(user_id=user_id, team_id=id_, role=Role.editor)
            for id_ in ids[::2]
        )
    for rows_of in filling(user_id, ids).batches(components):
        async with database.write() as session:
            for table, values in rows_of.items():
                await session.exec(insert(table), params=values)
    if analyzes and database.dialect == "postgresql":
        async with database.write() as session:
            await (await session.connection()).execute(text("ANALYZE"))
