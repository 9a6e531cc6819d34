import pytest

from roster.lint.source import Source, lines_of, shorten


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        ("", 0, (1, 1)),
        ("abc", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\n", 2, (2, 1)),
        ("😀é\n😀x", 4, (2, 2)),
    ],
)
def test_positions_count_lines_and_code_points(
    text: str,
    offset: int,
    position: tuple[int, int],
) -> None:
    assert Source(text).position(offset) == position


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        ("a", "\n"),
        ("a\nb\n", "\n"),
        ("a\r\nb\r\n", "\r\n"),
        ("a\r\nb\r\nc\n", "\r\n"),
        ("a\nb\nc\r\n", "\n"),
        ("a\rb\r", "\r"),
    ],
)
def test_newline_is_that_of_most_lines(text: str, newline: str) -> None:
    assert Source(text).newline == newline


def test_lines_keep_their_breaks_and_offsets() -> None:
    assert list(lines_of("a\r\nb\rc\n\nd")) == [
        (0, "a\r\n"),
        (3, "b\r"),
        (5, "c\n"),
        (7, "\n"),
        (8, "d"),
    ]
    assert list(lines_of("abc\ndef", 1, 3)) == [(1, "bc")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\tb\nc\r", "a\\tb\\nc\\r"),
        ("a\u200bb", "a\\u200bb"),
        ("x" * 200, "x" * 79 + "…"),
    ],
)
def test_evidence_is_short_and_shows_what_is_hidden(text: str, shown: str) -> None:
    assert shorten(text) == shown


def test_a_finding_takes_its_severity_from_the_catalogue() -> None:
    finding = Source("one\ntwo three").finding("yaml.invalid", (8, 13), "Wrong.")
    assert finding.severity == "error"
    assert (finding.line, finding.column) == (2, 5)
    assert (finding.end_line, finding.end_column) == (2, 10)
    assert finding.evidence == "three"
