"""Components and their revisions, as commands ask for them."""

from dataclasses import dataclass
from typing import Any

from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api, part
from roster.client.registry.references import ComponentRef

MAINS = {
    "agent": "AGENT.md",
    "skill": "SKILL.md",
    "command": "COMMAND.md",
    "server": "SERVER.json",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A component at one revision.

    Attributes:
        component: As the API gives it.
        number: Of the revision.
        yank_reason: Why that is not to be used; None: it may be.
    """

    component: dict[str, Any]
    number: int
    yank_reason: str | None

    @property
    def path(self) -> str:
        return f"/components/{part(self.component['id'])}/revisions/{self.number}"

    @property
    def main(self) -> str:
        return MAINS[self.component["kind"]]


def find(api: Api, asked: ComponentRef) -> Found:
    """Find what a reference leads to.

    Raises:
        Trouble: Nothing, or several things where it names no kind.
    """
    kinds = [asked.kind] if asked.kind else list(MAINS)
    at = f"@{asked.at}" if asked.at else ""
    found = []
    for kind in kinds:
        try:
            ref = f"{kind}:{asked.team}/{asked.name}{at}"
            found.append(api.get("/resolve", {"ref": ref}))
        except Trouble as trouble:
            if trouble.code is not Exit.not_found:
                raise
    if not found:
        raise Trouble(
            Exit.not_found,
            f"There is nothing called {asked.team}/{asked.name}{at} that you may see.",
        )
    if len(found) > 1:
        names = ", ".join(one["reference"] for one in found)
        raise Trouble(Exit.usage, f"Say which one you mean: {names}.")
    return _live(found[0])


def _live(resolved: dict[str, Any]) -> Found:
    component, revision = resolved["component"], resolved["revision"]
    if component is None:
        stone = resolved["tombstone"]
        reason = f": {stone['reason']}" if stone.get("reason") else ""
        raise Trouble(
            Exit.not_found,
            f"{resolved['reference']} was deleted on "
            f"{stone['deleted_at'][:10]}{reason}",
        )
    if revision is None:
        raise Trouble(
            Exit.not_found, f"{resolved['reference']} has no revision to be shown."
        )
    yanked = revision.get("yanked")
    return Found(component, revision["number"], yanked["reason"] if yanked else None)


def main_of(api: Api, found: Found) -> bytes:
    return api.read(f"{found.path}/files/{found.main}").data
