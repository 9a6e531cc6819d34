"""The manifest of a server: what tools read to start an MCP server or to reach it."""

from pydantic import Field

from roster.components.kinds.manifest import Manifest

# What single tools write beside the documented keys.
OTHER_KEYS = frozenset(
    {
        "alwaysAllow",
        "alwaysLoad",
        "autoApprove",
        "disabled",
        "enabled",
        "envFile",
        "headersHelper",
        "oauth",
        "tools",
        "trust",
    }
)
TRANSPORTS = {
    "stdio": "stdio",
    "local": "stdio",
    "http": "http",
    "streamable-http": "http",
    "streamableHttp": "http",
    "sse": "sse",
    "ws": "ws",
}
"""What `type` may be, and how the server is talked to then."""


class ServerManifest(Manifest):
    """The documented keys of one server, below its name."""

    type: str | None = None
    command: str | None = None
    args: list[str] | None = None
    env: dict[str, str] | None = None
    cwd: str | None = None
    url: str | None = None
    http_url: str | None = Field(default=None, alias="httpUrl")
    headers: dict[str, str] | None = None
    timeout: int | None = None
    description: str | None = None

    @property
    def address(self) -> str | None:
        return self.url or self.http_url

    @property
    def transport(self) -> str | None:
        """How it is talked to; None when nothing known says so."""
        if self.type is not None:
            return TRANSPORTS.get(self.type)
        if self.command:
            return "stdio"
        return "http" if self.address else None
