"""Where somebody is in the stream of events, as a text for them to come back with.

The number of an event counts what everybody does, so it is not told: the text is
encrypted, another one each time, and nobody else can make one.
"""

import base64
import binascii
import hashlib
import os
import struct
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PURPOSE = b"positions in the stream of live events\n"
NONCE_BYTES = 12
_LAYOUT = struct.Struct(">QQ")


@dataclass(frozen=True)
class Position:
    seq: int
    """Of the newest event that was passed on, or passed over."""
    told_at: int
    """When, in seconds since 1970."""


class Positions:
    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(PURPOSE + key.encode()).digest())

    def text(self, seq: int) -> str:
        nonce = os.urandom(NONCE_BYTES)
        content = _LAYOUT.pack(seq, int(time.time()))
        sealed = nonce + self._cipher.encrypt(nonce, content, PURPOSE)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, text: str) -> Position | None:
        """Read one that was given out; None for anything else."""
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            opened = self._cipher.decrypt(nonce, content, PURPOSE)
            return Position(*_LAYOUT.unpack(opened))
        except (binascii.Error, ValueError, InvalidTag, struct.error):
            return None
