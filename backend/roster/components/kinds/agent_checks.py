"""Rules about agents alone, and the list of all that an agent is checked by."""

from collections.abc import Iterator

from roster.components.kinds import markdown_checks
from roster.components.kinds.draft import Draft
from roster.components.kinds.markdown import Check
from roster.lint.findings import Finding
from roster.lint.quoting import scalar
from roster.lint.source import propose


def check_tools_text(draft: Draft) -> Iterator[Finding]:
    """A list that somebody put into quotes."""
    for key in ("tools", "disallowedTools"):
        value = draft.values.get(key)
        if isinstance(value, str) and value.strip()[:1] == "[":
            fix = None
            if key in draft.spans and value.strip()[-1:] == "]":
                plain = value.strip()[1:-1].replace('"', "").replace("'", "")
                text = scalar(", ".join(part.strip() for part in plain.split(",")))
                fix = propose(
                    f"Write {key} as names with commas", draft.replace(key, text)
                )
            yield draft.value_finding(
                "manifest.tools-type",
                key,
                f"The list of {key} stands in quotes, so it is a text and no list. "
                f"Take the quotes or the brackets off.",
                fix=fix,
            )


CHECKS: tuple[Check, ...] = (
    markdown_checks.check_name,
    markdown_checks.check_file_name,
    markdown_checks.check_description,
    markdown_checks.check_description_length,
    markdown_checks.check_literal_newline,
    markdown_checks.check_types,
    check_tools_text,
    markdown_checks.check_unknown_keys,
    markdown_checks.check_comment_cut,
    markdown_checks.check_body,
)
