"""What the API takes to make an API token."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from sqlmodel import Field

from roster.core.actor import Scope
from roster.core.model import Payload
from roster.core.names import Slug
from roster.core.text import DisplayText

DAYS, DAYS_MAX = 90, 3650
TEAMS_MAX = 50

TokenName = Annotated[
    DisplayText,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[^\t\r\n]*$"),
]


def _each_once(scopes: list[Scope]) -> list[Scope]:
    return [scope for scope in Scope if scope in scopes]


Scopes = Annotated[
    list[Scope],
    Field(min_length=1, max_length=len(Scope)),
    AfterValidator(_each_once),
]


class TokenRights(Payload):
    """What a person gives a token."""

    scopes: Scopes
    teams: list[Slug] | None = Field(
        default=None,
        min_length=1,
        max_length=TEAMS_MAX,
        description="The only teams of yours that it reaches; null: all of them.",
    )
    expires_in_days: int | None = Field(
        default=DAYS,
        ge=1,
        le=DAYS_MAX,
        description=(
            "At most what the instance allows, which it is where this is absent; "
            "null for no end, where the instance allows that."
        ),
    )


class ApiTokenCreate(TokenRights):
    name: TokenName = Field(description="What it is for.")
