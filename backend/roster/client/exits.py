"""What a command ends with: documented in docs/cli.md, and the same for ever."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes, besides 2 for wrong arguments, which is typer's own."""

    done = 0
    differs = 1
    """It was looked at, and is not as it should be."""
    usage = 2
    sign_in = 3
    """No token, or one that is wrong, expired or revoked."""
    forbidden = 4
    not_found = 5
    network = 6
    version = 7
    """The server speaks another language: too old, too new, or no Roster."""
    local_changes = 8
    """Files here stand in the way; none was touched."""
    tampered = 9
    """What came is not what was promised; nothing was written."""
    disk = 10
    refused = 11
    """The server said no, and why."""
    broken = 70
    """A mistake in this program."""
    interrupted = 130


class Trouble(Exception):  # noqa: N818 - it is what a person has, and not all is an error
    """What is in the way, in one sentence that says what to do."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
