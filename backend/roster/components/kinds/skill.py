"""The kind `skill`: a folder with a SKILL.md, as the Agent Skills standard has it."""

from typing import Any

from pydantic import Field

from roster.components.kinds import classify, skill_checks
from roster.components.kinds.agent import used
from roster.components.kinds.draft import Draft
from roster.components.kinds.manifest import Manifest, Truth, Words
from roster.components.kinds.markdown import MarkdownKind

_EXAMPLE = """\
---
name: report-writing
description: Writes a weekly report from notes. Use it when somebody asks for one.
license: MIT
allowed-tools: Read Write
metadata:
  author: platform
---
Read the notes, and write one page in short sentences.
"""
# What collections write into skills beside the documented keys.
_OTHER_KEYS = frozenset(
    {"author", "category", "dependencies", "origin", "requires", "tags", "version"}
)


class SkillManifest(Manifest):
    """The keys of the Agent Skills standard, and those that Claude Code adds."""

    name: str | None = None
    description: str | None = None
    license: str | None = None
    compatibility: str | None = None
    metadata: dict[str, str] | None = None
    allowed_tools: Words = Field(default=None, alias="allowed-tools")
    when_to_use: str | None = None
    argument_hint: str | list[Any] | None = Field(default=None, alias="argument-hint")
    arguments: Words = None
    disable_model_invocation: Truth = Field(
        default=None, alias="disable-model-invocation"
    )
    user_invocable: Truth = Field(default=None, alias="user-invocable")
    disallowed_tools: Words = Field(default=None, alias="disallowed-tools")
    model: str | None = None
    effort: str | int | None = None
    context: str | None = None
    agent: str | None = None
    background: Truth = None
    hooks: dict[str, Any] | None = None
    paths: Words = None
    shell: str | None = None


class Skill(MarkdownKind[SkillManifest]):
    """Reads, mends, writes and recognises skills."""

    name = "skill"
    plural = "skills"
    label = "Skill"
    icon = "IconPuzzle"
    main = "SKILL.md"
    is_tree = True
    facets: tuple[str, ...] = ("model", "tool")
    details: tuple[str, ...] = ()
    example = _EXAMPLE
    manifest = SkillManifest
    known = SkillManifest.documented() | _OTHER_KEYS
    checks = skill_checks.CHECKS

    def export_path(self, name: str) -> str:
        """Where tools look for the file."""
        return f".claude/skills/{name}/SKILL.md"

    def recognise(self, path: str, data: bytes) -> bool:
        """Whether a file found somewhere is the main file of a skill."""
        return classify.classify(path, data) == "skill"

    def more(
        self,
        draft: Draft,  # noqa: ARG002  # other kinds look at the body
        manifest: SkillManifest,
    ) -> dict[str, Any]:
        return {"facets": used(manifest.model, manifest.allowed_tools)}


SKILL = Skill()
