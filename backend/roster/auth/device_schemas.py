"""Signing a device in: what it sends and gets, and what a person is told of it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, SecretStr, model_validator
from sqlmodel import Field, SQLModel

from roster.auth.api_token_schemas import Scopes, TokenName, TokenRights
from roster.core.actor import Scope
from roster.core.model import Payload

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
LONGEST_CODE = 200


class DeviceStart(Payload):
    """What OAuth 2 names beyond these fields is ignored, as it asks."""

    model_config = ConfigDict(extra="ignore")

    client_name: TokenName = Field(
        description="What the person is told that it is; `client_id` is taken as well."
    )
    scopes: Scopes = Field(
        default=[Scope.read],
        description="A list, or as `scope` a text with spaces between them.",
    )

    @model_validator(mode="before")
    @classmethod
    def _as_oauth_names_them(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        given = dict(value)
        for own, other in (("client_name", "client_id"), ("scopes", "scope")):
            if other in given:
                given.setdefault(own, given[other])
        if isinstance(given.get("scopes"), str):
            given["scopes"] = given["scopes"].split()
        return given


class DeviceStarted(SQLModel):
    device_code: str = Field(description="For the device alone: it asks with it.")
    user_code: str = Field(description="For the person to type.")
    verification_uri: str = Field(description="Where they type it.")
    verification_uri_complete: str = Field(description="The same, with the code in it.")
    expires_in: int = Field(description="Seconds until both codes are too old.")
    interval: int = Field(description="Seconds to wait between two questions.")


class DeviceRedemption(Payload):
    model_config = ConfigDict(extra="ignore")

    grant_type: str = Field(max_length=LONGEST_CODE, description=f"`{DEVICE_GRANT}`")
    device_code: SecretStr = Field(max_length=LONGEST_CODE)


class DeviceToken(SQLModel):
    """The answer of OAuth 2 with an API token."""

    access_token: str = Field(description="An API token (`rst_…`), shown this once.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the OAuth 2 scheme name
    expires_in: int | None = Field(
        default=None, description="Seconds; absent where it has no end."
    )
    scope: str = Field(description="What it may do, with spaces in between.")


class DeviceRequest(SQLModel):
    """A device that asks to be signed in, as the person sees it who may allow it."""

    user_code: str
    client_name: str = Field(description="What it says that it is.")
    device: str = Field(description="Named after its user agent.")
    address: str = Field(description="Where it asked from.")
    is_your_address: bool = Field(description="Whether you ask from there, too.")
    created_at: datetime
    expires_at: datetime
    scopes: list[Scope] = Field(description="What it wants to do.")
    grantable: list[Scope] = Field(description="Those that you may give it.")


class DeviceApproval(TokenRights):
    """What the device gets: at most what it asked for."""
