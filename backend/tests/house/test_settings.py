"""The settings, and the file that shows every one of them."""

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import SecretStr, ValidationError

from roster.settings import EXAMPLE_SECRET, Settings

EXAMPLE = Path(__file__).resolve().parents[3] / ".env.example"
PREFIX = "ROSTER_"


def shown() -> dict[str, str]:
    """Read the settings of the example file, by field name."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    pairs = [line.split("=", 1) for line in lines if re.match(r"[A-Z]", line)]
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in pairs
        if name.startswith(PREFIX)
    }


def test_the_example_shows_every_setting_and_no_other() -> None:
    assert set(shown()) == set(Settings.model_fields)


def test_every_setting_of_the_example_is_explained() -> None:
    blocks = EXAMPLE.read_text("utf-8").strip().split("\n\n")

    for block in blocks[1:]:
        *comments, setting = block.splitlines()
        assert re.match(PREFIX, setting), block
        assert comments
        assert all(line.startswith("# ") for line in comments), block


def test_the_example_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = Settings()
    for name, value in shown().items():
        monkeypatch.setenv(PREFIX + name.upper(), value)

    assert Settings() == defaults


@pytest.mark.parametrize(
    "secrets",
    [
        {"setup_code": EXAMPLE_SECRET},
        {"signing_keys": f"a:{EXAMPLE_SECRET * 5}"},
        {"encryption_keys": f"good,{EXAMPLE_SECRET}"},
        {"audit_keys": f"a:{EXAMPLE_SECRET * 5}"},
        {"redis_url": f"redis://:{EXAMPLE_SECRET}@cache:6379"},
        {
            "smtp_url": f"smtp://roster:{EXAMPLE_SECRET}@mail:587",
            "public_url": "https://roster.example.org",
        },
        {"database_url": f"postgresql+asyncpg://roster:{EXAMPLE_SECRET}@db/roster"},
    ],
)
@pytest.mark.parametrize("environment", ["production", "test"])
def test_only_development_takes_the_placeholder(
    environment: Literal["production", "test"], secrets: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError, match="secret of your own") as refusal:
        Settings(environment=environment, **secrets)
    assert "input_value" not in str(refusal.value)  # it would be printed

    Settings(environment="development", **secrets)


def test_only_development_takes_a_code_that_can_be_guessed() -> None:
    short, long = SecretStr("12345678901"), SecretStr("123456789012")

    with pytest.raises(ValidationError, match="at least 12 characters") as refusal:
        Settings(setup_code=short)
    assert short.get_secret_value() not in str(refusal.value)
    Settings(environment="development", setup_code=short)
    Settings(setup_code=long)


def test_mail_never_links_to_a_name_that_a_request_brought() -> None:
    smtp = SecretStr("smtp://mail.example.org")

    with pytest.raises(ValidationError, match="ROSTER_PUBLIC_URL"):
        Settings(smtp_url=smtp)
    Settings(smtp_url=smtp, public_url="https://roster.example.org")
    Settings(environment="development", smtp_url=smtp)


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.org", "https://app.example.org/", "app.example.org"],
)
def test_only_origins_are_taken_as_such(origin: str) -> None:
    with pytest.raises(ValidationError, match=r"https://app\.example\.org, without"):
        Settings(cors_origins=[origin])
    Settings(cors_origins=["https://app.example.org", "http://localhost:5173"])


def test_no_setting_shows_a_secret() -> None:
    secret = "a-secret-that-nobody-may-read"
    settings = Settings(
        setup_code=SecretStr(secret),
        signing_keys=[f"a:{secret}"],
        encryption_keys=[secret],
        audit_keys=[f"a:{secret}"],
        database_url=SecretStr(f"sqlite://{secret}"),
    )

    assert secret not in repr(settings)
    assert secret not in str(settings)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROSTER_CORS_ORIGINS", " https://a.test, ,https://b.test ")

    assert Settings().cors_origins == ["https://a.test", "https://b.test"]


def test_without_an_address_the_database_is_a_file_in_the_data_folder(
    tmp_path: Path,
) -> None:
    settings = Settings(data_dir=tmp_path)

    assert settings.database == f"sqlite+aiosqlite:///{tmp_path / 'roster.db'}"
