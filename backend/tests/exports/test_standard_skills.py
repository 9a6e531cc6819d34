"""Every skill that goes out passes the validator of the Agent Skills standard."""

import tempfile
from pathlib import Path

import pytest
import strictyaml  # type: ignore[import-untyped]  # it has no types
import yaml
from hypothesis import given
from skills_ref import validator  # type: ignore[import-untyped]  # nor has it

from roster.exports.shipment import Item
from roster.exports.targets.base import Exported, Fate
from tests.exports import strategies
from tests.exports.shipments import item, lay_out, texts
from tests.exports.test_round_trip import QUICK


def skill(said: str, name: str = "fly") -> Item:
    text = f"---\nname: {name}\ndescription: Flies.\n{said}---\nFly.\n"
    return item("skill", name, text.encode())


def refused(made: Exported) -> list[str]:
    """What the validator says of the skills."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for file in made.files:
            place = Path(folder, file.path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.data or b"")
        for main in Path(folder).glob("**/SKILL.md"):
            found += validator.validate(main.parent)
    return found


def values_of(made: Exported, name: str = "fly") -> dict[str, object]:
    text = texts(made)[f"skills/{name}/SKILL.md"]
    values: dict[str, object] = strictyaml.load(text.split("---")[1]).data
    return values


@pytest.mark.parametrize("target", ["agent-skills", "agents-md"])
@QUICK
@given(strategies.skills())
def test_the_validator_takes_every_skill(target: str, one: Item) -> None:
    assert refused(lay_out(target, one)) == []


@pytest.mark.parametrize(
    "said",
    [
        "",
        "license: MIT\nmetadata:\n  version: 1.10\nallowed-tools: Read Bash(a b:*)\n",
        "compatibility: 'a: b'\n",
        "# said\nlicense: >-\n  MIT\n  or so\n",
    ],
)
def test_what_the_standard_reads_keeps_its_bytes(said: str) -> None:
    made = lay_out("agent-skills", skill(said))
    assert texts(made)["skills/fly/SKILL.md"].encode() == skill(said).main
    assert [note.fate for note in made.notes] == [Fate.kept]
    assert refused(made) == []


@pytest.mark.parametrize(
    ("said", "key", "becomes", "fate"),
    [
        ("allowed-tools: [Read, Edit]\n", "allowed-tools", "Read Edit", Fate.renamed),
        ("allowed-tools: Read, Edit\n", "allowed-tools", "Read Edit", Fate.renamed),
        ("allowed-tools: []\n", "allowed-tools", None, Fate.dropped),
        ("license: {a: b}\n", "license", '{"a": "b"}', Fate.renamed),
        ("version: 1.10\n", "metadata", {"version": "1.10"}, Fate.approximated),
        ("tags: [a, b]\n", "metadata", {"tags": "a, b"}, Fate.approximated),
        ("hooks: {a: [b]}\n", "metadata", None, Fate.dropped),
        ("metadata: [a]\n", "metadata", None, Fate.dropped),
        (
            "metadata: {a: {b: c}}\n",
            "metadata",
            {"a": '{"b": "c"}'},
            Fate.approximated,
        ),
        (
            "when_to_use: At night.\n",
            "description",
            "Flies. At night.",
            Fate.approximated,
        ),
        ("name2: &a x\n", "metadata", {"name2": "x"}, Fate.approximated),
    ],
)
def test_what_the_standard_has_no_place_for(
    said: str, key: str, becomes: object, fate: Fate
) -> None:
    made = lay_out("agent-skills", skill(said))
    assert values_of(made).get(key) == becomes
    assert fate in {note.fate for note in made.notes}
    assert refused(made) == []


def test_what_looks_like_no_text_is_quoted() -> None:
    said = b"---\nname: fly\ndescription: true\nlicense: 1.10\n---\n"
    made = lay_out("agent-skills", item("skill", "fly", said))
    written = texts(made)["skills/fly/SKILL.md"]
    values = yaml.safe_load(written.split("---")[1])
    assert values == {"name": "fly", "description": "true", "license": "1.10"}
    assert {note.fate for note in made.notes} == {Fate.renamed}
    assert refused(made) == []


@pytest.mark.parametrize(
    ("key", "most"), [("description", 1024), ("compatibility", 500)]
)
def test_what_is_too_long_is_cut_at_a_word(key: str, most: int) -> None:
    said = "word " * 300
    text = f"---\nname: fly\ndescription: {said}\n---\n"
    if key == "compatibility":
        text = f"---\nname: fly\ndescription: D\ncompatibility: {said}\n---\n"
    made = lay_out("agent-skills", item("skill", "fly", text.encode()))
    written = str(values_of(made)[key])
    assert most - 6 < len(written) <= most
    assert written.endswith("word…")
    assert [note.field for note in made.losses] == [key]
    assert refused(made) == []


def test_a_skill_is_called_as_its_folder() -> None:
    made = lay_out("agent-skills", item("skill", "new", skill("").main))
    assert values_of(made, "new")["name"] == "new"
    assert refused(made) == []


def test_other_kinds_are_named_as_lost() -> None:
    made = lay_out(
        "agent-skills", item("agent", "a", b"Be."), item("server", "b", b"{}")
    )
    assert made.files == ()
    assert [note.fate for note in made.notes] == [Fate.dropped] * 2


def test_files_that_are_one_on_some_systems_are_told() -> None:
    one = item("skill", "fly", skill("").main, {"A.md": b"1", "a.md": b"2"})
    [lost] = lay_out("agent-skills", one).losses
    assert (lost.path, lost.becomes) == ("skills/fly/a.md", "skills/fly/A.md")
