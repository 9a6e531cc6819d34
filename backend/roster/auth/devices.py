"""What a client is called in lists and mails, after its ``User-Agent``."""

import asyncio
import re

import ua_parser

from roster.auth.models import UNKNOWN_DEVICE

LONGEST_NAME = 100
LONGEST_USER_AGENT = 300
_FIRST_NAME = re.compile(r"[A-Za-z][\w.+ -]*")


def device_name(user_agent: str) -> str:
    """Name a client for people: `Firefox on Linux`, `curl`."""
    found = ua_parser.parse(user_agent)
    own = _FIRST_NAME.match(user_agent)
    program = found.user_agent.family if found.user_agent else own and own[0]
    system = found.os.family if found.os else None
    if program and system:
        return f"{program} on {system}"
    return program or system or UNKNOWN_DEVICE


def printable(user_agent: str) -> str:
    """Give a ``User-Agent`` as it is stored and shown."""
    kept = "".join(char for char in user_agent if char.isprintable())
    return kept[:LONGEST_USER_AGENT]


async def name_device(user_agent: str) -> str:
    """Name a client, off the event loop: an odd one takes a thousand patterns."""
    name = await asyncio.to_thread(device_name, printable(user_agent))
    return name[:LONGEST_NAME]
