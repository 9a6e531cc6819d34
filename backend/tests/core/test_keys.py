import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from roster.core.keys import FILE_NAME, BadKeyError, Keys, load_or_create
from roster.core.private_file import TooOpenError
from roster.settings import Settings

LONG = "k" * 32


def load(
    data_dir: Path,
    signing_keys: Sequence[str] = (),
    encryption_keys: Sequence[str] = (),
    audit_keys: Sequence[str] = (),
) -> Keys:
    settings = Settings(
        environment="test",
        data_dir=data_dir,
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
