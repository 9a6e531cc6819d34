import ssl
from email.message import EmailMessage

import pytest
from pydantic import SecretStr, ValidationError

from roster.jobs.registry import JobError
from roster.mail.letters import Letter, compose
from roster.mail.transports import Smtp, transport_of
from roster.settings import Settings
from tests.services.smtp import MailServer, mail_server


def message(to: str = "ada@example.org") -> EmailMessage:
    words = {"name": "ada", "username": "ada", "when": "now", "app": "http://r.test"}
    letter = Letter("password_changed", to, words)
    return compose(letter, sender="roster@example.org", message_id="1")


async def send(server: MailServer, to: str = "ada@example.org") -> None:
    await Smtp(server.url.get_secret_value()).send(message(to), "1")


async def test_a_mail_arrives() -> None:
    async with mail_server() as server:
        await send(server)

    (mail,) = server.mails
    assert mail.to == "ada@example.org"
    assert mail.subject == "Your password was changed"
    assert "Hello ada," in mail.text
    assert mail.message["Message-ID"] == "<1@example.org>"


async def test_the_line_is_encrypted_where_the_server_can(
    certificate: ssl.SSLContext,
) -> None:
    async with mail_server(certificate=certificate) as server:
        await send(server)

    assert server.encrypted == [True]


@pytest.mark.parametrize("tls", [False, True])
async def test_it_signs_in_over_an_encrypted_line(
    certificate: ssl.SSLContext, tls: bool
) -> None:
    async with mail_server(certificate=certificate, tls=tls, login=True) as server:
        await send(server)

    assert server.encrypted == [True]


async def test_a_password_is_never_sent_in_the_clear() -> None:
    async with mail_server(login=True) as server:
        with pytest.raises(JobError, match="SMTPException"):
            await send(server)

    assert server.mails == []


async def test_a_certificate_of_nobody_knows_whom_is_refused(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    async with mail_server(certificate=certificate, login=True) as server:
        with pytest.raises(JobError, match="cannot be used"):
            await send(server)

    assert server.mails == []


async def test_a_recipient_that_is_refused_is_not_tried_again() -> None:
    async with mail_server() as server:
        with pytest.raises(
            JobError, match=r"does not take this recipient \(550\)"
        ) as e:
            await send(server, "nobody@example.org")

    assert e.value.final


@pytest.mark.parametrize("answer", ["451 4.3.0 Later", "554 5.7.1 Policy"])
async def test_what_the_server_refuses_is_tried_again(answer: str) -> None:
    async with mail_server() as server:
        server.answer = answer
        with pytest.raises(JobError) as refused:
            await send(server)

    assert not refused.value.final
    assert answer[:3] in str(refused.value)
    assert answer[4:] not in str(refused.value)


async def test_a_server_that_is_away_is_tried_again() -> None:
    async with mail_server() as server:
        pass

    with pytest.raises(JobError, match="cannot be used") as refused:
        await send(server)
    assert not refused.value.final


async def test_an_address_beyond_ascii_arrives() -> None:
    async with mail_server() as server:
        await send(server, "jürgen@example.org")

    assert server.recipients == ["jürgen@example.org"]


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtps:"]
)
def test_an_address_of_no_mail_server_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ValidationError, match="Write it like smtp://") as refused:
        Settings(smtp_url=SecretStr(url), public_url="https://r.test")
    assert "input_value" not in str(refused.value)


@pytest.mark.parametrize("sender", ["nobody", "a@", "@b", "a@b\nBcc: c@d", ""])
def test_mail_comes_from_an_address(sender: str) -> None:
    with pytest.raises(ValidationError, match="Write it like roster@"):
        Settings(mail_from=sender)


@pytest.mark.parametrize("url", ["roster.example.org", "ftp://r.test", "https://"])
def test_links_begin_with_an_address(url: str) -> None:
    with pytest.raises(ValidationError, match="Write it like https://"):
        Settings(public_url=url)


def test_links_begin_with_what_was_set_or_else_with_what_is_served() -> None:
    assert Settings(public_url="https://r.test/").app_url == "https://r.test"
    served = Settings().served_at("http://localhost:8123")
    assert served.app_url == "http://localhost:8123"
    both = Settings(public_url="https://r.test").served_at("http://localhost:8123")
    assert both.app_url == "https://r.test"


def test_the_server_of_the_settings_is_used() -> None:
    settings = Settings(smtp_url=SecretStr("smtp://m.test"), public_url="http://r.test")

    assert isinstance(transport_of(settings), Smtp)
