"""The git server of the tests, asked by git itself."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.services.git_server import EXECUTABLE, LINK, GitServer


def git(*arguments: str) -> str:
    command = ["git", "-c", "credential.helper=", *arguments]
    return subprocess.run(  # noqa: S603 - arguments of these tests
        command,
        env={"PATH": os.environ["PATH"], "GIT_TERMINAL_PROMPT": "0", "HOME": "/"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def test_what_was_committed_can_be_cloned(
    git_server: GitServer, tmp_path: Path
) -> None:
    added = git_server.add("tools", {"agents/a.md": "one", "run.sh": "#!/bin/sh\n"})
    commit = added.commit(
        {"agents/a.md": "two", "link": "run.sh", "run.sh": "#!/bin/sh\n"},
        modes={"link": LINK, "run.sh": EXECUTABLE},
    )
    added.tag("v1", commit, message="The first")

    git("clone", "-q", "--depth=1", added.url, str(tmp_path / "clone"))

    assert (tmp_path / "clone/agents/a.md").read_text() == "two"
    assert (tmp_path / "clone/run.sh").stat().st_mode & 0o100
    assert (tmp_path / "clone/link").is_symlink()
    refs = git("ls-remote", added.url)
    assert f"{commit}\trefs/heads/main" in refs
    assert f"{commit}\trefs/tags/v1^{{}}" in refs


def test_a_folder_is_served_without_its_own_history(
    git_server: GitServer, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git/config").write_text("")
    (folder / "a.md").write_text("a")
    added = git_server.add("some/where", folder)

    git("clone", "-q", added.url, str(tmp_path / "clone"))

    assert (tmp_path / "clone/a.md").read_text() == "a"


def test_a_token_opens_what_is_private(git_server: GitServer) -> None:
    added = git_server.add("private", {"a.md": "a"}, token="opens")
    with_token = added.url.replace("://", "://x:opens@")

    assert "refs/heads/main" in git("ls-remote", with_token)
    with pytest.raises(subprocess.CalledProcessError):
        git("ls-remote", added.url)
