"""Licences as SPDX expressions."""

from typing import Annotated

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from pydantic import AfterValidator, Field, StringConstraints

from roster.components.kinds import Parsed
from roster.core.errors import Invalid
from roster.teams.models import Visibility

LENGTH = 200
_KEYS = ("license", "licence")


def normalised(expression: str) -> str:
    """The expression as SPDX writes it.

    Raises:
        ValueError: It is no SPDX expression.
    """
    try:
        return canonicalize_license_expression(expression)
    except InvalidLicenseExpression:
        message = (
            "is no SPDX expression; write one such as MIT, Apache-2.0 OR MIT, or "
            "LicenseRef-Ours for terms of your own."
        )
        raise ValueError(message) from None


Licence = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LENGTH),
    AfterValidator(normalised),
    Field(examples=["MIT"]),
]


def licence_in(parsed: Parsed) -> str | None:
    """What the manifest says, if it is an expression and not a sentence."""
    for key in _KEYS:
        written = parsed.manifest.get(key)
        if isinstance(written, str) and len(written) <= LENGTH:
            try:
                return normalised(written.strip())
            except ValueError:
                continue
    return None


def require_licence(visibility: Visibility, licence: str | None) -> None:
    """Let nothing be public whose licence nobody knows.

    Raises:
        Invalid: It is public and has no licence.
    """
    if visibility is Visibility.public and licence is None:
        raise Invalid.field(
            "licence",
            "What is public needs a licence: an SPDX expression such as MIT.",
            "licence_required",
        )
