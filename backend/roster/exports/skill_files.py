"""Skills for the tools that read the folders of the Agent Skills standard as they are.

They pass over the keys that they do not know, so that these stay: who reads the file
with another tool finds them.
"""

from collections.abc import Collection

from roster.components.kinds.markdown import first_paragraph
from roster.components.kinds.skill import SkillManifest
from roster.exports import outlines
from roster.exports.ledger import Ledger
from roster.exports.pages import State, edited, page_of
from roster.exports.shipment import Item
from roster.exports.targets.base import Fate, Weight
from roster.exports.weights import of_lost

MAIN = "SKILL.md"
DESCRIPTION_LENGTH = 1024
_ABOUT = frozenset({"name", "description", "license", "compatibility", "metadata"})
_MENDED = "The front matter was no valid YAML: it says what a person reads in it."


def put_skill(
    ledger: Ledger,
    item: Item,
    folder: str,
    tool: str,
    reads: Collection[str] = (),
) -> None:
    """Lay out a skill with all its files.

    Args:
        ledger: Where to.
        item: The skill.
        folder: In which the tool looks for skills.
        tool: What it is called.
        reads: The keys that it reads beside those that only tell of the skill.
    """
    path = f"{folder}/{item.name}/{MAIN}"
    page = page_of(item)
    values = dict(page.values)
    if values.get("name") != item.name:
        values = {"name": item.name} | values | {"name": item.name}
        why = f"{tool} wants the name that the folder has."
        ledger.renamed(item, why, path, "name", item.name)
    said = values.get("description")
    if not isinstance(said, str) or not said.strip():
        values["description"] = told = first_paragraph(page.body) or item.name
        why = f"{tool} wants one, and there was none."
        ledger.approximated(item, why, path, "description", told)
    elif len(said) > DESCRIPTION_LENGTH:
        values["description"] = outlines.cut(said, DESCRIPTION_LENGTH)
        why = f"No more than {DESCRIPTION_LENGTH:,} characters are read: it is cut."
        ledger.approximated(item, why, path, "description")
    for key in values:
        if key in SkillManifest.documented() and key not in {*_ABOUT, *reads}:
            why = f"It stays in the file, but {tool} does not read it."
            weight = of_lost(item.kind, key)
            ledger.note(item, Fate.approximated, why, path, key, key, weight)
    if page.state is State.broken:
        ledger.note(item, Fate.approximated, _MENDED, path, weight=Weight.slight)
    elif page.state is State.encoded:
        ledger.note(item, Fate.renamed, "It is written in UTF-8.", path)
    data = edited(page, values, anew=page.dashes or page.has_mark)
    ledger.add(path, data, item, item.mode)
    for file in item.others:
        ledger.store(f"{folder}/{item.name}/{file.path}", file, item)
