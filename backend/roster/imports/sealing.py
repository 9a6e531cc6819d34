"""How the token for the instance of a lock file is kept until that has been read.

The envelope names the import and the address that the token is for.
"""

from pydantic import SecretStr

from roster.core.crypto import Cipher
from roster.imports.models import Import


def seal(cipher: Cipher, row: Import, token: str) -> str:
    return cipher.seal_for(_label(row), token)


def unseal(cipher: Cipher, row: Import, sealed: str | None) -> SecretStr | None:
    """Give the token to fetch with, if there is one.

    Raises:
        NotOpenedError: It cannot be opened.
    """
    return None if sealed is None else SecretStr(cipher.open_for(_label(row), sealed))


def _label(row: Import) -> list[str]:
    return [str(row.id), row.origin]
