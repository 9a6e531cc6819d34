import pytest
from pydantic import SecretStr

from roster.auth.password_rules import check
from roster.auth.passwords import PasswordHasher
from roster.core.errors import Invalid


def refused(password: str) -> str | None:
    try:
        check(SecretStr(password), username="ada-lovelace", email="ada.l@example.org")
    except Invalid as problem:
        (error,) = problem.errors
        assert error.loc == "password"
        assert error.message.endswith(".")
        return error.code
    return None


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "correct horse battery" * 10,
        "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧",
        "  spaces at the ends  ",
        "пароль из трёх слов",
        "9384!ass#02948",
        "vhqzkwdpmxtb",
        "x1" * 6 + "y",
    ],
)
def test_long_passwords_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert refused(password) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("eleven char", "string_too_short"),
        # Twelve characters as typed, but six once they are put together.
        ("e\u0301" * 6, "string_too_short"),
        # One character that stands for eighteen.
        ("\ufdfa" * 100, "string_too_long"),
        ("123456789012", "password_common"),
        ("abcdefghijkl", "password_common"),
        ("lkjhgfdsapoiu", "password_common"),
        ("qwertyuiop12", "password_common"),
        ("Password1234", "password_common"),
        ("!!!password!", "password_common"),
        ("passwordpassword", "password_common"),
        ("LETMEINLETMEIN", "password_common"),
        ("leavemealone", "password_common"),
        ("aaaaaaaaaaaaaaa", "password_common"),
        ("🦊" * 12, "password_common"),
        ("abcabcabcabc", "password_common"),
        ("            ", "password_common"),
        ("ada-lovelace", "password_is_name"),
        ("ADA-LOVELACE", "password_is_name"),
        ("ada-lovelace1815", "password_is_name"),
        ("ada.l@example.org", "password_is_name"),
        ("ada-lovelace@example.org", "password_is_name"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, code: str) -> None:
    assert refused(password) == code


def test_the_error_stands_at_the_field_that_was_sent() -> None:
    with pytest.raises(Invalid) as caught:
        check(SecretStr("short"), username="ada", email="a@b.org", field="new_password")

    assert [error.loc for error in caught.value.errors] == ["new_password"]


async def test_one_keyboard_types_it_as_another() -> None:
    hasher = PasswordHasher(4)
    stored = await hasher.hash(SecretStr("gru\u0308ne Brücke im Nebel"))

    assert (await hasher.verify(SecretStr("grüne Brücke im Nebel"), stored)).correct
    await hasher.close()


async def test_what_grows_too_long_is_no_password() -> None:
    hasher = PasswordHasher(4)
    stored = await hasher.hash(SecretStr("correct horse battery"))

    assert not (await hasher.verify(SecretStr("\ufdfa" * 1024), stored)).correct
    await hasher.close()
