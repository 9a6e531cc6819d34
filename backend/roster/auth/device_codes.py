"""The short code that a device shows, and a person types somewhere else."""

import secrets

from roster.auth.tokens import Tokens

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""That of RFC 8628: no words come of it, and no letter is taken for a digit."""
LENGTH, GROUP = 8, 4
LONGEST_TYPED = 40
PURPOSE = "user-code"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    return f"{code[:GROUP]}-{code[GROUP:]}"


def typed(text: str) -> str:
    """Read a code, however it was written."""
    return "".join(char for char in text.upper() if char in ALPHABET)


def digest_of(code: str, tokens: Tokens) -> str:
    return tokens.marks_of(PURPOSE, code)[0]


def digests_of(code: str, tokens: Tokens) -> list[str]:
    """Give those under any key: one may have been put in front meanwhile."""
    return tokens.marks_of(PURPOSE, code)
