"""Which kind of client pulls, after its ``User-Agent``."""

from enum import StrEnum


class Client(StrEnum):
    roster = "roster"
    git = "git"
    claude_code = "claude-code"
    codex = "codex"
    gemini = "gemini"
    opencode = "opencode"
    skills = "skills"
    browser = "browser"
    other = "other"


# What a User-Agent begins with, in lower case. The first one that fits counts.
_BEGINNINGS = (
    ("roster", Client.roster),
    ("git/", Client.git),
    ("jgit", Client.git),
    ("claude", Client.claude_code),
    ("codex", Client.codex),
    ("gemini", Client.gemini),
    ("opencode", Client.opencode),
    ("skills", Client.skills),
    ("mozilla", Client.browser),
)


def client_of(user_agent: str | None) -> Client:
    """Tell the kind; nothing else of what a client says is kept."""
    said = (user_agent or "").lower()
    for beginning, client in _BEGINNINGS:
        if said.startswith(beginning):
            return client
    return Client.other
