"""Text as people type it into fields."""

import re
from typing import Annotated

from pydantic import AfterValidator

# With those that nobody sees, or that turn the direction of what follows.
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]"
)


def _tidy(value: str) -> str:
    if CONTROL.search(value):
        message = "holds control characters; remove them."
        raise ValueError(message)
    return value.strip()


DisplayText = Annotated[str, AfterValidator(_tidy)]
"""A line or paragraph without control characters, stripped at both ends."""
