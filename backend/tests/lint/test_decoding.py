import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.lint.decoding import NotTextError, decode, encode

TEXT = "---\nname: é\n---\nBody — text\n"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (TEXT.encode(), "utf-8", TEXT),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig", TEXT),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le-sig", TEXT),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be-sig", TEXT),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le-sig", TEXT),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be-sig", TEXT),
        (TEXT.encode("utf-16-le"), "utf-16-le", TEXT),
        (TEXT.encode("utf-16-be"), "utf-16-be", TEXT),
        (TEXT.encode("cp1252"), "cp1252", TEXT),
        (b"caf\xe9 \x81" + b"." * 99, "latin-1", "café \x81" + "." * 99),
        (b"a\r\nb\rc\n", "utf-8", "a\r\nb\rc\n"),
    ],
)
def test_a_text_is_read_and_written_back(data: bytes, encoding: str, text: str) -> None:
    decoded = decode(data)
    assert (decoded.encoding, decoded.text) == (encoding, text)
    assert encode(decoded.text, decoded.encoding) == data


def test_a_mark_before_bytes_that_contradict_it_is_text() -> None:
    data = codecs.BOM_UTF8 + b"caf\xe9 au lait"
    assert decode(data).encoding == "cp1252"
    assert encode(decode(data).text, "cp1252") == data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        (b"x" * 101, "too-large"),
        (b"name\0value", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (bytes(range(1, 90)), "binary"),
        (random.Random(1).randbytes(90).replace(b"\0", b"\1"), "binary"),  # noqa: S311  # no secret
        (b"\0a\0b\0\0\0c\0d", "binary"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(NotTextError) as refusal:
        decode(data, limit=100)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_come_back(data: bytes) -> None:
    try:
        decoded = decode(data)
    except NotTextError:
        return
    assert encode(decoded.text, decoded.encoding) == data
