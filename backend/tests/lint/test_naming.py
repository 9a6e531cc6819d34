import pytest

from roster.lint.naming import is_name, name_from_path, slug, stem


@pytest.mark.parametrize("name", ["a", "code-reviewer", "a1-b2", "x" * 64, "7"])
def test_registry_names(name: str) -> None:
    assert is_name(name)
    assert slug(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "A", "a_b", "a b", "-a", "a-", "a--b", "é", "x" * 65, "a\n"],
)
def test_what_is_no_registry_name(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Code Reviewer", "code-reviewer"),
        ("code_reviewer", "code-reviewer"),
        ("BackendEngineer", "backend-engineer"),
        ("PAMBackendEngineer", "pam-backend-engineer"),
        ("Ultimate-Beast-Mode", "ultimate-beast-mode"),
        ("plan:milestone", "plan-milestone"),
        ("Señor Café's bot", "senor-cafes-bot"),
        ("  --x--  ", "x"),
        ("a" * 63 + " b", "a" * 63),
        ("代码", None),
        ("", None),
        ("***", None),
    ],
)
def test_other_names_have_a_nearest_one(text: str, name: str | None) -> None:
    assert slug(text) == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("agents/foo.md", "foo"),
        ("foo.agent.md", "foo"),
        ("a/foo.chatmode.md", "foo"),
        ("Foo Bar.txt", "foo-bar"),
        ("C:\\agents\\foo.md", "foo"),
        ("reviewer/AGENT.md", "reviewer"),
        ("agents/agent.md", "agent"),
        ("README.md", "readme"),
        (".md", "md"),
        ("", None),
        (None, None),
    ],
)
def test_a_file_name_suggests_a_name(path: str | None, name: str | None) -> None:
    assert name_from_path(path) == name


def test_the_stem_of_a_file_without_an_ending_is_its_name() -> None:
    assert stem("a/b/foo") == "foo"
