import pytest

from roster.lint.examples import MAX_EXAMPLES, Example, extract


def users(text: str) -> list[str]:
    return [example.user for example in extract(text)]


FULL = """Use it. Examples:

<example>
Context: A page is slow.
user: "Why is the start page slow?"
assistant: "I'll ask the profiler."
<commentary>
Speed is its subject.
</commentary>
</example>"""
EXPECTED = Example(
    context="A page is slow.",
    user="Why is the start page slow?",
    assistant="I'll ask the profiler.",
    commentary="Speed is its subject.",
)


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        FULL.replace("\n", "\\n"),
        FULL.replace("\n", "\\\\n"),
        FULL.replace('"', '\\"'),
        FULL.replace("\n", " "),
        FULL.replace("\n", ""),
        FULL.replace("\n", "\r\n"),
        FULL.replace("user:", "User:").replace("assistant:", "Assistant:"),
        FULL.replace("user:", "**user**:").replace("Context:", "**Context:**"),
        FULL.replace("<example>", '<example name="x">'),
    ],
)
def test_an_example_in_all_its_spellings(text: str) -> None:
    assert extract(text) == [EXPECTED]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            "user: 'I'm stuck on Ann's code' assistant: 'ok'",
            ["I'm stuck on Ann's code"],
        ),
        ("user: 'Say \"hi\" to them'\nassistant: 'x'", ['Say "hi" to them']),
        ('user: "Tell the assistant: do it now"\nassistant: "x"', None),
        ("user: What is this?\nassistant: That.", ["What is this?"]),
        ('user: "One"\nassistant: "x"\nuser: "Two"\nassistant: "y"', ["One", "Two"]),
        ('user: "One" [a file follows]\nassistant: "x"', ["One"]),
        ('user: "One"\n<some tag>\nassistant: "x"', ["One"]),
        ("user: “Curly quotes”\nassistant: “x”", ["Curly quotes"]),
        ('1) User: "One" → Assistant: "x" 2) User: "Two" → Assistant: "y"', None),
        ('user: "Never closed\nassistant: "x"', ["Never closed"]),
        ("user: ''\nassistant: 'x'", []),
        ("<user>Tagged words</user><assistant>x</assistant>", ["Tagged words"]),
        ("<user_request>Do it</user_request><commentary>x</commentary>", ["Do it"]),
        ('Context: Mia is new.\nMia: "Where do I begin?"\nAssistant: "Here."', None),
        ('Context: Nobody speaks.\nNote: "x"', []),
        ("user: - **Bold request**\n\nmore text", ["Bold request"]),
    ],
)
def test_what_users_say(block: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = {
            "u": ["Tell the assistant: do it now"],
            "1": ["One", "Two"],
            "C": ["Where do I begin?"],
        }[block[0]]
    assert users(f"<example>{block}</example>") == expected


def test_several_turns_share_their_context() -> None:
    first, second = extract(
        "<example>Context: C.\nuser: 'a'\nassistant: 'b'\nuser: 'c'\n"
        "assistant: 'd'\n<commentary>e</commentary></example>",
    )
    assert (first.context, first.assistant, first.commentary) == ("C.", "b", None)
    assert (second.context, second.assistant, second.commentary) == ("C.", "d", "e")


def test_outside_of_examples_only_quoted_speech_counts() -> None:
    assert users('- After a fix:\n  user: "Is it right?"\n  assistant: "x"') == [
        "Is it right?",
    ]
    assert users("The user: somebody who asks. The context: any.") == []


def test_blocks_that_are_not_closed_end_at_the_next() -> None:
    assert users("<example>user: 'a'<example>user: 'b'</example>") == ["a", "b"]
    assert users("<example>user: 'a'") == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "<example>user: 'x'</example>" * 2000,
        "<example>" + "user: 'x' " * 5000,
        "user:'" * 50_000,
        "<example>" * 20_000,
        "\\" * 200_000 + "n",
    ],
)
def test_hostile_texts_are_bounded(text: str) -> None:
    assert len(extract(text)) <= MAX_EXAMPLES
