"""What is kept on disk may be old, broken or gone: what is cloned stays the same."""

from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from roster.core.migrate import upgrade
from roster.git import remembering
from roster.git.remembering import Memory
from roster.settings import Settings
from tests.clients.conftest import Serve
from tests.conftest import SETUP_CODE
from tests.git.conftest import Git, Person

ROOT = bytes(range(20))


def kept(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "git").rglob("*") if path.is_file()]


def head(git: Git, address: str, name: str = "ada/kit") -> str:
    there = Git(git.home, address, git.token)
    return there.do("ls-remote", there.url(name))


def test_a_process_names_what_another_one_laid_out(
    git: Git, kit: str, serve: Serve, settings: Settings
) -> None:
    assert kit
    before = git.do("ls-remote", git.url("ada/kit"))
    [file] = kept(settings)

    assert head(git, serve()) == before
    for broken in (b"", b"{", b"[]", b'{"codex": "12"}', b'{"codex": 5}', b"\xff"):
        file.write_bytes(broken)
        assert head(git, serve()) == before
    file.unlink()
    assert head(git, serve()) == before
    assert kept(settings) == [file]


def test_what_is_no_longer_so_is_found_out(
    git: Git, kit: str, serve: Serve, settings: Settings
) -> None:
    """As after a change of what lays out, without one of its name."""
    assert kit
    before = git.do("ls-remote", git.url("ada/kit"))
    [file] = kept(settings)
    held = file.read_text()
    file.write_text(held.replace(held[20:40], "0" * 20))
    address = serve()
    there = Git(git.home, address, git.token)

    assert there.run("clone", there.url("ada/kit"), "first").code != 0
    there.clone("ada/kit", to="second")

    assert head(git, address) == before


def test_a_folder_that_cannot_be_written_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file" / "git")
    release = uuid4()

    memory.write(release, {"codex": ROOT})

    assert memory.read([release]) == {}


def test_another_version_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, release = Memory(tmp_path), uuid4()
    memory.write(release, {"codex": ROOT})
    memory.write(release, {"cursor": ROOT})
    assert memory.read([release, uuid4()]) == {
        (release, "codex"): ROOT,
        (release, "cursor"): ROOT,
    }

    monkeypatch.setattr(remembering, "makers", lambda: "another")

    assert memory.read([release]) == {}
    memory.write(uuid4(), {"codex": ROOT})
    assert [path.name for path in tmp_path.iterdir()] == ["another"]


def test_two_instances_give_the_same_ids(
    tmp_path: Path, settings: Settings, serve: Serve, home: Path
) -> None:
    """Where the same people release the same at the same time."""
    heads = []
    for number in range(2):
        url = f"sqlite+aiosqlite:///{tmp_path}/{number}.db"
        upgrade(url)
        data = tmp_path / f"data-{number}"
        address = serve(database_url=SecretStr(url), data_dir=data)
        ada = Person.sign_up(address, "ada", setup_code=SETUP_CODE)
        parts = ada.agent("lead"), ada.skill("notes")
        ada.release(ada.collect("kit", *parts), "The first one.")
        git = Git(home, address).signed_in(ada.token("read"))
        folder = git.clone("ada/kit", "--mirror", to=f"clone-{number}")
        names = "%(refname) %(tree)"
        heads.append(git.do("for-each-ref", f"--format={names}", cwd=folder))
        ada.api.close()

    assert heads[0] == heads[1]
    assert settings.environment == "test"
