"""What mails say: one source of words each, rendered as text and as HTML."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from roster.core.model import utc_now

SENDER = "Roster"
SUBJECT_LENGTH = 150
_SPACE = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Fold a paragraph of a template; and what names hold must not begin a header."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return _SPACE.sub(" ", kept).strip()


def _folded(text: str) -> str:
    folded = _SPACE.sub(" ", text).strip()
    return Markup(folded) if isinstance(text, Markup) else folded  # noqa: S704 - was it


def _environment(*, html: bool) -> Environment:
    made = Environment(
        loader=PackageLoader("roster.mail"),
        autoescape=html,  # noqa: S701 - the other one makes plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    suffix = "html" if html else "txt"
    made.globals |= {"layout": f"layout.{suffix}", "parts": f"parts.{suffix}"}
    made.filters["folded"] = _folded
    return made


TEXT, HTML = _environment(html=False), _environment(html=True)


@dataclass(frozen=True)
class Letter:
    """A mail before it is given its form."""

    kind: str
    """Name of its template."""
    to: str
    words: dict[str, Any]
    """What the template names."""


def _subject(letter: Letter) -> str:
    template = TEXT.get_template(f"{letter.kind}.jinja")
    context = template.new_context(letter.words)
    subject = one_line("".join(template.blocks["subject"](context)))
    return subject[:SUBJECT_LENGTH]


def compose(letter: Letter, *, sender: str, message_id: str) -> EmailMessage:
    """Write a mail.

    Args:
        letter: What it says.
        sender: Address that it comes from, with or without a name.
        message_id: Tells the mail from all others, whenever it is written anew.
    """
    name, address = parseaddr(sender)
    local, _, domain = address.rpartition("@")
    to_local, _, to_domain = letter.to.rpartition("@")
    ascii_only = letter.to.isascii() and address.isascii()
    # Readable in the outbox as it stands, and taken by every server.
    policy = (SMTP if ascii_only else SMTPUTF8).clone(cte_type="7bit")
    message = EmailMessage(policy=policy)
    message["From"] = Address(one_line(name) or SENDER, local, domain)
    message["To"] = Address(username=to_local, domain=to_domain)
    message["Subject"] = _subject(letter)
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = f"<{message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    text = TEXT.get_template(f"{letter.kind}.jinja").render(letter.words)
    html = HTML.get_template(f"{letter.kind}.jinja").render(letter.words)
    message.set_content(text, cte="7bit" if text.isascii() else None)
    message.add_alternative(
        html, subtype="html", cte="7bit" if html.isascii() else None
    )
    return message
