"""Which targets there are: one line each, in the order in which people see them."""

from roster.exports.targets.base import Target
from roster.exports.targets.claude_code import TARGET as CLAUDE_CODE

TARGETS: dict[str, Target] = {target.name: target for target in (CLAUDE_CODE,)}
