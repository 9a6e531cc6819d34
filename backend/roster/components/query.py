"""What lists of components can be asked, and the conditions that this makes."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Subquery, and_, false, or_, select, tuple_
from sqlmodel import col

from roster.components.models import Component, ComponentFacet, ComponentName, Label
from roster.components.rows import recoverable, visible
from roster.components.schemas import HealthLevel
from roster.core.actor import Caller
from roster.core.errors import Invalid
from roster.core.paging import Count, PageQuery
from roster.teams.models import Team, TeamSlug
from roster.teams.names import known_as

REFERENCES = 100
REFERENCE = r"^[a-z0-9-]+:[a-z0-9-]+/[a-z0-9-]+$"

Values = Annotated[
    list[Annotated[str, Field(max_length=200)]], Field(max_length=REFERENCES)
]
Sort = Literal[
    "name",
    "-name",
    "updated_at",
    "-updated_at",
    "created_at",
    "-created_at",
    "description_tokens",
    "-description_tokens",
    "relevance",
]


def _asked(q: str | None) -> str | None:
    """A search box that was cleared asks for nothing."""
    return q if q and q.strip() else None


class Facet(StrEnum):
    team = "team"
    model = "model"
    tool = "tool"
    label = "label"
    health = "health"


class Filters(BaseModel):
    """Repeat a filter for "or"; different filters mean "and"."""

    model_config = ConfigDict(extra="forbid")

    team: Values = Field(default=[], description="Slug of a team.")
    model: Values = Field(
        default=[], description="Model that it names.", examples=[["sonnet"]]
    )
    tool: Values = Field(
        default=[], description="Tool that it names.", examples=[["Read"]]
    )
    label: Values = Field(
        default=[], description="Label that it has.", examples=[["production"]]
    )
    health: list[HealthLevel] = Field(
        default=[], max_length=len(HealthLevel), description="Its worst finding."
    )
    q: Annotated[
        Annotated[str, Field(max_length=500)] | None, AfterValidator(_asked)
    ] = Field(default=None, description="Words; the last one may be a beginning.")
    deleted: bool = Field(
        default=False, description="Only what was deleted and you may restore."
    )
    ref: Annotated[
        list[Annotated[str, Field(pattern=REFERENCE, max_length=150)]],
        Field(max_length=REFERENCES),
    ] = Field(
        default=[],
        description="These alone, by their references.",
        examples=[["agent:platform/reviewer"]],
    )


class AgentLikeQuery(PageQuery, Filters):
    """A page of components of one kind."""

    sort: Sort | None = Field(
        default=None, description="`relevance` where there is a `q`, or `-updated_at`."
    )
    count: Count = False

    @property
    def size(self) -> int:
        """One page holds all the references that were asked for."""
        if self.ref and "limit" not in self.model_fields_set:
            return REFERENCES
        return self.limit

    @property
    def order(self) -> Sort:
        if self.sort == "relevance" and self.q is None:
            raise Invalid.field("sort", "relevance needs a q to be relevant to.")
        return self.sort or ("-updated_at" if self.q is None else "relevance")


class ComponentQuery(AgentLikeQuery):
    kind: Values = Field(default=[], description="Its kind.", examples=[["agent"]])


def conditions(
    filters: Filters,
    actor: Caller,
    *,
    kinds: list[str],
    matches: Subquery | None,
    leave_out: Facet | None = None,
) -> list[ColumnElement[bool]]:
    """Conditions on `Component` that a query makes, the actor's view among them.

    Args:
        filters: The query.
        actor: Who asks.
        kinds: Only these kinds; all if empty.
        matches: What the full text found, if anything was asked.
        leave_out: A facet whose own filter does not count.
    """
    found = [
        recoverable(actor) if filters.deleted else visible(actor),
        col(Component.published_at).is_not(None),
    ]
    if kinds:
        found.append(col(Component.kind).in_(kinds))
    if matches is not None:
        ids = select(matches.c.component_id)
        found.append(col(Component.id).in_(ids))
    if filters.ref:
        found.append(_referred(filters.ref))
    by_facet = {
        Facet.team: _of_teams(filters.team),
        Facet.model: _having(Facet.model, filters.model),
        Facet.tool: _having(Facet.tool, filters.tool),
        Facet.label: _labelled(filters.label),
        Facet.health: or_(false(), *(HEALTH[level] for level in filters.health)),
    }
    chosen = [facet for facet in Facet if getattr(filters, facet)]
    found.extend(by_facet[facet] for facet in chosen if facet is not leave_out)
    return found


_ERRORS, _WARNINGS, _INFOS = (
    col(column) for column in (Component.errors, Component.warnings, Component.infos)
)
HEALTH: dict[HealthLevel, ColumnElement[bool]] = {
    HealthLevel.error: _ERRORS > 0,
    HealthLevel.warning: and_(_ERRORS == 0, _WARNINGS > 0),
    HealthLevel.info: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS > 0),
    HealthLevel.fine: and_(_ERRORS == 0, _WARNINGS == 0, _INFOS == 0),
}


def _referred(references: list[str]) -> ColumnElement[bool]:
    parts = [reference.replace("/", ":").split(":") for reference in references]
    ids = (
        select(col(ComponentName.component_id))  # under former names too
        .join(TeamSlug, col(TeamSlug.team_id) == ComponentName.team_id)
        .where(
            tuple_(
                col(ComponentName.kind), col(TeamSlug.slug), col(ComponentName.name)
            ).in_([tuple(part) for part in parts])
        )
    )
    return col(Component.id).in_(ids)


def _of_teams(slugs: list[str]) -> ColumnElement[bool]:
    return col(Component.team_id).in_(select(col(Team.id)).where(known_as(slugs)))


def _having(facet: Facet, values: list[str]) -> ColumnElement[bool]:
    return col(Component.id).in_(
        select(col(ComponentFacet.component_id)).where(
            col(ComponentFacet.facet) == facet.value,
            col(ComponentFacet.value).in_(values),
        )
    )


def _labelled(names: list[str]) -> ColumnElement[bool]:
    return col(Component.id).in_(
        select(col(Label.component_id)).where(col(Label.name).in_(names))
    )
