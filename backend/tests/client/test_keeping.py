"""Where tokens are kept, and which instance is meant."""

import os
from collections.abc import Generator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError

from roster.client.config import instances, keeping
from roster.client.config.addresses import is_open, normal
from roster.client.exits import Exit, Trouble

HERE = "https://roster.example.org"


class InMemory(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # it has no types
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked("locked")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("nothing")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in list(os.environ):
        if name.startswith("ROSTER_"):
            monkeypatch.delenv(name)


@pytest.fixture
def ring() -> Generator[InMemory]:
    before = keyring.get_keyring()
    made = InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_keyring_is_used_where_there_is_one(ring: InMemory, tmp_path: Path) -> None:
    assert instances.remember(HERE, "rst_a", "ada") == keeping.KEYRING
    assert ring.kept == {("roster", HERE): "rst_a"}
    for path in (tmp_path / "config").rglob("*.json"):
        assert "rst_a" not in path.read_text()
    chosen = instances.choose(None)
    assert (chosen.address, chosen.token, chosen.place) == (HERE, "rst_a", "keyring")
    assert instances.forget(HERE)
    assert ring.kept == {}
    assert not instances.forget(HERE)
    keeping.InKeyring().forget(HERE)


def test_a_keyring_that_is_locked_is_said(ring: InMemory) -> None:
    instances.remember(HERE, "rst_a", "ada")
    ring.locked = True
    with pytest.raises(Trouble) as caught:
        instances.choose(HERE)
    assert caught.value.code is Exit.sign_in
    # What cannot be kept there, is kept in the file.
    assert instances.remember(HERE, "rst_b", "ada") == keeping.FILE
    assert instances.choose(HERE).token == "rst_b"


def test_without_a_keyring_it_is_a_file(
    ring: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]  # the same
    assert instances.remember(HERE, "rst_a", "ada") == keeping.FILE
    keyring.set_keyring(ring)
    monkeypatch.setenv(keeping.WITHOUT_KEYRING, "1")
    assert instances.remember(HERE, "rst_a", "ada") == keeping.FILE
    assert ring.kept == {}


def test_each_instance_has_a_token_of_its_own(
    ring: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    instances.remember(HERE, "rst_a", "ada")
    instances.remember("http://localhost:8000", "rst_b", "ada")
    assert instances.choose(None).token == "rst_b"
    assert instances.choose("roster.example.org/").token == "rst_a"
    assert instances.choose("https://evil.example.org").token is None
    monkeypatch.setenv(instances.URL, HERE)
    assert instances.choose(None).token == "rst_a"
    monkeypatch.setenv(instances.TOKEN, "rst_c")
    chosen = instances.choose(None)
    assert (chosen.token, chosen.place) == ("rst_c", instances.TOKEN)
    monkeypatch.undo()


def test_the_one_before_is_meant_again(ring: InMemory) -> None:
    instances.remember(HERE, "rst_a", "ada")
    instances.remember("http://localhost:8000", "rst_b", "ada")
    instances.forget("http://localhost:8000")
    assert instances.usual() == HERE
    instances.forget(HERE)
    with pytest.raises(Trouble) as caught:
        instances.choose(None)
    assert caught.value.code is Exit.sign_in


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("roster.example.org", "https://roster.example.org"),
        ("https://Roster.Example.org:443/", "https://roster.example.org"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:8000/api/v1/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://example.org/roster/", "https://example.org/roster"),
    ],
)
def test_addresses_have_one_form(given: str, wanted: str) -> None:
    assert normal(given) == wanted
    assert normal(wanted) == wanted


def test_what_can_be_read_on_the_way() -> None:
    assert is_open("http://roster.example.org")
    assert not is_open("http://127.0.0.1:8000")
    assert not is_open("http://roster.localhost")
    assert not is_open(HERE)
