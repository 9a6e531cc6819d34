"""The registry's names: short, lower-case, safe in paths and addresses."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

NAME_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"

ComponentName = Annotated[
    str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=64)
]
Slug = Annotated[
    str, StringConstraints(pattern=NAME_PATTERN, min_length=1, max_length=40)
]


def _no_number(name: str) -> str:
    if name.isdigit():
        message = "is a number, and after @ that names a revision; add a letter."
        raise ValueError(message)
    return name


LabelName = Annotated[ComponentName, AfterValidator(_no_number)]
"""Of a label that is set, protected or followed: no reference finds one of digits."""
