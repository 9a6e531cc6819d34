from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from roster.lint.decoding import FILE_LIMIT, encode
from roster.lint.examples import Example
from roster.lint.findings import Finding, Severity

__all__ = ["FILE_LIMIT", "Example", "Kind", "Parsed", "Refusal"]

# What keeps a manifest from coming out, whatever else is wrong.
_FATAL = frozenset({"frontmatter.missing", "manifest.description-missing"})


class Refusal(BaseModel):
    """Why a file is not read at all: `too-large`, `empty` or `binary`."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str


class Parsed(BaseModel):
    """What one file says.

    `manifest` holds the values as they are written, in their order, unknown keys
    included; the kind's manifest class is the typed view of it. Where the front
    matter is not valid YAML, it holds what a person reads. Finding offsets count code
    points of `text`, which `encoded()` turns back into the very bytes of the file.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    path: str | None = None
    refused: Refusal | None = None
    encoding: str = ""
    text: str = ""
    strict_yaml_ok: bool | None = None
    name: str | None = None
    display_name: str | None = None
    manifest: dict[str, Any] = {}
    body: str = ""
    findings: list[Finding] = []
    repaired: bytes | None = None
    examples: list[Example] = []
    description_tokens: int = 0
    body_tokens: int = 0
    facets: dict[str, list[str]] = {}
    ok: bool = False

    def encoded(self) -> bytes:
        """The bytes that were read; none of a file that was refused."""
        return encode(self.text, self.encoding) if self.encoding else b""

    @property
    def objection(self) -> str | None:
        """Why the file may not be published, in one sentence."""
        if self.ok:
            return None
        if self.refused:
            return self.refused.message
        errors = [f for f in self.findings if f.severity is Severity.error]
        errors.sort(key=lambda finding: finding.rule not in _FATAL)
        return errors[0].message if errors else "No name and description came out."


class Kind(Protocol):
    """One kind of component: how its files are read, written and recognised."""

    name: str
    plural: str
    label: str

    def parse(
        self,
        data: bytes,
        path: str | None = None,
        *,
        limit: int = FILE_LIMIT,
    ) -> Parsed:
        """Read one file; raises on no bytes. Uses the CPU only: call it in a thread."""

    def mend(self, parsed: Parsed, accepted: set[int]) -> bytes:
        """The file with all safe fixes and those of the chosen findings, as UTF-8.

        `accepted` holds indices into `parsed.findings`.
        """

    def compose(self, manifest: dict[str, Any], body: str) -> bytes:
        """A file that holds this manifest and this body."""

    def export_path(self, name: str) -> str:
        """Where tools look for the file."""

    def recognise(self, path: str, data: bytes) -> bool:
        """Whether a file found somewhere is of this kind."""
