import json
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from roster.auth.tokens import Tokens
from roster.core.errors import NotSignedIn
from roster.core.keys import (
    FILE_NAME,
    BadKeyError,
    KeyKind,
    Keys,
    load_or_create,
    rotate,
)
from roster.core.private_file import TooOpenError
from roster.settings import Settings

LONG = "k" * 32


def settings_in(data_dir: Path, **given: Any) -> Settings:
    return Settings(environment="test", data_dir=data_dir, **given)


def load(
    data_dir: Path,
    signing_keys: Sequence[str] = (),
    encryption_keys: Sequence[str] = (),
    audit_keys: Sequence[str] = (),
) -> Keys:
    settings = settings_in(
        data_dir,
        signing_keys=list(signing_keys),
        encryption_keys=list(encryption_keys),
        audit_keys=list(audit_keys),
    )
    return load_or_create(settings)


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    made = load(tmp_path / "data")
    assert load(tmp_path / "data") == made
    assert len(made.signing) == len(made.encryption) == 1
    assert all(len(secret) >= 32 for secret in made.signing.values())
    Fernet(made.encryption[0])


def test_two_instances_have_different_keys(tmp_path: Path) -> None:
    assert load(tmp_path / "one") != load(tmp_path / "two")


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(data)
    assert stat.S_IMODE((data / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / FILE_NAME).chmod(0o640)
    with pytest.raises(TooOpenError, match=r"chmod 600"):
        load(tmp_path)


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: load(tmp_path / "data"), range(64)))
    assert all(keys == found[0] for keys in found)
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FILE_NAME]


def test_settings_win_and_keep_their_order(tmp_path: Path) -> None:
    fernets = [Fernet.generate_key().decode() for _ in range(2)]
    keys = load(
        tmp_path / "data",
        signing_keys=[f"new:{LONG}1", f"old:{LONG}2"],
        encryption_keys=fernets,
        audit_keys=[f"a:{LONG}"],
    )
    assert list(keys.signing.items()) == [("new", f"{LONG}1"), ("old", f"{LONG}2")]
    assert keys.encryption == fernets
    assert keys.audit == {"a": LONG}
    assert not (tmp_path / "data").exists()


def test_what_settings_leave_out_is_made(tmp_path: Path) -> None:
    keys = load(tmp_path, signing_keys=[f"a:{LONG}"])
    assert list(keys.signing) == ["a"]
    assert keys.encryption == load(tmp_path).encryption


@pytest.mark.parametrize(
    "signing_keys",
    [[LONG], [f":{LONG}"], ["a:short"], [f"a:{LONG}", f"a:{LONG}2"]],
    ids=["no kid", "empty kid", "short", "kid twice"],
)
def test_a_bad_signing_key_is_named_but_not_shown(
    tmp_path: Path, signing_keys: list[str]
) -> None:
    with pytest.raises(BadKeyError, match="ROSTER_SIGNING_KEYS") as caught:
        load(tmp_path, signing_keys=signing_keys)
    assert LONG not in str(caught.value)


def test_a_bad_encryption_key_is_refused_but_not_shown(tmp_path: Path) -> None:
    with pytest.raises(BadKeyError, match="Encryption key 1") as caught:
        load(tmp_path, encryption_keys=["not-a-fernet-key"])
    assert "not-a-fernet-key" not in str(caught.value)


def test_an_older_file_gets_the_audit_key_that_it_lacks(tmp_path: Path) -> None:
    before = load(tmp_path)
    path = tmp_path / FILE_NAME
    old = json.loads(path.read_text())
    del old["audit"]
    path.write_text(json.dumps(old))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load(tmp_path), range(16)))

    assert all(keys == found[0] for keys in found)
    assert found[0].audit
    assert found[0].audit != before.audit
    assert (found[0].signing, found[0].encryption) == (
        before.signing,
        before.encryption,
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("kind", KeyKind)
def test_rotating_puts_a_new_key_in_front(tmp_path: Path, kind: KeyKind) -> None:
    before = load(tmp_path)

    rotate(settings_in(tmp_path), kind)
    rotate(settings_in(tmp_path), kind)

    after = load(tmp_path)
    for each in KeyKind:
        old, new = list(getattr(before, each)), list(getattr(after, each))
        assert new[-1:] == old
        assert len(set(new)) == len(new) == (3 if each is kind else 1)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE_NAME]


def test_rotating_makes_the_first_keys_too(tmp_path: Path) -> None:
    rotate(settings_in(tmp_path / "data"), KeyKind.signing)

    assert len(load(tmp_path / "data").signing) == 2


def test_rotations_at_once_lose_none(tmp_path: Path) -> None:
    load(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        for _ in range(16):
            pool.submit(rotate, settings_in(tmp_path), KeyKind.signing)

    assert len(load(tmp_path).signing) == 17


def test_what_an_old_key_signed_stays_good(tmp_path: Path) -> None:
    old = Tokens(load(tmp_path).signing)
    token = old.access(uuid4(), uuid4(), timedelta(minutes=5))

    rotate(settings_in(tmp_path), KeyKind.signing)

    new = Tokens(load(tmp_path).signing)
    assert new.read_access(token) == old.read_access(token)
    later = new.access(uuid4(), uuid4(), timedelta(minutes=5))
    with pytest.raises(NotSignedIn):
        old.read_access(later)


def test_keys_from_the_settings_are_rotated_there(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, signing_keys=[f"a:{LONG}"])

    with pytest.raises(BadKeyError, match="ROSTER_SIGNING_KEYS"):
        rotate(settings, KeyKind.signing)

    assert not (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("audit_keys", [[LONG], ["a:short"]])
def test_a_bad_audit_key_is_refused(tmp_path: Path, audit_keys: list[str]) -> None:
    with pytest.raises(BadKeyError, match="ROSTER_AUDIT_KEYS") as caught:
        load(tmp_path, audit_keys=audit_keys)
    assert LONG not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"signing": {}}', '{"signing": "s3cret"', "\xff"]
)
def test_a_file_that_holds_none_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)

    with pytest.raises(BadKeyError, match="does not hold the keys") as told:
        load(tmp_path)

    assert "s3cret" not in str(told.value)
    assert told.value.__suppress_context__


def test_kinds_of_a_newer_version_stay(tmp_path: Path) -> None:
    load(tmp_path)
    path = tmp_path / FILE_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | {"later": ["one"]}))

    rotate(settings_in(tmp_path), KeyKind.signing)

    assert json.loads(path.read_text())["later"] == ["one"]
