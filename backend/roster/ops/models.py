from typing import Literal

from sqlmodel import Field, SQLModel

from roster.instance.models import Registration


class Limits(SQLModel):
    upload_bytes: int
    import_files: int
    file_bytes: int


class Instance(SQLModel):
    """What an app must know of an instance before anybody is signed in."""

    name: str
    version: str
    setup_required: bool
    registration: Registration
    public_read: bool
    token_max_days: int | None = Field(
        description="Longest life of an API token; null: it may be unlimited."
    )
    mail: bool = Field(description="Mail is set up; else it waits in a local folder.")
    samples_available: bool
    limits: Limits


class HealthReport(SQLModel):
    status: Literal["ok"] = "ok"


class ProblemType(SQLModel):
    code: str
    title: str
    status: int
    description: str


class ProblemTypes(SQLModel):
    items: list[ProblemType]
