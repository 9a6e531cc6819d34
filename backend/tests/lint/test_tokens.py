import pytest

from roster.lint.tokens import count_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("a", 1), ("four", 1), ("fives", 2), ("x" * 400, 100)],
)
def test_tokens_are_a_quarter_of_the_characters(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens
