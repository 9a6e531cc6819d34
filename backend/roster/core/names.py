"""The registry's names: short, lower-case, safe in paths and addresses."""

from typing import Annotated

from pydantic import StringConstraints

NAME_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"

ComponentName = Annotated[
    str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=64)
]
Slug = Annotated[
    str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=40)
]
