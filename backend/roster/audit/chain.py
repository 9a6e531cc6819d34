"""The chain of MACs: each covers an event, or a checkpoint, and the MAC before it."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from roster.audit.models import AuditCheckpoint, AuditEvent

EVENT, CHECKPOINT = b"event", b"checkpoint"
NO_MAC_BEFORE = ""
EVENT_COLUMNS = tuple(AuditEvent.__table__.columns)  # type: ignore[attr-defined]
CHECKPOINT_COLUMNS = tuple(
    AuditCheckpoint.__table__.columns  # type: ignore[attr-defined]
)
# Retention sets it later; that it did so is an event of its own.
_NOT_COVERED = frozenset({"mac", "removed_at"})


class Chain:
    def __init__(self, keys: Mapping[str, str]) -> None:
        """Take secrets by key id, in order: the first makes MACs, all verify."""
        self._keys = {kid: secret.encode() for kid, secret in keys.items()}
        self._first = next(iter(self._keys))

    def mac(self, kind: bytes, content: Mapping[str, Any], before: str) -> str:
        digest = self._digest(self._first, kind, content, before)
        return f"{self._first}:{digest}"

    def knows_key_of(self, mac: str) -> bool:
        return mac.partition(":")[0] in self._keys

    def fits(
        self, mac: str, kind: bytes, content: Mapping[str, Any], before: str
    ) -> bool:
        """Tell whether a MAC, made with a key that is known, is that of the content."""
        kid, _, given = mac.partition(":")
        return hmac.compare_digest(self._digest(kid, kind, content, before), given)

    def _digest(
        self, kid: str, kind: bytes, content: Mapping[str, Any], before: str
    ) -> str:
        covered = {
            name: value for name, value in content.items() if name not in _NOT_COVERED
        }
        canonical = orjson.dumps(
            covered,
            default=str,  # a driver may have a class of its own for UUIDs
            option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
        )
        message = b"\n".join([kind, before.encode(), canonical])
        return hmac.new(self._keys[kid], message, hashlib.sha256).hexdigest()
