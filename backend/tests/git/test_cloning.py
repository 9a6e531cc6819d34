"""Collections as the real git sees them."""

from tests.git.conftest import Git, subjects


def test_a_collection_is_cloned(git: Git, kit: str) -> None:
    folder = git.clone("ada/kit")

    assert kit
    assert subjects(git, folder) == ["Release 1"]
    assert git.do("rev-parse", "--abbrev-ref", "HEAD", cwd=folder) == "main"
    assert git.do("status", "--porcelain", cwd=folder) == ""
