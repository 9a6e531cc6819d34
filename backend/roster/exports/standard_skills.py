"""Skills by the Agent Skills standard, as its own validator takes them."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import yaml

from roster.components.kinds.manifest import split_list, split_words
from roster.components.kinds.markdown import first_paragraph
from roster.components.kinds.skill_checks import COMPATIBILITY_LENGTH, STANDARD_KEYS
from roster.exports import outlines
from roster.exports.ledger import Ledger
from roster.exports.pages import Page, State, edited, page_of
from roster.exports.shipment import Item
from roster.exports.targets.base import Fate, Weight
from roster.exports.weights import of_lost

DESCRIPTION_LENGTH = 1024
MAIN = "SKILL.md"
_ORDER = (
    "name",
    "description",
    "license",
    "compatibility",
    "metadata",
    "allowed-tools",
)
_WHEN = "when_to_use"
Values = dict[str, Any]
Say = Callable[[Fate, str, str, str | None], None]

_UNREAD = "It is no text that could be read."
_BROKEN = (
    "Its front matter is not valid YAML: it is written anew from what a person reads "
    "in it."
)
_ANEW = "The standard's validator refuses this way to write it; it says the same."
_NO_KEY = "The standard has no such key; it stands in metadata, which no tool acts on."
_NO_PLACE = "The standard has no such key, and metadata holds texts alone."
_BARE = ("description", "license", "compatibility")
_QUOTED = "Codex reads no value here that is not a text: it is quoted."
_SHORTER = "The standard allows so many characters: {:,}."
_TEXTS = "The standard has texts here."


def put(ledger: Ledger, item: Item, folder: str) -> None:
    """Add a skill below a folder, which then has one of its name.

    Args:
        ledger: Where to.
        item: A skill.
        folder: Where skills stand.
    """
    path = f"{folder}/{item.name}/{MAIN}"
    page = _page_of(item)
    if page.state is State.unread:
        ledger.dropped(item, _UNREAD)
        return
    bare = [key for key in _BARE if _is_bare(page_of(item).values.get(key))]
    said: list[tuple[Fate, str, str, str | None]] = []

    def say(fate: Fate, why: str, field: str, becomes: str | None = None) -> None:
        said.append((fate, why, field, becomes))

    values = _values(item, page, say)
    anew = _is_refused(page)
    data = _edited(page, values, anew=anew or bool(bare))
    ledger.add(path, data, item, item.mode)
    for key in bare:
        ledger.renamed(item, _QUOTED, path, key, str(values[key]))
    if page.state is State.broken:
        ledger.note(item, Fate.approximated, _BROKEN, path, weight=Weight.slight)
    elif anew or page.has_mark:
        ledger.note(item, Fate.renamed, _ANEW, path)
    for fate, why, field, becomes in said:
        weight = of_lost(item.kind, field) if why == _NO_KEY else None
        ledger.note(item, fate, why, path, field, becomes, weight)
    for file in item.others:
        ledger.store(f"{folder}/{item.name}/{file.path}", file, item)


def _texts_of(block: str, known: Values | None = None) -> Values:
    """The values as texts, which is how strictyaml reads them: 1.10 stays 1.10."""
    found: Values = yaml.load(block, yaml.CBaseLoader)  # noqa: S506 - it makes texts alone
    if known is None:
        return found
    return {key: None if known[key] is None else found[key] for key in known}


def _edited(page: Page, values: Values, *, anew: bool) -> bytes:
    return edited(page, values, anew=anew, read=_texts_of)


def _is_bare(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def _page_of(item: Item) -> Page:
    page = page_of(item)
    if page.state is not State.valid:
        return page
    return replace(page, values=_texts_of(page.front_matter, page.values))


def description(item: Item) -> str:
    """What `put` writes a skill to be for."""
    page = _page_of(item)
    new = {"description": page.values.get("description")}
    _describe(item, page, new, lambda *_: None)
    return str(new["description"])


def _is_refused(page: Page) -> bool:
    """Whether strictyaml, or who cuts at three hyphens, reads the very bytes wrong."""
    if page.state is not State.valid or page.dashes:
        return True
    block = page.front_matter
    if re.search(r"[\t\x85\u2028\u2029]", block):
        return True
    try:
        return any(_is_ugly(event) for event in yaml.parse(block, yaml.CSafeLoader))
    except yaml.YAMLError:
        return True


def _is_ugly(event: yaml.Event) -> bool:
    if isinstance(event, yaml.AliasEvent):
        return True
    if isinstance(event, yaml.ScalarEvent):
        return bool(event.anchor or event.tag)
    if isinstance(event, yaml.CollectionStartEvent):
        return bool(event.anchor or event.tag or event.flow_style)
    return isinstance(event, yaml.DocumentStartEvent) and bool(
        event.explicit or event.version or event.tags
    )


def _values(item: Item, page: Page, say: Say) -> Values:
    old = page.values
    new: Values = {}
    for key, value in old.items():
        if key in STANDARD_KEYS and key != "metadata" and value is not None:
            new[key] = value
    _name(item, new, say)
    _describe(item, page, new, say)
    for key in ("license", "compatibility"):
        if key in new and not isinstance(new[key], str):
            new[key] = _as_text(new[key])
            say(Fate.renamed, _TEXTS, key, new[key])
    if len(new.get("compatibility", "")) > COMPATIBILITY_LENGTH:
        new["compatibility"] = outlines.cut(new["compatibility"], COMPATIBILITY_LENGTH)
        why = _SHORTER.format(COMPATIBILITY_LENGTH)
        say(Fate.approximated, why, "compatibility", None)
    _tools(new, say)
    metadata = _metadata(old, say)
    if metadata:
        new["metadata"] = metadata
    # A file that has its keys already has them in an order of its own.
    order = [*(key for key in old if key in new), *_ORDER]
    return {key: new[key] for key in dict.fromkeys(order) if key in new}


def _name(item: Item, new: Values, say: Say) -> None:
    if new.get("name") != item.name:
        new["name"] = item.name
        why = "A skill is called as its folder, which is the name that is locked."
        say(Fate.renamed, why, "name", item.name)


def _describe(item: Item, page: Page, new: Values, say: Say) -> None:
    written = new.get("description")
    text = written if isinstance(written, str) else _as_text(written)
    if not text.strip():
        text = first_paragraph(page.body) or f"The skill {item.name}."
        why = "The standard wants a description; the file has none."
        say(Fate.approximated, why, "description", text)
    elif text != written:
        say(Fate.renamed, _TEXTS, "description", text)
    when = page.values.get(_WHEN)
    if isinstance(when, str) and when.strip():
        whole = f"{text.rstrip()} {when.strip()}"
        if len(whole) <= DESCRIPTION_LENGTH:
            text = whole
            why = "The standard has no such key; it ends the description."
            say(Fate.approximated, why, _WHEN, "description")
    if len(text) > DESCRIPTION_LENGTH:
        text = outlines.cut(text, DESCRIPTION_LENGTH)
        why = _SHORTER.format(DESCRIPTION_LENGTH)
        say(Fate.approximated, why, "description", None)
    new["description"] = text


def _tools(new: Values, say: Say) -> None:
    """The names between blanks, which is how the standard writes them."""
    key = "allowed-tools"
    if key not in new:
        return
    old = new[key]
    if isinstance(old, dict):
        names = [str(name) for name, is_on in old.items() if is_on]
    elif isinstance(old, list):
        names = [str(name) for name in old]
    else:
        bracketed = str(old).lstrip().startswith("[")
        names = split_list(str(old)) if bracketed else split_words(str(old))
    text = " ".join(names)
    if not text:
        del new[key]
        say(Fate.dropped, "The standard has no list without names.", key, None)
    elif text != old:
        new[key] = text
        if not isinstance(old, str) or old.split() != text.split():
            say(Fate.renamed, "The standard puts blanks between the names.", key, text)


def _metadata(old: Values, say: Say) -> dict[str, str]:
    found: dict[str, str] = {}
    written = old.get("metadata")
    if isinstance(written, dict):
        for key, value in written.items():
            found[key] = value if isinstance(value, str) else _as_text(value)
            if isinstance(value, dict | list):
                say(Fate.approximated, _TEXTS, f"metadata.{key}", found[key])
            elif found[key] != value:
                say(Fate.renamed, _TEXTS, f"metadata.{key}", found[key])
    elif written is not None:
        say(Fate.dropped, "The standard has a map here.", "metadata", None)
    for key, value in old.items():
        if key in STANDARD_KEYS or value is None or _is_said(key, old, value):
            continue
        flat = not isinstance(value, dict) and not (
            isinstance(value, list) and any(isinstance(v, dict | list) for v in value)
        )
        if flat and key not in found and _as_text(value):
            found[key] = _as_text(value)
            say(Fate.approximated, _NO_KEY, key, f"metadata.{key}")
        else:
            say(Fate.dropped, _NO_PLACE, key, None)
    return found


def _is_said(key: str, old: Values, value: Any) -> bool:
    """Whether the description ends in it."""
    if key != _WHEN or not isinstance(value, str) or not value.strip():
        return False
    said = str(old.get("description") or "").rstrip()
    return bool(said) and len(f"{said} {value.strip()}") <= DESCRIPTION_LENGTH


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(v, dict | list) for v in value):
        return ", ".join(_as_text(one) for one in value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
