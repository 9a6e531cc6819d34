import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from roster.mail.letters import Letter, compose
from roster.mail.transports import Outbox, transport_of
from roster.serve import announce
from roster.settings import Settings
from tests.services.mails import read_mail

WORDS = {"name": "ada", "username": "ada", "when": "now", "app": "http://r.test"}


async def put(folder: Path, name: str, when: str = "now") -> None:
    letter = Letter("password_changed", "ada@example.org", WORDS | {"when": when})
    message = compose(letter, sender="roster@example.org", message_id=name)
    await Outbox(folder).send(message, name)


async def test_it_is_for_the_owner_of_the_data_folder_alone(tmp_path: Path) -> None:
    await put(tmp_path / "outbox", "1")

    (file,) = (tmp_path / "outbox").iterdir()
    assert file.name == "1.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert read_mail(file.read_bytes()).subject == "Your password was changed"


async def test_a_mail_that_is_written_anew_takes_the_place_of_the_first(
    tmp_path: Path,
) -> None:
    await put(tmp_path, "1", "today")
    await put(tmp_path, "1", "tomorrow")

    (file,) = list(tmp_path.iterdir())  # noqa: ASYNC240 - nobody waits for it
    assert "tomorrow" in read_mail(file.read_bytes()).text


def test_a_start_says_where_it_is(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.data_dir.mkdir()

    announce(settings, "http://localhost:8000")

    outbox = settings.data_dir / "outbox"
    assert f"Mail is written into the folder {outbox}\n" in capsys.readouterr().out
    assert stat.S_IMODE(outbox.stat().st_mode) == 0o700


def test_a_start_with_a_mail_server_does_not(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    url = SecretStr("smtp://roster:hunter2@m.test")
    changes = {"smtp_url": url, "public_url": "https://r.test"}

    announce(settings.model_copy(update=changes), "http://localhost:8000")

    said = capsys.readouterr().out
    assert "outbox" not in said
    assert "hunter2" not in said


def test_without_a_mail_server_it_is_used(tmp_path: Path) -> None:
    assert isinstance(transport_of(Settings(data_dir=tmp_path)), Outbox)
