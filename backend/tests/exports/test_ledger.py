"""Files and notes of an export come in one order, and none gets lost unsaid."""

from roster.components.kinds import Reference
from roster.exports import outlines
from roster.exports.ledger import Ledger
from roster.exports.targets.base import Fate
from tests.exports.shipments import markdown

ONE, TWO = markdown("agent", "one", {}), markdown("agent", "two", {})


def test_of_two_files_of_a_path_the_first_stays() -> None:
    ledger = Ledger()
    ledger.add("b", b"1", ONE)
    ledger.add("b", b"2", TWO)
    ledger.add("a", b"3")
    made = ledger.exported()
    assert [(file.path, file.data) for file in made.files] == [("a", b"3"), ("b", b"1")]
    [lost] = made.losses
    assert (lost.component, lost.becomes) == (TWO.reference, ONE.reference)
    assert lost.fate is Fate.dropped


def test_paths_that_differ_in_case_or_accents_alone() -> None:
    ledger = Ledger()
    for path in ("é.md", "E\u0301.md", "x/a", "X/b"):
        ledger.add(path, b"", ONE)
    [lost] = ledger.exported().losses
    assert {lost.path, lost.becomes} == {"é.md", "E\u0301.md"}


def test_a_variable_is_required_if_one_place_has_no_default() -> None:
    ledger = Ledger()
    ledger.variables(ONE, [Reference(name="A", required=False, default="x")])
    ledger.variables(TWO, [Reference(name="A", required=True)])
    [needed] = ledger.needed
    assert needed.required
    assert needed.default == "x"
    assert needed.components == (ONE.reference, TWO.reference)


def test_every_file_of_a_component_has_a_note() -> None:
    ledger = Ledger()
    ledger.add("a", b"", ONE)
    ledger.add("b", b"", ONE)
    ledger.add("c", b"")
    ledger.approximated(ONE, "About.", "b")
    notes = {(note.path, note.fate) for note in ledger.exported().notes}
    assert notes == {("a", Fate.kept), ("b", Fate.approximated)}


def test_texts_are_cut_at_a_word() -> None:
    assert outlines.cut("one two", 7) == "one two"
    assert outlines.cut("one two three", 8) == "one two…"
    assert outlines.cut("one two three", 10) == "one two…"
    assert outlines.cut("x" * 20, 10) == "xxxxxxxxx…"
    assert outlines.cut(f"a {'x' * 20}", 10) == "a xxxxxxx…"
