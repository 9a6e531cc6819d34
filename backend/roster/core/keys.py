"""Signing and encryption keys: given by settings, or made and kept in data_dir."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from roster.core import private_file
from roster.settings import Settings

FILE_NAME = "keys.json"
KID_BYTES = 4
SIGNING_KEY_BYTES = 48
SHORTEST_SECRET = 32


class BadKeyError(Exception):
    """A key that cannot be used; the sentence says which, never its value."""


@dataclass(frozen=True)
class Keys:
    signing: dict[str, str]
    """Secrets by key id; the first signs, all verify."""
    encryption: list[str]
    """Fernet keys; the first encrypts, all decrypt."""


def load_or_create(settings: Settings) -> Keys:
    """Take each kind of key from the settings, or else from the data folder.

    Raises:
        BadKeyError: A key is malformed or too short.
        TooOpenError: Others may read the file in the data folder.
    """
    signing = _signing_keys(settings.signing_keys)
    encryption = list(settings.encryption_keys)
    if not (signing and encryption):
        stored = _stored(settings.data_dir / FILE_NAME)
        signing = signing or stored.signing
        encryption = encryption or stored.encryption
    for position, key in enumerate(encryption, start=1):
        _check_fernet(key, position)
    return Keys(signing, encryption)


def _signing_keys(pairs: list[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for position, pair in enumerate(pairs, start=1):
        kid, separator, secret = pair.partition(":")
        if not (kid and separator) or kid in keys:
            message = (
                f"Signing key {position} is not of the form kid:secret with a kid of "
                "its own; see ROSTER_SIGNING_KEYS."
            )
            raise BadKeyError(message)
        if len(secret) < SHORTEST_SECRET:
            message = (
                f"Signing key {kid!r} is shorter than {SHORTEST_SECRET} characters; "
                "see ROSTER_SIGNING_KEYS."
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
            "signing": {
                secrets.token_hex(KID_BYTES): secrets.token_urlsafe(SIGNING_KEY_BYTES)
            },
            "encryption": [Fernet.generate_key().decode()],
        }
        private_file.create_once(path, json.dumps(made, indent=2) + "\n")
    found = json.loads(private_file.read(path))
    return Keys(found["signing"], found["encryption"])
