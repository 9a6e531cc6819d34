"""What a shell completes: what this machine knows, without asking any server."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from roster.client.exits import Trouble
from roster.client.trees import state

TARGETS = (
    *("claude-code", "claude-plugin", "copilot", "cursor", "opencode", "codex"),
    *("gemini", "agent-skills", "agents-md"),
)
"""Those of this version; `roster targets` asks the instance for its own."""
LOCK = Path("roster.lock")
_LATEST = "latest"


def targets(incomplete: str) -> list[str]:
    """Names of targets."""
    return _beginning(incomplete, TARGETS)


def collections(incomplete: str) -> list[str]:
    """Collections that were pulled or locked here, and the releases of them."""
    return _beginning(incomplete, [*_pulled(), *_locked()[:1]])


def anything(incomplete: str) -> list[str]:
    """Those, and the components that the lock here holds."""
    found = [*_pulled()]
    for reference in _locked():
        # Bash completes behind the colon of a kind, as if a new word began there.
        named = reference if ":" in incomplete else reference.partition(":")[2]
        found.append(named or reference)
    return _beginning(incomplete, found)


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    """Those that may be meant, and what stands behind `@` once it was typed."""
    wanted: dict[str, None] = {}
    for name in names:
        bare, at, _ = name.partition("@")
        wanted |= dict.fromkeys((bare, name, f"{bare}@{_LATEST}") if at else (name,))
    return [
        name
        for name in wanted
        if name.startswith(incomplete) and ("@" in incomplete or "@" not in name)
    ]


def _pulled() -> Iterator[str]:
    try:
        for one in state.all_in(Path()):
            yield f"{one.team}/{one.collection}@{one.release}"
    except (Trouble, OSError):
        return


def _locked() -> list[str]:
    """The collection of the lock in this folder, and what it holds."""
    try:
        values = json.loads(LOCK.read_bytes())
        collection = f"{values['collection']}@{values['release']}"
        entries = values["lock"]["entries"]
        held = [f"{one['kind']}:{one['name']}@{one['number']}" for one in entries]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [collection, *held]
