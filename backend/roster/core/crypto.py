"""Encryption of secrets at rest."""

from collections.abc import Sequence

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NotOpenedError(Exception):
    """A value was sealed for something else, or with a key that is gone."""


class Cipher:
    """Fernet under several keys: the first encrypts, all decrypt."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def reencrypt(self, sealed: str) -> str:
        """Seal with the first key what any of them sealed.

        Raises:
            InvalidToken: None of them did.
        """
        return self._fernet.rotate(sealed).decode()

    def decrypt(self, sealed: str) -> str:
        return self._fernet.decrypt(sealed).decode()

    def seal_for(self, label: Sequence[str], value: str) -> str:
        """Encrypt a value together with what it is for."""
        return self.encrypt(orjson.dumps([*label, value]).decode())

    def open_for(self, label: Sequence[str], sealed: str) -> str:
        """Give the value that was sealed for the same.

        Raises:
            NotOpenedError: It was not.
        """
        try:
            *told, value = orjson.loads(self.decrypt(sealed))
        except InvalidToken as error:
            raise NotOpenedError from error
        if told != list(label):
            raise NotOpenedError
        return str(value)
