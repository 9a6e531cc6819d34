"""What a client is called in lists and mails, after its ``User-Agent``."""

import re

import ua_parser

UNKNOWN = "Unknown device"
_FIRST_NAME = re.compile(r"[A-Za-z][\w.+ -]*")


def device_name(user_agent: str) -> str:
    """Name a client for people: `Firefox on Linux`, `curl`."""
    found = ua_parser.parse(user_agent)
    own = _FIRST_NAME.match(user_agent)
    program = found.user_agent.family if found.user_agent else own and own[0]
    system = found.os.family if found.os else None
    if program and system:
        return f"{program} on {system}"
    return program or system or UNKNOWN
