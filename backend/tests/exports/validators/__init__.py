"""What each tool accepts, as far as it is known: from its documentation and source.

A check takes the files of an export by their paths, and gives what the tool would
refuse, ignore or misread, in a sentence each. To add a tool: a module with a function
`problems`, and a line in `CHECKS`.
"""

from collections.abc import Callable, Mapping

from tests.exports.validators import (
    agents_md,
    codex,
    copilot,
    cursor,
    gemini,
    opencode,
)

Check = Callable[[Mapping[str, bytes]], list[str]]

CHECKS: dict[str, Check] = {
    "agents-md": agents_md.problems,
    "codex": codex.problems,
    "copilot": copilot.problems,
    "cursor": cursor.problems,
    "gemini": gemini.problems,
    "opencode": opencode.problems,
}
"""By the name of the target."""
