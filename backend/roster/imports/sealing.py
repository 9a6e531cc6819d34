"""How the token for the instance of a lock file is kept until that has been read.

The envelope names the import and the address that the token is for.
"""

import orjson
from cryptography.fernet import InvalidToken
from pydantic import SecretStr

from roster.core.crypto import Cipher
from roster.imports.models import Import


class TokenLostError(Exception):
    """What is stored was sealed for something else, or with a key that is gone."""


def seal(cipher: Cipher, row: Import, token: str) -> str:
    return cipher.encrypt(orjson.dumps([*_label(row), token]).decode())


def unseal(cipher: Cipher, row: Import, sealed: str | None) -> SecretStr | None:
    """Give the token to fetch with, if there is one.

    Raises:
        TokenLostError: It cannot be opened.
    """
    if sealed is None:
        return None
    try:
        *told, token = orjson.loads(cipher.decrypt(sealed))
    except InvalidToken as error:
        raise TokenLostError from error
    if told != _label(row):
        raise TokenLostError
    return SecretStr(token)


def _label(row: Import) -> list[str]:
    return [str(row.id), row.origin]
