"""Every setting of an instance, read from ``ROSTER_…`` environment variables."""

import re
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

EXAMPLE_SECRET = "change-me"  # noqa: S105 - the placeholder that .env.example shows

SHORTEST_CODE = 12
MIB = 1024 * 1024
CommaSeparated = Annotated[list[str], NoDecode]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="ROSTER_", extra="ignore", hide_input_in_errors=True
    )

    environment: Literal["production", "development", "test"] = "production"
    data_dir: Path = Path("data")
    database_url: SecretStr | None = None
    """SQLAlchemy URL; without one, an SQLite file in the data folder."""
    migration_database_url: SecretStr | None = None
    """The same database as the role that owns its tables; none: as above."""
    database_pool_size: int = Field(default=10, ge=1, le=200)
    database_statement_seconds: float = Field(default=30, gt=0, le=3600)
    """How long the database may take for one statement."""
    database_wait_seconds: float = Field(default=5, gt=0, le=300)
    """How long a request waits for a connection, or for its turn to write."""
    sqlite_synchronous: Literal["normal", "full"] = "normal"
    """What a power cut may cost: see .env.example."""

    signing_keys: CommaSeparated = Field(default=[], repr=False)
    """``kid:secret`` pairs: the first signs, all verify. Empty: kept in data_dir."""
    encryption_keys: CommaSeparated = Field(default=[], repr=False)
    """Fernet keys, newest first. Empty: made and kept in data_dir."""
    audit_keys: CommaSeparated = Field(default=[], repr=False)
    """``kid:secret`` pairs for the chain of audit events, like ``signing_keys``."""
    setup_code: SecretStr | None = None
    """Code for the first account. Empty: made, printed at start, kept in data_dir."""

    registration: Literal["open", "invitation", "closed"] = "open"
    smtp_url: SecretStr | None = None
    """``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…``; none: mail is
    written into the folder ``outbox`` of the data folder."""
    mail_from: str = "roster@localhost"
    public_url: str | None = None
    """Where people open the app, for links in mail; empty: the address it serves."""
    redis_url: SecretStr | None = None
    """Where processes share counters of sign-in tries, wake each other for live events,
    and send jobs to workers; none: each counts, looks and works by itself."""
    public_read: bool = False
    """Everybody may read what is public, without signing in."""
    token_max_days: int | None = Field(default=365, ge=1, le=3650)
    """Longest life of an API token; empty: it may be unlimited."""
    audit_retention_days: int | None = Field(default=None, ge=1, le=36500)
    """How long audit events are kept; empty: for ever."""
    deleted_retention_days: int | None = Field(default=None, ge=1, le=36500)
    """How long what was deleted can be restored; empty: for ever."""
    workers: int = Field(default=1, ge=1, le=64)
    """How many processes serve requests, on one port."""
    drain_seconds: float = Field(default=0, ge=0, le=300)
    """How long a process that was told to end goes on, and says that it is not ready,
    so that a proxy before it sends requests to others first."""
    run_jobs: bool | None = None
    """Does this process do background work? None: unless Redis is there, from which
    workers take it; False: it does not seal audit events either."""
    access_token_minutes: int = Field(default=15, ge=1, le=24 * 60)
    refresh_token_days: int = Field(default=30, ge=1, le=365)
    bcrypt_rounds: int = Field(default=12, ge=4, le=16)

    allowed_hosts: CommaSeparated = []
    """Names that requests may call this instance by; see core/hosts.py."""
    request_timeout_seconds: int = Field(default=120, ge=1, le=3600)
    """How long a request may neither send anything nor be answered."""
    requests_at_once: int = Field(default=1000, ge=0)
    """The most requests of a process that wait for an answer; 0: any number."""
    cache_bytes: int = Field(default=64 * MIB, ge=0)
    """What answers that a process keeps may take of memory; 0: none are kept."""
    rate_limit_per_minute: int = Field(default=6000, ge=0)
    """The most requests of an account, or of an address without one; 0: any number.
    Requests of this very machine are not counted."""
    cors_origins: CommaSeparated = []
    """Origins of a SPA that is hosted apart from the API."""
    spa_dir: Path | None = None
    """Folder of the built SPA to serve at ``/``; none: the API alone."""
    trusted_proxies: CommaSeparated = []
    """Addresses whose ``X-Forwarded-…`` headers count."""

    upload_bytes: int = Field(default=64 * MIB, ge=1024)
    import_files: int = Field(default=25_000, ge=1)
    file_bytes: int = Field(default=MIB, ge=1024)
    unpacked_bytes: int = Field(default=256 * MIB, ge=1024)
    tree_files: int = Field(default=2000, ge=1, le=10_000)
    tree_bytes: int = Field(default=64 * MIB, ge=1024)
    """The most files that one component may have, and how large they are together."""
    fetch_allowed: CommaSeparated = []
    """Networks (CIDR) and host names that are private and may be fetched from."""
    fetch_seconds: int = Field(default=120, ge=1, le=3600)
    fetch_bytes: int = Field(default=256 * MIB, ge=1024)
    """How long fetching one thing from elsewhere may take, and how much may come."""
    blob_dir: Path | None = None
    """Where large files lie; none: the folder ``blobs`` of the data folder."""
    blob_database_bytes: int = Field(default=256 * 1024, ge=0, le=16 * MIB)
    """Up to this size files stand in the database."""
    samples: bool = True
    pg_dump: Path | None = None
    """The program that backups of PostgreSQL are made with; none: the one in PATH."""

    metrics_token: SecretStr | None = None
    """Whoever sends it as bearer reads `/metrics`; none: who asks on this machine."""
    otlp_url: SecretStr | None = None
    """Where traces are sent over OTLP/HTTP; none: nothing is traced."""
    trace_sample: float = Field(default=0.05, ge=0, le=1)
    """Share of the requests and jobs that are traced."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] | None = None
    """None: text for a terminal and in development, JSON otherwise."""

    _address: str = PrivateAttr("http://localhost:8000")

    @field_validator(
        "signing_keys",
        "encryption_keys",
        "audit_keys",
        "allowed_hosts",
        "cors_origins",
        "trusted_proxies",
        "fetch_allowed",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator(
        "database_url",
        "migration_database_url",
        "setup_code",
        "spa_dir",
        "blob_dir",
        "pg_dump",
        "smtp_url",
        "public_url",
        "redis_url",
        "run_jobs",
        "token_max_days",
        "audit_retention_days",
        "deleted_retention_days",
        "log_format",
        "metrics_token",
        "otlp_url",
        mode="before",
    )
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("public_url")
    @classmethod
    def _begins_links(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = "Write it like https://roster.example.org."
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: list[str]) -> list[str]:
        for origin in value:
            parts = urlsplit(origin)
            named = parts.scheme in {"http", "https"} and parts.hostname
            # `*` would let every site act with the cookies of who visits it.
            if (
                not named
                or "*" in origin
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                message = "Write each like https://app.example.org, without a path."
                raise ValueError(message)
        return value

    @field_validator("fetch_allowed")
    @classmethod
    def _are_places(cls, value: list[str]) -> list[str]:
        for place in value:
            if re.fullmatch(r"(?i)[a-z0-9]([a-z0-9.-]*[a-z0-9])?", place):
                continue
            try:
                ip_network(place)
            except ValueError as error:
                message = "Write each like 10.1.0.0/16 or git.example.org."
                raise ValueError(message) from error
        return [place.lower() for place in value]

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
                message = "Write it like smtp://user:password@mail.example.org:587."
                raise ValueError(message)
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        local, _, domain = parseaddr(value)[1].rpartition("@")
        if not (local and domain and value.isprintable()):
            message = "Write it like roster@example.org or Roster <roster@example.org>."
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _own_secrets(self) -> Self:
        """Refuse placeholders and what can be guessed, where it is in earnest."""
        if self.environment == "development":
            return self
        secrets = [*self.signing_keys, *self.encryption_keys, *self.audit_keys]
        given = (
            self.migration_database_url,
            self.setup_code,
            self.database_url,
            self.smtp_url,
            self.redis_url,
            self.metrics_token,
            self.otlp_url,
        )
        secrets += [secret.get_secret_value() for secret in given if secret is not None]
        if any(EXAMPLE_SECRET in secret for secret in secrets):
            message = f"Replace every {EXAMPLE_SECRET!r} by a secret of your own."
            raise ValueError(message)
        code = self.setup_code
        if code is not None and len(code.get_secret_value()) < SHORTEST_CODE:
            message = f"ROSTER_SETUP_CODE needs at least {SHORTEST_CODE} characters."
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _address_for_mail(self) -> Self:
        """Never mail a link to a name that a request brought along."""
        if self.environment == "production" and self.smtp_url and not self.public_url:
            message = (
                "Mail with links needs ROSTER_PUBLIC_URL, where people open the app."
            )
            raise ValueError(message)
        return self

    def served_at(self, address: str) -> Self:
        """Give the settings of an instance that is opened at this address."""
        changed = self.model_copy()
        changed._address = address  # noqa: SLF001 - of its own copy
        return changed

    @property
    def app_url(self) -> str:
        """Where people open the app, to begin links in mails with.

        Never what a request says its host is: whoever sends it would choose where the
        links lead.
        """
        return self.public_url or self._address

    @property
    def embeds_jobs(self) -> bool:
        """Whether a process that serves requests does jobs, too."""
        return self.redis_url is None if self.run_jobs is None else self.run_jobs

    @property
    def blobs(self) -> Path:
        return self.blob_dir or self.data_dir / "blobs"

    @property
    def migration_database(self) -> str:
        """Where the schema is changed: as the owner of the tables, if one is named."""
        if self.migration_database_url is not None:
            return self.migration_database_url.get_secret_value()
        return self.database

    @property
    def database(self) -> str:
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'roster.db'}"
