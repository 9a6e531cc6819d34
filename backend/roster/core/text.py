"""Text as people type it into fields."""

import re
from typing import Annotated

from pydantic import AfterValidator

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")


def _tidy(value: str) -> str:
    if _CONTROL.search(value):
        message = "holds control characters; remove them."
        raise ValueError(message)
    return value.strip()


DisplayText = Annotated[str, AfterValidator(_tidy)]
"""A line or paragraph without control characters, stripped at both ends."""
