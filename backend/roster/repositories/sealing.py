"""How the token of a repository is kept: encrypted, together with what it is for.

The envelope names the repository and its address. A row whose ciphertext was put there
from another row opens nothing, and so no token is ever sent elsewhere.
"""

from pydantic import SecretStr

from roster.core.crypto import Cipher
from roster.repositories.models import Repository


def seal(cipher: Cipher, repository: Repository, token: SecretStr) -> str:
    return cipher.seal_for(_label(repository), token.get_secret_value())


def token_of(cipher: Cipher, repository: Repository) -> SecretStr | None:
    """Give the token to fetch with, if there is one.

    Raises:
        NotOpenedError: It cannot be opened.
    """
    if repository.sealed_token is None:
        return None
    return SecretStr(cipher.open_for(_label(repository), repository.sealed_token))


def _label(repository: Repository) -> list[str]:
    return [str(repository.id), repository.url]
