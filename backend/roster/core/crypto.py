"""Encryption of secrets at rest."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


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
