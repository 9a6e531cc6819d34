from datetime import datetime
from typing import Literal

from pydantic import MISSING, BaseModel
from pydantic import Field as Described
from sqlmodel import Field, SQLModel

from roster.instance.models import Registration

PartStatus = Literal["ok", "degraded", "failed"]
PartName = Literal["process", "database", "schema", "storage", "jobs", "redis"]


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


class Part(BaseModel):
    """One of the things that serving needs, and how it is."""

    name: PartName = Described(examples=["redis"])
    status: PartStatus = Described(
        description=(
            "`degraded`: reads and writes go on, and something else is late or lost; "
            "`failed`: nothing can be served without it."
        ),
        examples=["degraded"],
    )
    milliseconds: float = Described(
        description="How long looking took.", examples=[1.4]
    )
    reason: str = Described(
        description="One sentence; empty where all is well.",
        examples=["Redis does not answer: workers get their jobs late."],
    )


class LiveReport(BaseModel):
    status: Literal["ok"] = "ok"


class ReadyReport(BaseModel):
    """That requests can be served, and how well."""

    status: Literal["ok", "degraded"] = Described(examples=["degraded"])
    parts: list[Part] | MISSING = Described(
        default=MISSING,
        description=(
            "Each part; told on the machine itself, or to who sends the token in "
            "ROSTER_METRICS_TOKEN."
        ),
    )


class DatabaseHealth(BaseModel):
    engine: Literal["sqlite", "postgresql"]
    version: str = Described(examples=["18.1"])
    database_schema: str | None = Described(
        description="What it was migrated to.", examples=["0013"]
    )
    needed_schema: str | None = Described(
        description="What this version needs.", examples=["0013"]
    )
    bytes: int = Described(examples=[73400320])


class ProcessHealth(BaseModel):
    """The process that answered; there may be others."""

    started_at: datetime
    uptime_seconds: float = Described(examples=[86400.0])
    memory_bytes: int = Described(
        description="Resident; 0 where the system does not tell.", examples=[141557760]
    )
    open_files: int = Described(examples=[42])
    does_jobs: bool


class InstanceHealth(BaseModel):
    """How an instance is, as administrators see it."""

    status: PartStatus = Described(examples=["ok"])
    checked_at: datetime
    parts: list[Part]
    version: str = Described(examples=["0.1.0"])
    python: str = Described(examples=["3.11.7"])
    environment: Literal["production", "development", "test"]
    database: DatabaseHealth
    process: ProcessHealth


class ProblemType(SQLModel):
    code: str
    title: str
    status: int
    description: str


class ProblemTypes(SQLModel):
    items: list[ProblemType]
