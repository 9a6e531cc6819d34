import pytest

from roster.lint import secrets

# Built from pieces, so that no scanner takes this file for a leak.
MIX = "q7Rz2LmX9vKc4TnB8wYs1PdF6hGj3QaE5uZo0iCx"
SECRETS = {
    "an API key": "sk-" + "proj-" + MIX,
    "a GitHub token": "ghp_" + MIX[:36],
    "a GitLab token": "glpat-" + MIX[:20],
    "an AWS access key": "AKIA" + "Q7RZ2LMX9VKC4TNB",
    "a Slack token": "xoxb-" + "9182736450-" + MIX[:24],
    "a Stripe key": "sk_" + "live_" + MIX[:24],
    "a Google API key": "AIza" + MIX[:35],
    "an npm token": "npm_" + MIX[:36],
    "a JSON web token": f"eyJ{MIX[:20]}.eyJ{MIX[5:30]}.{MIX[2:36]}",
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----\n" + MIX,
}


@pytest.mark.parametrize(("label", "secret"), SECRETS.items())
def test_tokens_are_known_by_their_shape(label: str, secret: str) -> None:
    (found,) = secrets.find(f"use {secret} here")
    assert found.label == label
    assert secret not in found.redacted
    assert found.redacted.startswith(secret[:4])
    assert len(found.redacted) < 30


@pytest.mark.parametrize(
    "line",
    [
        f'password = "{MIX[:16]}"',
        f"password: '{MIX[:16]}'",
        f'DB_PASSWORD="{MIX[:16]}"',
        f'"api_key": "{MIX[:16]}"',
        f"apiKey => `{MIX[:16]}`",
        f"client-secret := '{MIX[:16]}'",
        f"postgres://app:{MIX[:16]}@db.internal/app",
    ],
)
def test_passwords_that_are_written_out(line: str) -> None:
    (found,) = secrets.find(line)
    assert line[found.start : found.end] == MIX[:16]
    assert MIX[:16] not in found.redacted


@pytest.mark.parametrize(
    "line",
    [
        'password = "your-password-here1"',
        'password = "changeme12345"',
        'api_key = "sk-..."',
        'token = "${GITHUB_TOKEN_2}"',
        'secret = "<insert secret 1>"',
        'password = "correct-horse-battery-1"',
        'password = "short1"',
        'token = "aaaaaaaaaaaaaaa1"',
        "postgres://user:password1234@localhost/db",
        "postgres://app:$DB_PASS_9x@db/app",
        "password must be at least 12 characters",
        'tokenizer = "gpt2-large-v1.0x"',
        "sk-" + "x" * 40,
        "sk-" + "your-api-key-goes-here-now",
        "ghp_" + "a" * 36,
        "AKIA" + "IOSFODNN7EXAMPLE",
        'password = "allwordsandnothingelse"',
    ],
)
def test_placeholders_and_prose_are_no_secrets(line: str) -> None:
    assert list(secrets.find(line)) == []


def test_what_stands_before_the_name_of_a_password_does_not_matter() -> None:
    line = "{}password = '{}'"
    for before in ("", "a_", "a-b.", "x" * 50 + "_", "a-" * 1_000, "__"):
        [found] = secrets.find(line.format(before, MIX))
        assert found.label == "a password"
    assert list(secrets.find(line.format("com", MIX))) == []
