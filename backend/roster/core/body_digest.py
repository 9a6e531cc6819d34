"""A digest of what a request says, whatever its client put between the parts."""

import hashlib

from python_multipart.multipart import parse_options_header


class BodyDigest:
    """Digest of a body as it arrives, in pieces of any size.

    Clients put a boundary of their own choice between the parts of a form, another one
    each time that they send it: of a form each part counts for itself.

    Args:
        content_type: What the body is said to be.
    """

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        is_form = kind == b"multipart/form-data"
        self._delimiter = b"--" + boundary if is_form and boundary else None
        self._parts = hashlib.sha256()
        self._part = hashlib.sha256()
        self._held = b""

    def update(self, piece: bytes) -> None:
        if self._delimiter is None:
            self._part.update(piece)
            return
        *ended, rest = (self._held + piece).split(self._delimiter)
        for end in ended:
            self._part.update(end)
            self._parts.update(self._part.digest())
            self._part = hashlib.sha256()
        # The last bytes may be the first ones of a delimiter.
        safe = max(0, len(rest) - len(self._delimiter) + 1)
        self._part.update(rest[:safe])
        self._held = rest[safe:]

    def digest(self) -> bytes:
        """Give the 32 bytes for what came until now."""
        part = self._part.copy()
        part.update(self._held)
        if self._delimiter is None:
            return part.digest()
        parts = self._parts.copy()
        parts.update(part.digest())
        return parts.digest()
