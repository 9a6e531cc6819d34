"""What is marked in a text, and where an excerpt begins and ends."""

import pytest

from roster.search.marking import Marker
from roster.search.questions import Question


def marks(q: str, text: str) -> list[str] | None:
    segments = Marker(Question.of(q)).marked(text)
    if segments is None:
        return None
    assert "".join(segment.text for segment in segments) == text
    return [segment.text for segment in segments if segment.match]


@pytest.mark.parametrize(
    ("q", "text", "marked"),
    [
        ("deploy", "Deploys services; a deploy-bot.", ["Deploys", "deploy"]),
        ("serv", "Deploys services.", ["services"]),
        ("serv deploy", "Deploys services.", ["Deploys"]),
        ("cafe", "Das Café, das Cafe\u0301.", ["Café", "Cafe\u0301"]),
        ("strasse", "Eine Straße", ["Straße"]),
        ("日本", "日本語 の 説明", ["日本語"]),
        ("ISTANBUL", "From İstanbul to Istanbul", ["İstanbul", "Istanbul"]),
        ("query", "All queries of one query", ["queries", "query"]),
        ("🙂 rocket", "🙂 A rocket 🚀", ["rocket"]),
        ("script", "<script>alert(1)</script>", ["script", "script"]),
        ("the of", "the end of it", ["of"]),
        ("rust", "Nothing of it", None),
        ("a.b", "", None),
    ],
)
def test_words_are_marked_whole(q: str, text: str, marked: list[str] | None) -> None:
    assert marks(q, text) == marked


def test_an_excerpt_stands_around_the_first_word() -> None:
    text = "One thing. " * 60 + "Then the needle\nis found. " + "Another thing. " * 60
    segments = Marker(Question.of("needle")).excerpt(text)
    assert segments is not None
    shown = "".join(segment.text for segment in segments)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "Then the needle is found." in shown
    assert len(shown) < 250
    assert [segment.text for segment in segments if segment.match] == ["needle"]


def test_an_excerpt_looks_for_words_and_not_for_parts_of_them() -> None:
    text = "unneedled " * 40 + "needle"
    segments = Marker(Question.of("needle")).excerpt(text)
    assert segments is not None
    assert [segment.text for segment in segments if segment.match] == ["needle"]
    assert Marker(Question.of("needle")).excerpt("unneedled " * 200) is None


def test_an_excerpt_of_a_text_without_spaces_is_short() -> None:
    text = "x" * 100_000 + " needle " + "y" * 100_000
    segments = Marker(Question.of("needle")).excerpt(text)
    assert segments is not None
    assert sum(len(segment.text) for segment in segments) < 250


def test_what_is_missing_stands_elsewhere() -> None:
    marker = Marker(Question.of("deploy serv"))
    assert not marker.missing("deploys", "many services")
    assert marker.missing("deploys", "nothing else")
    assert marker.missing("service")
