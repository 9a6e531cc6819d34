import pytest
from pydantic import TypeAdapter, ValidationError

from roster.core.names import ComponentName, Slug
from roster.core.text import DisplayText

TEXT = TypeAdapter(DisplayText)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  Ada ", "Ada"), ("Ada\tL\nB", "Ada\tL\nB"), ("Żółć 🦊", "Żółć 🦊"), ("", "")],
)
def test_text_is_stripped_and_otherwise_kept(given: str, kept: str) -> None:
    assert TEXT.validate_python(given) == kept


@pytest.mark.parametrize(
    "char",
    ["\0", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\x0b", "\u200b", "\u2067"],
)
def test_control_characters_are_refused(char: str) -> None:
    with pytest.raises(ValidationError, match="control characters"):
        TEXT.validate_python(f"a{char}b")


@pytest.mark.parametrize("name", ["a", "a-b", "0", "python-expert-2", "a" * 40])
def test_names(name: str) -> None:
    assert TypeAdapter(ComponentName).validate_python(name) == name
    assert TypeAdapter(Slug).validate_python(name) == name


@pytest.mark.parametrize(
    "name", ["", "A", "-a", "a-", "a--b", "a_b", "a b", "ä", "a\n", "٣", "a" * 65]
)
def test_what_is_no_name(name: str) -> None:
    for kind in (ComponentName, Slug):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(name)
