"""What holds for any bytes, and for any way to break a sound file."""

from hypothesis import given, settings
from hypothesis import strategies as st

from roster.components.kinds import Parsed
from roster.components.kinds.agent import AGENT
from roster.components.kinds.classify import classify

PIECES = st.sampled_from(
    [
        *("---\n", "--- \n", "...\n", "name: a\n", "name:b\n", "Name: c\n"),
        *("description: d\n", "description: e: f\n", "description: |\n", "model: g\n"),
        *("  model: h\n", "tools: [Read\n", "tools:\n\t- Read\n", "user: 'i'\n"),
        *("<example>\n", "</example>\n", "\n", "  ", "\t", "\r\n", "\\n", "\\", '"'),
        *(
            "'",
            ": ",
            " #",
            "# j\n",
            "- k\n",
            "*",
            "&l ",
            "!m ",
            "|",
            "{",
            "[",
            "]",
            "`",
        ),
        *("<!--", "-->", "```\n", "prose\n", "âœ…", "ðŸ", "\u200b", "\u2028", "\x85"),
        *("\x9d", "é", "\ufeff", "\x07", "\uff1a", "\xa0"),
    ],
)
BROKEN = st.lists(PIECES, max_size=25).map("".join)
FENCED = BROKEN.map(lambda text: f"---\nname: a\ndescription: {text}\n---\nBody\n")
FILES = BROKEN.map(str.encode) | FENCED.map(str.encode) | st.binary(max_size=300)


def values(parsed: Parsed) -> list[tuple[str, object]]:
    return list(parsed.manifest.items())


@settings(max_examples=250, deadline=None)
@given(FILES, st.sampled_from([None, "agents/foo.md", "x.txt"]))
def test_parsing_never_fails_and_keeps_the_bytes(data: bytes, path: str | None) -> None:
    parsed = AGENT.parse(data, path)
    classify(path or "x", data)
    if parsed.refused:
        return
    assert parsed.encoded() == data
    places = [(finding.line, finding.column) for finding in parsed.findings]
    assert places == sorted(places)
    for finding in parsed.findings:
        assert finding.line >= 1
        assert finding.column >= 1
        edits = finding.fix.edits if finding.fix else []
        assert all(0 <= e.start <= e.end <= len(parsed.text) for e in edits)
    Parsed.model_validate_json(parsed.model_dump_json())


@settings(max_examples=250, deadline=None)
@given(FILES)
def test_a_repair_keeps_the_values_and_is_done_once(data: bytes) -> None:
    parsed = AGENT.parse(data, "agents/foo.md")
    if parsed.repaired is None:
        return
    again = AGENT.parse(parsed.repaired, "agents/foo.md")
    assert values(again) == values(parsed)
    assert again.strict_yaml_ok is True or not parsed.manifest
    assert again.repaired in {None, parsed.repaired}


@settings(max_examples=150, deadline=None)
@given(FILES)
def test_all_fixes_can_be_taken_at_once(data: bytes) -> None:
    parsed = AGENT.parse(data, "agents/foo.md")
    # Without those that take characters out: these may be all that a value has.
    accepted = {
        index
        for index, finding in enumerate(parsed.findings)
        if finding.fix and finding.rule != "file.hidden-character"
    }
    mended = AGENT.parse(AGENT.mend(parsed, accepted), "agents/foo.md")
    if parsed.ok and (parsed.repaired is not None or parsed.strict_yaml_ok):
        assert mended.strict_yaml_ok is True
