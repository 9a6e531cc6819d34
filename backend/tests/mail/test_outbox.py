import stat
from pathlib import Path

from roster.mail.letters import Letter, compose
from roster.mail.transports import Outbox, transport_of
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


def test_without_a_mail_server_it_is_used(tmp_path: Path) -> None:
    assert isinstance(transport_of(Settings(data_dir=tmp_path)), Outbox)
