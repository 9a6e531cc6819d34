"""The keys of an instance: given by settings, or made and kept in data_dir."""

import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from cryptography.fernet import Fernet
from pydantic import BaseModel, ConfigDict, Field

from roster.core import private_file
from roster.settings import Settings

FILE_NAME = "keys.json"
KID_BYTES = 4
SIGNING_KEY_BYTES = 48
SHORTEST_SECRET = 32


class KeyKind(StrEnum):
    signing = "signing"
    encryption = "encryption"
    audit = "audit"


class BadKeyError(Exception):
    """A key that cannot be used; the sentence says which, never its value."""


_ByKid = Annotated[dict[str, str], Field(min_length=1)]


class _Stored(BaseModel):
    """What stands in the file."""

    # Kinds that a newer version has stay in it.
    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    signing: _ByKid
    encryption: Annotated[list[str], Field(min_length=1)]
    audit: _ByKid | None = None
    """Files of older versions have none."""


@dataclass(frozen=True)
class Keys:
    signing: dict[str, str]
    """Secrets by key id; the first signs, all verify."""
    encryption: list[str]
    """Fernet keys; the first encrypts, all decrypt."""
    audit: dict[str, str]
    """Secrets by key id, for the chain of audit events; the first makes MACs."""


def load_or_create(settings: Settings) -> Keys:
    """Take each kind of key from the settings, or else from the data folder.

    Raises:
        BadKeyError: A key is malformed or too short.
        TooOpenError: Others may read the file in the data folder.
    """
    signing = _by_kid(settings.signing_keys, "Signing", "ROSTER_SIGNING_KEYS")
    encryption = list(settings.encryption_keys)
    audit = _by_kid(settings.audit_keys, "Audit", "ROSTER_AUDIT_KEYS")
    if not (signing and encryption and audit):
        stored = _stored(settings.data_dir / FILE_NAME)
        signing = signing or stored.signing
        encryption = encryption or stored.encryption
        audit = audit or stored.audit
    for position, key in enumerate(encryption, start=1):
        _check_fernet(key, position)
    return Keys(signing, encryption, audit)


def _by_kid(pairs: list[str], kind: str, setting: str) -> dict[str, str]:
    keys: dict[str, str] = {}
    for position, pair in enumerate(pairs, start=1):
        kid, separator, secret = pair.partition(":")
        if not (kid and separator) or kid in keys:
            message = (
                f"{kind} key {position} is not of the form kid:secret with a kid of "
                f"its own; see {setting}."
            )
            raise BadKeyError(message)
        if len(secret) < SHORTEST_SECRET:
            message = (
                f"{kind} key {kid!r} is shorter than {SHORTEST_SECRET} characters; "
                f"see {setting}."
            )
            raise BadKeyError(message)
        keys[kid] = secret
    return keys


def _check_fernet(key: str, position: int) -> None:
    try:
        Fernet(key)
    except ValueError:
        message = (
            f"Encryption key {position} is not 32 bytes in URL-safe base64; "
            "see ROSTER_ENCRYPTION_KEYS."
        )
        # Its cause could show the key.
        raise BadKeyError(message) from None


def _stored(path: Path) -> Keys:
    if not path.exists():
        made = {
            "signing": _new_secret(),
            "encryption": [Fernet.generate_key().decode()],
            "audit": _new_secret(),
        }
        private_file.create_once(path, _as_json(made))
    found = _read(path)
    if "audit" not in found:
        found = _with_audit_key(path)
    return Keys(found["signing"], found["encryption"], found["audit"])


def _read(path: Path) -> dict[str, Any]:
    try:
        stored = _Stored.model_validate_json(private_file.read(path))
    except ValueError:
        message = (
            f"{path} does not hold the keys of an instance: bring it back from where "
            "it is kept."
        )
        # Its cause could show a key.
        raise BadKeyError(message) from None
    return stored.model_dump(exclude_none=True)


def rotate(settings: Settings, kind: KeyKind) -> None:
    """Put a new key in front of those in the data folder; the others stay good.

    A server that is running goes on with the keys it was started with.

    Raises:
        BadKeyError: The keys of this kind come from the settings.
        TooOpenError: Others may read the file in the data folder.
    """
    setting = f"{kind}_keys"
    if getattr(settings, setting):
        message = (
            f"The {kind} keys come from ROSTER_{setting.upper()}: put a new one in "
            "front there, and keep the others behind it."
        )
        raise BadKeyError(message)
    path = settings.data_dir / FILE_NAME
    _stored(path)
    with private_file.one_at_a_time(path.parent):
        found = _read(path)
        if kind is KeyKind.encryption:
            found[kind] = [Fernet.generate_key().decode(), *found[kind]]
        else:
            found[kind] = _new_secret() | found[kind]
        private_file.replace(path, _as_json(found))


def _with_audit_key(path: Path) -> dict[str, Any]:
    """Add what files of older versions lack; of several processes the first does."""
    with private_file.one_at_a_time(path.parent):
        found = _read(path)
        if "audit" not in found:
            found["audit"] = _new_secret()
            private_file.replace(path, _as_json(found))
        return found


def _new_secret() -> dict[str, str]:
    return {secrets.token_hex(KID_BYTES): secrets.token_urlsafe(SIGNING_KEY_BYTES)}


def _as_json(keys: dict[str, Any]) -> str:
    return json.dumps(keys, indent=2) + "\n"
