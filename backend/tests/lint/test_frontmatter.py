import pytest

from roster.lint import strict
from roster.lint.findings import apply
from roster.lint.frontmatter import FrontMatter, find
from roster.lint.source import Source

KNOWN = frozenset({"name", "description", "model", "tools"})
KEYS = "name: foo\ndescription: bar\n"


def look(text: str) -> FrontMatter | None:
    return find(Source(text), KNOWN)


def mended(text: str, matter: FrontMatter) -> str:
    return apply(text, [f.fix for f in matter.findings if f.fix])


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f"---\n{KEYS}---\nBody", "Body"),
        (f"---  \n{KEYS}--- \t\nBody", "Body"),
        (f"---\r\n{KEYS}---\r\nBody", "Body"),
        (f"---\n{KEYS}---", ""),
        ("---\n---\nBody", "Body"),
        ("---\nunknown: key\n---\nBody", "Body"),
        ("---\n{name: a, description: b}\n---\nBody", "Body"),
        ("---\nname: a\n\n# A comment\n---\nBody", "Body"),
        ("---\ndescription: |\n  a\n  ---\n  b\n---\nBody", "Body"),
        ("---\nname: x\ndescription: a\n\nuser: b: c\nmodel: d\n---\nBody", "Body"),
    ],
)
def test_plain_front_matter_is_found(text: str, body: str) -> None:
    matter = look(text)
    assert matter is not None
    assert text[matter.body :] == body
    assert matter.strict
    assert matter.findings == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Title\n\nText\n",
        "# Title\n\n---\n\nText: with a rule\n\n---\n",
        "---\n\nA rule and then text\n\n---\nmore",
        "---\n- a\n- b\n---\n",
        "Some prose: with a colon.\n",
        "description: only one key\n\nText\n",
        "model: opus\nname: x\n\nText\n",
        "\n" * 80 + f"---\n{KEYS}---\n",
        "<!-- a --> text\n---\nunknown: x\n---\n",
    ],
)
def test_what_has_no_front_matter(text: str) -> None:
    assert look(text) is None


FENCED = f"---\n{KEYS}---\n"


@pytest.mark.parametrize(
    ("text", "rule", "strict_finds", "repaired"),
    [
        (f"\n \n{FENCED}B", "frontmatter.preceded", True, f"{FENCED}B"),
        (
            f"<!-- one\ntwo -->\n\n{FENCED}B",
            "frontmatter.preceded",
            True,
            f"---\n# one\n# two\n{KEYS}---\nB",
        ),
        (
            f"# Title\n{FENCED}B",
            "frontmatter.preceded",
            False,
            f"---\n# Title\n{KEYS}---\nB",
        ),
        (f"```yaml\n{FENCED}B\n```\n", "frontmatter.preceded", False, f"{FENCED}B\n"),
        (f"```\n{FENCED}B\n", "frontmatter.preceded", False, f"{FENCED}B\n"),
        (f"---\n{KEYS}...\nB", "frontmatter.unclosed", False, f"{FENCED}B"),
        (
            f"---\n{KEYS}\n# T\nB\n",
            "frontmatter.unclosed",
            False,
            f"{FENCED}\n# T\nB\n",
        ),
        (f"---\n{KEYS}## T\nB\n", "frontmatter.unclosed", False, f"{FENCED}## T\nB\n"),
        (f"---\n{KEYS}Prose.\n", "frontmatter.unclosed", False, f"{FENCED}Prose.\n"),
        ("---\nname: x", "frontmatter.unclosed", False, "---\nname: x\n---\n"),
        (f"---\n{KEYS}--\nB", "frontmatter.unclosed", False, f"{FENCED}B"),
        (f"---\n{KEYS}\n—\nB", "frontmatter.unclosed", False, f"---\n{KEYS}\n---\nB"),
        (f"---\n{KEYS}-----\nB", "frontmatter.unclosed", False, f"{FENCED}B"),
        (
            f"---\n{KEYS}\n# T\nProse\n\n---\nB\n",
            "frontmatter.unclosed",
            False,
            f"{FENCED}\n# T\nProse\n\n---\nB\n",
        ),
        (
            "---\nname: x\ntools:\n  - Read\n\nYou are a b.\n\n---\nB\n",
            "frontmatter.unclosed",
            False,
            "---\nname: x\ntools:\n  - Read\n---\n\nYou are a b.\n\n---\nB\n",
        ),
        (f"{KEYS}---\nB", "frontmatter.missing", False, f"{FENCED}B"),
        (f"\n{KEYS}---\nB", "frontmatter.missing", False, f"{FENCED}B"),
        (f"{KEYS}\nB\n", "frontmatter.missing", False, f"{FENCED}\nB\n"),
        ("name: x\ndescription: y", "frontmatter.missing", False, None),
        (
            "\n  ---\n  name: a\n  tools:\n    - b\n  ---\nB",
            "frontmatter.indented",
            False,
            "---\nname: a\ntools:\n  - b\n---\nB",
        ),
        (
            " ---\nname: a\ntools:\n  - b\n ---\nB",
            "frontmatter.indented",
            False,
            "---\nname: a\ntools:\n  - b\n---\nB",
        ),
    ],
)
def test_damaged_fences_are_found_and_mended(
    text: str,
    rule: str,
    strict_finds: bool,
    repaired: str | None,
) -> None:
    matter = look(text)
    assert matter is not None
    assert [finding.rule for finding in matter.findings] == [rule]
    assert matter.strict is strict_finds
    result = mended(text, matter)
    if repaired is not None:
        assert result == repaired
    again = look(result)
    assert again is not None
    assert again.strict
    assert again.findings == []
    read = strict.load(result[again.start : again.end]).values
    assert next(iter(read)) == "name"


def test_the_search_for_a_closing_fence_is_bounded() -> None:
    matter = look("---\nname: x\n" + "model: y\n" * 6000 + "---\nB")
    assert matter is not None
    assert not matter.strict
