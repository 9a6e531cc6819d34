from collections.abc import Collection
from enum import StrEnum
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from roster.components.kinds.manifest import Manifest
from roster.lint.decoding import FILE_LIMIT, encode
from roster.lint.examples import Example
from roster.lint.findings import Finding, Severity

__all__ = [
    "FILE_LIMIT",
    "Example",
    "Kind",
    "Literal",
    "Parsed",
    "Place",
    "Reference",
    "Refusal",
]

# What keeps a manifest from coming out, whatever else is wrong.
_FATAL = frozenset({"frontmatter.missing", "manifest.description-missing"})


class Refusal(BaseModel):
    """Why a file is not read at all: `too-large`, `empty` or `binary`."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str


class Place(StrEnum):
    """The part of a server's configuration that a value stands in."""

    env = "env"
    headers = "headers"
    args = "args"
    url = "url"


class Literal(BaseModel):
    """What looks like a secret written out in a configuration.

    `text[start:end]` of the `Parsed` is what to replace by a reference; `key` is the
    name that the environment variable would have. The value itself is not repeated.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    place: Place
    start: int
    end: int
    label: str


class Reference(BaseModel):
    """An environment variable that a configuration names, as in ``${NAME}``.

    `default` is what stands in for it; without one it is required.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    required: bool
    default: str | None = None


class Parsed(BaseModel):
    """What one file says.

    `manifest` holds the values as they are written, in their order, unknown keys
    included; the kind's manifest class is the typed view of it. Where the front
    matter is not valid YAML, it holds what a person reads. Finding offsets count code
    points of `text`, which `encoded()` turns back into the very bytes of the file.

    `summary` is what lists show in place of a description where the manifest has none.
    `arguments` are the places in the text of a command that its arguments go to.
    `target` is what secrets are bound to, in one canonical text: what is started, or
    the address. Only servers have one, and `secrets` and `references`.
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
    summary: str = ""
    arguments: list[str] = []
    target: str = ""
    secrets: list[Literal] = []
    references: list[Reference] = []
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
        return errors[0].message if errors else "Nothing says its name."


class Kind(Protocol):
    """One kind of component: how its files are read, written and recognised.

    Attributes:
        name: The kind, as it is stored and stands in references.
        plural: What its routes are called.
        label: What a person calls it.
        icon: Name of a Tabler icon.
        main: Path of the main file in the tree of a revision.
        is_tree: Whether other files may stand beside the main one.
        facets: What its lists can be filtered by.
        details: Fields of `Parsed` that only this kind has something in.
        example: A file as the documentation shows it.
    """

    name: str
    plural: str
    label: str
    icon: str
    main: str
    is_tree: bool
    facets: tuple[str, ...]
    details: tuple[str, ...]
    example: str

    @property
    def manifest(self) -> type[Manifest]:
        """The typed view of `Parsed.manifest`; unknown keys are kept in it."""

    def parse(
        self,
        data: bytes,
        path: str | None = None,
        *,
        limit: int = FILE_LIMIT,
        others: Collection[str] | None = None,
    ) -> Parsed:
        """Read the main file; raises on no bytes. Uses the CPU only: call in a thread.

        Args:
            data: The file.
            path: Where it was found; says the name if the file does not.
            limit: Largest size in bytes.
            others: Paths of the other files of the tree, relative to its root; None
                if they are not known.
        """

    def mend(self, parsed: Parsed, accepted: set[int]) -> bytes:
        """The file with all safe fixes and those of the chosen findings, as UTF-8.

        `accepted` holds indices into `parsed.findings`.
        """

    def rename(self, parsed: Parsed, data: bytes, name: str) -> bytes:
        """The file under another registry name, every other byte as it is.

        Raises:
            ValueError: The name is not valid, or the file cannot carry one.
        """

    def compose(self, manifest: dict[str, Any], body: str) -> bytes:
        """A file that holds this manifest and this body."""

    def export_path(self, name: str) -> str:
        """Where tools look for the main file."""

    def split(self, data: bytes) -> list[tuple[str, bytes]]:
        """The name and the file of each component, where one file holds several.

        Nothing for a file that holds one, which is then taken as it is.
        """

    def recognise(self, path: str, data: bytes) -> bool:
        """Whether a file found somewhere is the main file of this kind."""
