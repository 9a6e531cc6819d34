import pytest
from cryptography.fernet import Fernet, InvalidToken

from roster.core.crypto import Cipher

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_what_is_encrypted_can_be_read_again() -> None:
    cipher = Cipher([OLD])

    sealed = cipher.encrypt("a secret ß")

    assert "secret" not in sealed
    assert cipher.decrypt(sealed) == "a secret ß"


def test_a_new_key_in_front_reads_what_the_old_one_sealed() -> None:
    both = Cipher([NEW, OLD])

    assert both.decrypt(Cipher([OLD]).encrypt("kept")) == "kept"
    assert Cipher([NEW]).decrypt(both.encrypt("fresh")) == "fresh"


def test_another_key_reads_nothing() -> None:
    with pytest.raises(InvalidToken):
        Cipher([NEW]).decrypt(Cipher([OLD]).encrypt("kept"))
