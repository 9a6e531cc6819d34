"""How the token of a repository is kept: encrypted, together with what it is for.

The envelope names the repository and its address. A row whose ciphertext was put there
from another row opens nothing, and so no token is ever sent elsewhere.
"""

import orjson
from cryptography.fernet import InvalidToken
from pydantic import SecretStr

from roster.core.crypto import Cipher
from roster.repositories.models import Repository


class TokenLostError(Exception):
    """What is stored was sealed for something else, or with a key that is gone."""


def seal(cipher: Cipher, repository: Repository, token: SecretStr) -> str:
    told = [*_label(repository), token.get_secret_value()]
    return cipher.encrypt(orjson.dumps(told).decode())


def token_of(cipher: Cipher, repository: Repository) -> SecretStr | None:
    """Give the token to fetch with, if there is one.

    Raises:
        TokenLostError: It cannot be opened.
    """
    if repository.sealed_token is None:
        return None
    try:
        *told, token = orjson.loads(cipher.decrypt(repository.sealed_token))
    except InvalidToken as error:
        raise TokenLostError from error
    if told != _label(repository):
        raise TokenLostError
    return SecretStr(token)


def _label(repository: Repository) -> list[str]:
    return [str(repository.id), repository.url]
