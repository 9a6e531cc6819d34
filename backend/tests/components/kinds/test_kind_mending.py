# look-alike characters are the subject of these tests
import pytest

from roster.components.kinds import Parsed
from roster.components.kinds.agent import AGENT
from roster.lint import strict

TEXT = (
    "---\nname: My Agent\n"
    'description: Use it: âœ… now\\n\\nuser: "It\'s"\\n\n'
    "max-turns: 3\n---\n\nDone âŒ in\u200bvisible ðŸ“\n"
)


def parse(text: str) -> Parsed:
    return AGENT.parse(text.encode(), "agents/my-agent.md")


def chosen(parsed: Parsed, *rules: str) -> set[int]:
    return {
        index
        for index, finding in enumerate(parsed.findings)
        if finding.fix and (not rules or finding.rule in rules)
    }


def test_nothing_chosen_gives_the_repaired_file() -> None:
    parsed = parse(TEXT)
    assert AGENT.mend(parsed, set()) == parsed.repaired


def test_all_fixes_work_together_on_one_value() -> None:
    parsed = parse(TEXT)
    mended = AGENT.mend(parsed, chosen(parsed)).decode()
    assert mended == (
        "---\nname: my-agent\n"
        'description: |-\n  Use it: ✅ now\n\n  user: "It\'s"\n'
        "maxTurns: 3\n---\n\nDone ❌ invisible ðŸ“\n"
    )
    assert strict.load(mended.split("---\n")[1]).values["maxTurns"] == 3
    assert chosen(parse(mended)) == set()


@pytest.mark.parametrize(
    ("rules", "parts", "gone"),
    [
        (("file.mojibake",), ("Use it: ✅ now\\n", "❌ in\u200b"), ("âœ…",)),
        (("manifest.literal-newline",), ("|-\n  Use it: âœ… now\n", "âŒ"), ("\\n",)),
        (("manifest.name-invalid",), ("name: my-agent\n", "âœ…"), ("My Agent",)),
        (("yaml.invalid",), ("name: My Agent", "âœ…", "now\\n"), ()),
    ],
)
def test_only_what_was_chosen_is_changed(
    rules: tuple[str, ...],
    parts: tuple[str, ...],
    gone: tuple[str, ...],
) -> None:
    parsed = parse(TEXT)
    mended = AGENT.mend(parsed, chosen(parsed, *rules)).decode()
    assert all(part in mended for part in parts)
    assert not any(part in mended for part in gone)
    assert parse(mended).strict_yaml_ok is True


def test_one_of_several_findings_of_a_rule() -> None:
    text = "---\nname: a\ndescription: b\nModel: c\nColor: d\nEffort: e\n---\nx\n"
    parsed = AGENT.parse(text.encode(), "a.md")
    middle = sorted(chosen(parsed, "manifest.unknown-key"))[1]
    assert AGENT.mend(parsed, {middle}).decode() == text.replace("Color", "color")
    every = chosen(parsed)
    assert b"model: c\ncolor: d\neffort: e" in AGENT.mend(parsed, every)


def test_a_fix_that_another_made_needless_is_left_out() -> None:
    parsed = AGENT.parse(b"---\nname: 1.5\ndescription: a \x07 b\n---\nx\n", "a.md")
    mended = AGENT.mend(parsed, chosen(parsed))
    again = AGENT.parse(mended, "a.md")
    assert again.strict_yaml_ok is True
    assert again.name == "1-5"
    assert again.manifest["description"] == "a  b"


@pytest.mark.parametrize("index", [-1, 99])
def test_an_index_without_a_finding_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="belongs to no finding"):
        AGENT.mend(parse(TEXT), {index})


def test_a_finding_without_a_fix_cannot_be_chosen() -> None:
    parsed = parse("---\nname: a\n---\nx\n")
    index = next(i for i, f in enumerate(parsed.findings) if f.fix is None)
    with pytest.raises(ValueError, match="has no fix"):
        AGENT.mend(parsed, {index})


def test_a_byte_order_mark_is_gone_after_mending() -> None:
    data = b"\xef\xbb\xbf---\nname: a\ndescription: b\n---\nx\n"
    assert AGENT.mend(AGENT.parse(data, "a.md"), set()) == data[3:]
