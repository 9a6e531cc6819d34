import re
from html.parser import HTMLParser

import pytest

from roster.auth.mailing import JOBS as ACCOUNT_JOBS
from roster.mail import letters
from roster.mail.letters import Letter, compose
from roster.teams.mailing import JOBS as TEAM_JOBS
from tests.services.mails import Mail, read_mail

LINK = "https://roster.test/reset#AyAomV6MVIvPKf6TGNGo-wR6bFbyhoIT7mXvBSWKdnM"
WORDS = {
    "app": "https://roster.test",
    "name": "Ada Lovelace",
    "username": "ada",
    "email": "ada@example.org",
    "link": LINK,
    "inviter": "bob",
    "place": "the team Engines",
    "role": "editor",
    "expires": "1 May 2026, 08:00 UTC",
    "device": "Firefox on Linux",
    "address": "192.0.2.7",
    "when": "24 April 2026, 08:00 UTC",
    "token": "build server",
    "scopes": "read, write",
    "teams": "all of yours",
    "state": "on",
    "admin": "root",
    "team": "Engines",
    "slug": "engines",
}
KINDS = sorted(
    name.removesuffix(".jinja")
    for name in letters.TEXT.list_templates()
    if name.endswith(".jinja")
)


def write(kind: str, **changes: str) -> Mail:
    letter = Letter(kind, "ada@example.org", WORDS | changes)
    message = compose(letter, sender="roster@example.org", message_id="1")
    return read_mail(message.as_bytes())


class Places(HTMLParser):
    """Collects what a mail would load or lead to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.loads: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for key, value in attrs if key == "href"}
        self.loads |= {value or "" for key, value in attrs if key == "src"}


def test_every_mail_that_is_sent_has_its_words() -> None:
    sent = {
        kind.name.removeprefix("mail.")
        for kind in (*ACCOUNT_JOBS, *TEAM_JOBS)
        if kind.name.startswith("mail.")
    }
    # Asked for by one name and sent to each owner by another.
    sent -= {"ownership_notice"}
    # What is sent to a known address instead of other mails.
    assert sent | {"already_registered"} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_say_the_same(kind: str) -> None:
    mail = write(kind)

    plain = re.sub(r"<style>.*?</style>|<title>.*?</title>|<[^>]+>", " ", mail.html)
    for sentence in re.split(r"\n\n+", mail.text.split("--\n")[0]):
        if "http" not in sentence and "  " not in sentence:
            assert " ".join(sentence.split()) in " ".join(plain.split())
    links = set(re.findall(r"https://\S+", mail.text))
    assert links - {"https://roster.test"} <= Places(mail.html).links | {
        "https://roster.test/forgot"
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_loads_nothing_and_runs_nothing(kind: str) -> None:
    mail = write(kind)

    places = Places(mail.html)
    assert not places.loads
    assert not places.tags & {"script", "img", "link", "iframe", "form", "object"}
    assert "url(" not in mail.html
    assert "@import" not in mail.html
    assert all(link.startswith("https://roster.test/") for link in places.links)


@pytest.mark.parametrize("kind", KINDS)
def test_its_headers_are_complete(kind: str) -> None:
    mail = write(kind)

    assert mail.message["From"] == "Roster <roster@example.org>"
    assert mail.to == "ada@example.org"
    assert mail.message["Message-ID"] == "<1@example.org>"
    assert mail.message["Date"]
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.subject
    assert len(mail.message.get_all("Subject", [])) == 1
    # People read it as it stands, in the outbox.
    for part in mail.message.iter_parts():
        assert part["Content-Transfer-Encoding"] == "7bit"


@pytest.mark.parametrize(
    "evil", ["A\r\nBcc: eve@example.org", "A\nX: y", "A\u2028B: c"]
)
@pytest.mark.parametrize("kind", ["invitation", "token_expires", "ownership_taken"])
def test_a_name_adds_no_header(kind: str, evil: str) -> None:
    mail = write(kind, inviter=evil, place=evil, token=evil, team=evil)

    assert mail.message["Bcc"] is None
    assert mail.message["X"] is None
    assert "\n" not in mail.subject
    assert mail.to == "ada@example.org"


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_adds_no_markup(kind: str) -> None:
    evil = '<img src=x onerror="alert(1)"><a href="https://evil.test">Ada</a> & Co'
    changes = dict.fromkeys(WORDS.keys() - {"app", "link", "slug", "state"}, evil)

    mail = write(kind, **changes)

    places = Places(mail.html)
    assert "img" not in places.tags
    assert "https://evil.test" not in places.links
    assert "&amp;lt;" not in mail.html


def test_long_names_make_no_endless_subject() -> None:
    assert len(write("invitation", place="x" * 500).subject) == letters.SUBJECT_LENGTH


def test_letters_beyond_ascii_arrive() -> None:
    mail = write("token_expires", name="Zoë 🦊", token="Прод")

    assert "Hello Zoë 🦊," in mail.text
    assert mail.subject == "Your API token Прод expires soon"


def test_the_sender_keeps_the_name_that_was_chosen() -> None:
    letter = Letter("password_changed", "ada@example.org", WORDS)
    sender = "Our registry <roster@example.org>"

    assert compose(letter, sender=sender, message_id="1")["From"] == sender
