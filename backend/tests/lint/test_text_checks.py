# look-alike characters are the subject of these tests
import pytest

from roster.lint import text_checks
from roster.lint.findings import apply
from roster.lint.source import Source


def rules(text: str) -> list[str]:
    return [finding.rule for finding in text_checks.check(Source(text))]


@pytest.mark.parametrize(
    "text",
    ["", "a\nb\n", "é ✅ 👨‍💻 ❤️ ▶︎ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 می‌خواهم\n", "tab\there\n"],
)
def test_nothing_is_said_about_sound_text(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "message", "mended"),
    [
        ("a\r\nb\r\n", "All lines end in CRLF", None),
        ("a\rb\r", "All lines end in CR.", None),
        ("a\r\nb\nc\r\n", "1 of 3", "a\r\nb\r\nc\r\n"),
        ("a\nb\r\nc\n", "1 of 3", "a\nb\nc\n"),
        ("a\r\nb\n" * 2000, "2,000 of 4,000", None),
    ],
)
def test_line_endings(text: str, message: str, mended: str | None) -> None:
    (finding,) = text_checks.check(Source(text))
    assert finding.rule == "file.line-endings"
    assert finding.severity == "info"
    assert message in finding.message
    assert (finding.fix is None) == (mended is None)
    if finding.fix and mended:
        assert not finding.fix.safe
        assert apply(text, [finding.fix]) == mended


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\u200bb", "U+200B zero width space"),
        ("a\u202eb", "U+202E right-to-left override"),
        ("a\ufeffb", "U+FEFF zero width no-break space"),
        ("a\xadb", "U+00AD soft hyphen"),
        ("a\u200db", "U+200D zero width joiner"),
        ("a\x07b", "U+0007 control character"),
        ("a\U000e0041\U000e0042b", "It spells: AB"),
        ("x\ufe00", "U+FE00 variation selector-1"),
    ],
)
def test_hidden_characters_are_shown(text: str, name: str) -> None:
    (finding,) = text_checks.check(Source(text))
    assert finding.rule == "file.hidden-character"
    assert name in finding.message
    assert finding.evidence is not None
    assert finding.evidence.isprintable()
    assert finding.fix is not None
    assert not finding.fix.safe
    assert apply(text, [finding.fix]) in {"ab", "x"}


def test_mojibake_is_one_finding_per_line() -> None:
    text = "# T\n- âœ… one âŒ two\nplain\n- ðŸ“ three âœ…\n- ðŸŒ four\n- gone \ufffd\n"
    findings = text_checks.check(Source(text))
    assert [(f.rule, f.line, f.column) for f in findings] == [
        ("file.mojibake", 2, 3),
        ("file.mojibake", 4, 3),
        ("file.mojibake", 5, 3),
        ("file.mojibake", 6, 8),
    ]
    first, second, third, fourth = findings
    assert first.fix is not None
    assert not first.fix.safe
    assert first.fix.title == "Replace âœ… → ✅, âŒ → ❌"
    assert apply(text, [first.fix]).splitlines()[1] == "- ✅ one ❌ two"
    assert second.fix is not None
    assert "it may have been 🍓" in second.message
    assert apply(text, [second.fix]).splitlines()[3] == "- ðŸ“ three ✅"
    assert third.fix is None
    assert fourth.fix is None
    assert "has lost what it was" in fourth.message


def test_control_characters_of_mojibake_are_reported_once() -> None:
    text = "- âœ\x85 one\n- \x9d two\n"
    assert rules(text) == ["file.mojibake", "file.hidden-character"]


def test_secrets_are_never_shown() -> None:
    secret = "q7Rz2LmX9vKc4TnB"
    (finding,) = text_checks.check(Source(f"password = '{secret}'\n"))
    assert finding.rule == "secret.literal"
    assert secret not in finding.model_dump_json()
    assert finding.fix is None


def test_findings_of_one_kind_are_limited() -> None:
    assert len(rules("\u200bx\n" * 5000)) == text_checks.MAX_PER_RULE


@pytest.mark.parametrize(
    ("encoding", "rule"),
    [
        ("utf-8", []),
        ("utf-8-sig", ["file.bom"]),
        ("utf-16-le-sig", ["file.encoding"]),
        ("cp1252", ["file.encoding"]),
    ],
)
def test_how_the_text_is_stored(encoding: str, rule: list[str]) -> None:
    findings = list(text_checks.check_encoding(Source("x"), encoding))
    assert [finding.rule for finding in findings] == rule
    assert all(f.fix and f.fix.safe and not f.fix.edits for f in findings)
