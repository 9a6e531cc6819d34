"""How much of which logs a client has been told, as a text for it to come back with.

It holds nothing but what the client was told, and what it names is shown only to who
may see it.
"""

import base64
import binascii
import struct
from collections.abc import Mapping
from uuid import UUID

MOST_JOBS = 50
LONGEST = 1500
_LAYOUT = struct.Struct(">16sI")


def text_of(lines: Mapping[UUID, int]) -> str:
    """Write the number of the last line of each job; of many, of the newest."""
    newest = sorted(lines.items(), reverse=True)[:MOST_JOBS]
    packed = b"".join(_LAYOUT.pack(job_id.bytes, number) for job_id, number in newest)
    # A client leaves out an id that is empty.
    return "0" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(text: str) -> dict[UUID, int] | None:
    """Read one that was given out; None for anything else."""
    if not text.startswith("0"):
        return None
    text = text[1:]
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = _LAYOUT.iter_unpack(packed)
        return {UUID(bytes=job_id): number for job_id, number in found}
    except (binascii.Error, ValueError, struct.error):
        return None
