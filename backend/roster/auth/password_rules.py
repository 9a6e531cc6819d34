"""Which passwords are taken: long ones that are not the first to be guessed.

After NIST SP 800-63B: length counts, kinds of letters do not. What counts is the text
after Unicode normalisation (NFKC), so that one keyboard's ü is another's.
"""

import re
import unicodedata
from functools import cache

from pydantic import SecretStr

from roster.core.errors import Invalid
from roster.users.models import PASSWORD_MAX, PASSWORD_MIN

SHORT_PIECE = 3
"""Repeated, a piece of so few letters is as quick to guess as one of them."""
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


def normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _commonest() -> frozenset[str]:
    # Ten megabytes, for the few requests that choose a password.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - see above

    return frozenset(FREQUENCY_LISTS["passwords"])


def _is_common(password: str) -> bool:
    """Tell whether it is a common one, also repeated or with digits around it."""
    common = _commonest()
    text = password.casefold()
    if repeated := _REPEATED.fullmatch(text):
        text = repeated[1]
        if len(text) <= SHORT_PIECE:
            return True
    core = _AROUND.sub("", text)
    # Only where it is most of it: digits enough make up for a short word.
    if text in common or (core in common and 2 * len(core) >= len(text)):
        return True
    return any(text in row[::step] for row in _ROWS for step in (1, -1))


TOO_COMMON = (
    "This password is among the first that are tried; choose another, such as four "
    "words that have nothing to do with each other."
)


def _why_not(password: str, own: frozenset[str]) -> tuple[str, str] | None:
    if len(password) < PASSWORD_MIN:
        return f"Use at least {PASSWORD_MIN} characters.", "string_too_short"
    if len(password) > PASSWORD_MAX:
        return f"Use at most {PASSWORD_MAX} characters.", "string_too_long"
    text = password.casefold()
    if text in own or _AROUND.sub("", text) in own:
        return (
            "Choose a password that is not your user name or e-mail address.",
            "password_is_name",
        )
    if _is_common(password):
        return TOO_COMMON, "password_common"
    return None


def check(
    password: SecretStr, *, username: str, email: str, field: str = "password"
) -> None:
    """Refuse a password that is guessed too quickly.

    Raises:
        Invalid: It is; the error stands at `field`.
    """
    own = frozenset({username.casefold(), email.casefold()})
    local, _, domain = email.casefold().partition("@")
    own |= {local, f"{username.casefold()}@{domain}"}
    refused = _why_not(normalised(password.get_secret_value()), own)
    if refused is not None:
        message, code = refused
        raise Invalid.field(field, message, code)
