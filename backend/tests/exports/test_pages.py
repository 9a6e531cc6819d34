"""Files are read the quick way where they are valid, and changed where they must."""

import pytest

from roster.components.kinds import KINDS
from roster.exports.pages import State, edited, page_of
from tests.exports.shipments import item

VALID = b"---\nname: a # said\ndescription: Does it.\n---\nBody.\n"
FILES: dict[str, tuple[bytes, State]] = {
    "valid": (VALID, State.valid),
    "crlf": (VALID.replace(b"\n", b"\r\n"), State.valid),
    "mark": (b"\xef\xbb\xbf" + VALID, State.valid),
    "rule below": (VALID + b"---\nMore.\n", State.valid),
    "fence at the end": (b"---\nname: a\ndescription: b\n---", State.valid),
    "nothing": (b"Body.\n", State.bare),
    "a rule": (b"Body.\n\n---\n\nMore.\n", State.bare),
    "colon": (b"---\nname: a\ndescription: b: c\n---\nBody.\n", State.broken),
    "twice": (b"---\nname: a\nname: b\ndescription: c\n---\n", State.broken),
    "unclosed": (b"---\nname: a\ndescription: b\n\n# Body\n", State.broken),
    "text before": (b"\n\n---\nname: a\ndescription: b\n---\nBody.\n", State.broken),
    "wide": (VALID.decode().encode("utf-16"), State.encoded),
    "latin": ("---\nname: a\ndescription: é\n---\n".encode("cp1252"), State.encoded),
    "binary": (b"---\0\1", State.unread),
    "empty": (b"", State.bare),
}


@pytest.mark.parametrize("name", FILES)
def test_how_far_tools_read_a_file(name: str) -> None:
    data, state = FILES[name]

    assert page_of(item("agent", "a", data)).state is state


@pytest.mark.parametrize("name", FILES)
def test_the_quick_way_reads_what_the_parser_does(name: str) -> None:
    data, state = FILES[name]
    page = page_of(item("agent", "a", data))
    parsed = KINDS["agent"].parse(data, "a.md")

    assert page.values == parsed.manifest
    if state is not State.unread:
        assert page.body == parsed.body


def test_nothing_changed_is_the_very_bytes() -> None:
    for data, state in FILES.values():
        page = page_of(item("agent", "a", data))
        if state is State.valid:
            assert edited(page, dict(page.values)) == data.removeprefix(b"\xef\xbb\xbf")


def test_one_value_is_changed_and_all_else_stays() -> None:
    said = (
        b"---\r\n# who\r\nname: Old # c\r\ntools:\r\n- Read # r\r\n- mcp__x\r\n"
        b"description: >\r\n  Long\r\n  text\r\n---\r\nBody.\r\n"
    )
    page = page_of(item("agent", "new", said))
    values = page.values | {"name": "new", "tools": ["Read", "mcp__y"]}

    assert edited(page, values) == said.replace(b"Old # c", b"new").replace(
        b"mcp__x", b"mcp__y"
    )


def test_keys_are_added_and_taken_out() -> None:
    said = b"---\ncolor: red\nmodel: opus\n---\nBody.\n"
    page = page_of(item("agent", "a", said))
    values = {"name": "a", "description": "b", "color": "red", "license": "MIT"}

    assert edited(page, values).decode() == (
        "---\nname: a\ndescription: b\ncolor: red\nlicense: MIT\n---\nBody.\n"
    )


def test_what_cannot_be_changed_in_its_place_is_written_anew() -> None:
    said = b"---\n{name: old, description: b}\n---\nBody.\n"
    page = page_of(item("agent", "a", said))
    values = page.values | {"name": "new"}

    assert edited(page, values) == b"---\nname: new\ndescription: b\n---\nBody.\n"
