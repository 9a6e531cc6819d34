# ruff: noqa: RUF001  # look-alike characters are the subject of these tests
import pytest

from roster.lint.mojibake import TABLE, find


def garble(text: str, encoding: str = "cp1252", *, drop: bool = True) -> str:
    """Read UTF-8 as another encoding; what that does not know is dropped or kept."""
    out = []
    for byte in text.encode():
        try:
            out.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            out.append("" if drop else chr(byte))
    return "".join(out)


CHARACTERS = "✅❌→—“’…é•🚀🔧💡ü≥│"


@pytest.mark.parametrize("char", [*CHARACTERS, "⚠️", "👨‍💻"])
@pytest.mark.parametrize("drop", [True, False])
def test_common_characters_are_recognised(char: str, drop: bool) -> None:
    (found,) = find(f"- {garble(char, drop=drop)} text")
    assert found.start == 2
    assert found.proposal == char


@pytest.mark.parametrize("char", ["✅", "é", "—", "🚀", "📝"])
def test_latin_1_with_its_control_characters_is_recognised(char: str) -> None:
    (found,) = find(garble(char, "latin-1"))
    assert found.proposal == char


@pytest.mark.parametrize("char", ["✅", "—", "’", "é", "🚀", "⚠️"])
def test_characters_that_were_garbled_twice(char: str) -> None:
    twice = garble(garble(char, drop=False), drop=False)
    (found,) = find(f"x {twice} y")
    assert found.proposal == char


@pytest.mark.parametrize(
    ("char", "also"),
    [("📝", "📁"), ("🌐", "🌍"), ("📍", "📐")],
)
def test_nothing_is_proposed_where_a_lost_byte_leaves_a_choice(
    char: str,
    also: str,
) -> None:
    (found,) = find(garble(char))
    assert found.proposal is None
    assert {char, also} <= set(found.candidates)


def test_every_proposal_of_the_table_is_unambiguous() -> None:
    for text, candidates in TABLE.items():
        (found,) = find(text)
        assert found.text == text
        if len(candidates) == 1:
            assert text in {
                variant
                for drop in (True, False)
                for encoding in ("cp1252", "latin-1")
                for variant in _variants(candidates[0], encoding, drop=drop)
            }


def _variants(char: str, encoding: str, *, drop: bool) -> set[str]:
    """The ways in which the table says that a character is garbled."""
    once = garble(char, encoding, drop=drop)
    straight = once.translate(str.maketrans("‘’“”", "''\"\""))
    spaced = once[:-1].replace("\xa0", " ") + once[-1:]
    return {once, straight, spaced, garble(once, drop=drop)} | {
        garble(garble(char, drop=False), drop=drop),
    }


def test_longer_garbles_win_over_shorter_ones() -> None:
    (found,) = find(garble("⚠️") + " x")
    assert (found.proposal, len(found.text)) == ("⚠️", len(garble("⚠️")))
    quote, word = find(f"{garble('“')}x{garble('’')}s")
    assert (quote.proposal, word.proposal) == ("“", "’")


@pytest.mark.parametrize("char", ["日", "你", "ệ", "🧬", "☃"])
def test_other_characters_are_read_back_when_no_byte_is_lost(char: str) -> None:
    (found,) = find(garble(char, drop=False))
    assert found.proposal == char


def test_a_no_break_space_may_belong_to_the_next_word() -> None:
    (found,) = find(garble("🌐") + "\xa0Web")
    assert found.proposal is None


def test_a_joiner_between_emoji_is_not_taken_for_a_quote() -> None:
    found = find(garble("👷‍🔧"))
    assert [garble.proposal for garble in found] == ["👷", None, "🔧"]


def test_straightened_quotes_leave_a_choice() -> None:
    (found,) = find('â€" and')
    assert found.proposal is None
    assert set(found.candidates) == {"—", "–", "“", "”"} & set(found.candidates)


def test_a_replacement_character_has_lost_everything() -> None:
    (found,) = find("Done \ufffd")
    assert found.candidates == ()


@pytest.mark.parametrize(
    "line",
    [
        "plain text",
        "✅ fine — “really” fine…",
        "Å² and Ångström, São Paulo, naïve café",
        "Ünïcödé ÀÉÎÕÜ â ê î",
        "日本語 русский ελληνικά",
        "⚠️ 👨‍💻 📝",
        "f(x) = x² ± ½",
        "Â",
        "â is a letter",
        "ðis is Icelandic: það",
    ],
)
def test_real_text_is_left_alone(line: str) -> None:
    assert find(line) == []


def test_a_line_full_of_garbage_is_bounded() -> None:
    assert len(find("â€" * 100_000)) == 200
