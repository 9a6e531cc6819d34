"""A Markdown file while it is read: what the rules of its kind look at."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from roster.lint.findings import Edit, Finding
from roster.lint.source import Source


@dataclass
class Draft:
    """What was found in the file so far.

    Attributes:
        noun: What a person calls the kind: agent, skill, command.
        documented: The keys that the kind has.
        others: Paths of the files beside it, if they are known.
        values: What the front matter says.
        spans: Where each value stands in the text.
        fenced: Whether there is front matter.
        start: Where its first key stands.
        body_start: Where the text below it begins.
        name: The registry name.
        proposed: The name that the path suggests.
    """

    source: Source
    path: str | None
    noun: str
    documented: frozenset[str]
    others: Collection[str] | None = None
    values: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    fenced: bool = False
    start: int = 0
    body_start: int = 0
    wrong_types: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    proposed: str | None = None

    @property
    def one(self) -> str:
        """The noun with its article."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"

    @property
    def body(self) -> str:
        return self.source.text[self.body_start :]

    def written(self, key: str) -> str:
        """The value of a key as it is written; "" where it is no text or number."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value
        if isinstance(value, bool | int | float) and key in self.spans:
            start, end = self.spans[key]
            return self.source.text[start:end]
        return ""

    def value_finding(self, rule: str, key: str, message: str, **more: Any) -> Finding:
        span = self.spans.get(key, (self.start, self.start))
        return self.source.finding(rule, span, message, **more)

    def key_span(self, key: str) -> tuple[int, int]:
        """Where the key itself stands."""
        begin = self.spans[key][0]
        start = max(self.source.text.rfind(key, self.start, begin), self.start)
        return start, start + len(key)

    def replace(self, key: str, text: str) -> list[Edit]:
        start, end = self.spans[key]
        return [Edit(start=start, end=end, text=text)]
