"""Which targets there are: one line each, in the order in which people see them."""

from roster.exports.targets.agent_skills import TARGET as AGENT_SKILLS
from roster.exports.targets.agents_md import TARGET as AGENTS_MD
from roster.exports.targets.base import Target
from roster.exports.targets.claude_code import TARGET as CLAUDE_CODE
from roster.exports.targets.claude_plugin import TARGET as CLAUDE_PLUGIN
from roster.exports.targets.codex import TARGET as CODEX
from roster.exports.targets.copilot import TARGET as COPILOT
from roster.exports.targets.cursor import TARGET as CURSOR
from roster.exports.targets.gemini import TARGET as GEMINI
from roster.exports.targets.opencode import TARGET as OPENCODE

_ALL = (
    CLAUDE_CODE,
    CLAUDE_PLUGIN,
    COPILOT,
    CURSOR,
    OPENCODE,
    CODEX,
    GEMINI,
    AGENT_SKILLS,
    AGENTS_MD,
)
TARGETS: dict[str, Target] = {target.name: target for target in _ALL}
