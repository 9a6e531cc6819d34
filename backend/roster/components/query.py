"""What lists of components can be asked; each kind has its own filters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from roster.components.kinds import KINDS, Kind
from roster.components.references import REFERENCE, REFERENCES
from roster.components.schemas import FacetValue, HealthLevel
from roster.core.errors import Invalid
from roster.core.paging import Count, PageQuery
from roster.core.times import Time
from roster.teams.models import Visibility

VALUES = 100

Values = Annotated[
    list[Annotated[str, Field(max_length=200)]], Field(max_length=VALUES)
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
    "errors",
    "-errors",
    "relevance",
]


class UpstreamFilter(StrEnum):
    available = "available"
    any = "any"


def _asked(q: str | None) -> str | None:
    """A search box that was cleared asks for nothing."""
    return q if q and q.strip() else None


class Filters(BaseModel):
    """Repeat a filter for "or"; different filters mean "and"."""

    model_config = ConfigDict(extra="forbid")

    facets: ClassVar[tuple[str, ...]] = ()
    """What its kinds add to the common filters."""

    team: Values = Field(default=[], description="Slug of a team.")
    label: Values = Field(
        default=[], description="Label that it has.", examples=[["production"]]
    )
    health: list[HealthLevel] = Field(
        default=[], max_length=len(HealthLevel), description="Its worst finding."
    )
    licence: Values = Field(
        default=[], description="SPDX expression of it.", examples=[["MIT"]]
    )
    visibility: list[Visibility] = Field(
        default=[], max_length=len(Visibility), description="Who can see it."
    )
    deprecated: bool | None = Field(
        default=None, description="Whether another one is to be used instead of it."
    )
    upstream: UpstreamFilter | None = Field(
        default=None,
        description=(
            "available: only those of your teams that can be updated from a "
            "repository; any: all of them that come from one."
        ),
    )
    updated_since: Time | None = Field(
        default=None, description="Changed at this time or after it."
    )
    q: Annotated[
        Annotated[str, Field(max_length=500)] | None, AfterValidator(_asked)
    ] = Field(default=None, description="Words; the last one may be a beginning.")
    deleted: bool = Field(
        default=False, description="Only what was deleted and you may restore."
    )
    ref: Annotated[
        list[Annotated[str, Field(pattern=REFERENCE, max_length=220)]],
        Field(max_length=REFERENCES),
    ] = Field(
        default=[],
        description=(
            "These alone, by their references, or identifiers. With `@` and a number "
            "or a label, the item says in `revision` which one that is; what does "
            "not exist is left out."
        ),
        examples=[["agent:platform/reviewer@production"]],
    )

    def values(self, facet: str) -> Sequence[Any]:
        """The values that were chosen of a facet, whatever type its filter has."""
        chosen = getattr(self, facet)
        if chosen is None:
            return []
        return chosen if isinstance(chosen, list) else [chosen]


AnyFilters = TypeVar("AnyFilters", bound=Filters)


class ListQuery(PageQuery, Filters):
    """A page of components."""

    sort: Sort | None = Field(
        default=None, description="`relevance` where there is a `q`, or `-updated_at`."
    )
    count: Count = False
    highlights: bool = Field(
        default=False, description="Whether to mark what the words of `q` found."
    )

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


class Facets(BaseModel):
    """How many components each further choice of a filter would show."""

    counted: int = Field(description="How many components were looked at.")
    complete: bool = Field(
        description="Whether these were all; else the most recently updated ones."
    )
    team: list[FacetValue]
    label: list[FacetValue]
    health: list[FacetValue]
    licence: list[FacetValue]
    visibility: list[FacetValue]
    deprecated: list[FacetValue]


def facets_of(kinds: Iterable[Kind]) -> tuple[str, ...]:
    """What these kinds add to the common filters."""
    names = tuple(dict.fromkeys(name for kind in kinds for name in kind.facets))
    taken = set(names) & {*ListQuery.model_fields, *Facets.model_fields, "kind"}
    if taken:
        message = f"Call a facet differently; lists have another {sorted(taken)}."
        raise ValueError(message)
    return names


@dataclass(frozen=True)
class ListModels:
    """What the list of a kind, or of all together, is asked and answers."""

    query: type[ListQuery]
    filters: type[Filters]
    facets: type[Facets]

    @classmethod
    def of(cls, kind: Kind | None) -> Self:
        """Make those of one kind; of all together, if it is None."""
        name = "Component" if kind is None else kind.name.capitalize()
        own = facets_of(KINDS.values() if kind is None else [kind])
        if kind is None:
            own = ("kind", *own)
        counts: dict[str, Any] = dict.fromkeys(own, (list[FacetValue], ...))
        return cls(
            query=_with_filters(ListQuery, f"{name}Query", own),
            filters=_with_filters(Filters, f"{name}Filters", own),
            facets=create_model(
                f"{name}Facets", __base__=Facets, __doc__=Facets.__doc__, **counts
            ),
        )


def _with_filters(
    base: type[AnyFilters], name: str, facets: tuple[str, ...]
) -> type[AnyFilters]:
    fields: dict[str, Any] = {
        facet: (Values, Field(default=[], description=f"Its {facet}."))
        for facet in facets
    }
    made = create_model(name, __base__=base, __doc__=base.__doc__, **fields)
    made.facets = facets
    return made
