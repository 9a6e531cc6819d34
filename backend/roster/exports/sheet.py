"""One Markdown file of a component while it is laid out for another tool.

Each field of its front matter is taken once: it is kept, renamed, approximated or
dropped, and what is not kept gets a line of the loss report.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from roster.components.foreign.base import Fields
from roster.components.kinds import Reference
from roster.components.kinds.markdown import first_paragraph
from roster.exports import writing
from roster.exports.ledger import Ledger
from roster.exports.pages import Page, State, page_of
from roster.exports.shipment import Item
from roster.exports.targets.base import Fate, Weight

Reads = Callable[[Fields, str], None]
_MENDED = "The front matter was no valid YAML: it says what a person reads in it."
_ENCODED = "It is written in UTF-8."
_EMPTY = "Nothing stands in it, so that it is left out."


class Sheet:
    """The fields that are still to be taken, and those that come out.

    Attributes:
        out: What stands in the new file, in this order.
        body: What stands below it.
        tool: What reads the file, as a person calls it.
    """

    def __init__(self, ledger: Ledger, item: Item, path: str, tool: str) -> None:
        self._ledger = ledger
        self.item = item
        self.path = path
        self.tool = tool
        self.page: Page = page_of(item)
        self.left: dict[str, Any] = dict(self.page.values)
        self.out: dict[str, Any] = {}
        self.body = self.page.body
        for key in [key for key, one in self.left.items() if one is None]:
            del self.left[key]
            self.say(Fate.renamed, key, _EMPTY)

    def say(
        self,
        fate: Fate,
        field: str | None,
        why: str,
        becomes: str | None = None,
        weight: Weight | None = None,
    ) -> None:
        self._ledger.note(self.item, fate, why, self.path, field, becomes, weight)

    def need(self, references: Iterable[Reference]) -> None:
        """Note which variables it needs."""
        self._ledger.variables(self.item, references)

    def drop(self, key: str, why: str) -> None:
        """Leave a field out, if there is one."""
        if key in self.left:
            del self.left[key]
            self.say(Fate.dropped, key, why)

    def keep(self, key: str, fits: Callable[[Any], bool] | None = None) -> None:
        """Take a field as it is, if it is there and the tool can read it."""
        if key not in self.left:
            return
        if fits is None or fits(self.left[key]):
            self.out[key] = self.left.pop(key)
        else:
            self.drop(key, f"{self.tool} refuses a value of this type.")

    def rename(self, key: str, new: str, fits: Callable[[Any], bool], why: str) -> None:
        if key not in self.left:
            return
        if new in self.left or not fits(self.left[key]):
            self.drop(key, f"{self.tool} refuses a value of this type.")
            return
        self.out[new] = self.left.pop(key)
        self.say(Fate.renamed, key, why, new)

    def text(self, key: str) -> str:
        """Take a text out of the fields; "" where there is none."""
        value = self.left.get(key)
        if not isinstance(value, str) or not value.strip():
            return ""
        return str(self.left.pop(key))

    def describe(self) -> None:
        """Every tool wants to know what a thing is for."""
        said = self.text("description")
        if said:
            self.out["description"] = said
            return
        self.left.pop("description", None)
        said = first_paragraph(self.body) or self.item.name
        self.out["description"] = said
        why = f"{self.tool} wants one, and there was none."
        self.say(Fate.approximated, "description", why, said)

    def call(self) -> None:
        """Write the name that the release has it under."""
        written = self.left.pop("name", None)
        self.out["name"] = self.item.name
        if written != self.item.name:
            why = f"{self.tool} knows it by the name that the release says."
            self.say(Fate.renamed, "name", why, self.item.name)

    def by_file(self) -> None:
        """Leave the name to that of the file."""
        if "name" in self.left:
            del self.left["name"]
            self.say(
                Fate.renamed,
                "name",
                f"{self.tool} calls it as its file is called.",
                self.item.name,
            )

    def drop_known(self, whys: Mapping[str, str]) -> None:
        """Leave out what the tool has nothing for."""
        for key, why in whys.items():
            if key in self.left:  # few of many are
                self.drop(key, why.format(tool=self.tool))

    def keep_rest(self) -> None:
        """What nobody reads, neither here nor there, stays."""
        self.out |= self.left
        self.left = {}

    def drop_rest(self, why: str) -> None:
        for key in list(self.left):
            self.drop(key, why)

    def replace(self, pattern: re.Pattern[str], new: str, why: str) -> None:
        changed = pattern.sub(new, self.body)
        if changed != self.body:
            self.body = changed
            self.say(Fate.renamed, "body", why)

    def markdown(
        self, reads: Reads | None = None, fills: Callable[..., str] | None = None
    ) -> bytes:
        """The file: its very bytes where they say all of this to every reader.

        Args:
            reads: How an import reads the fields; what that changes is written anew,
                so that it is written in the same way when it comes back.
            fills: How it reads the text.
        """
        page = self.page
        same = self.out == page.values and self.body == page.body
        sure = page.state is State.valid or (page.state is State.bare and not self.out)
        if same and sure and not page.dashes and not page.has_mark:
            fields = Fields(dict(self.out))
            if reads and self.out:
                reads(fields, self.path)
            body = fills(self.body, self.out) if fills else self.body
            if not fields.is_changed and body == self.body:
                return page.data
        self.say_how()
        return writing.page(self.out, self.body)

    def say_how(self) -> None:
        """Note what is different in a file that is written anew."""
        if self.page.state is State.broken:
            self.say(Fate.approximated, None, _MENDED, weight=Weight.slight)
        elif self.page.state is State.encoded:
            self.say(Fate.renamed, None, _ENCODED)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_map(value: Any) -> bool:
    return isinstance(value, dict)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def listed(names: Iterable[str]) -> str:
    """Names for a sentence."""
    return ", ".join(names)
