"""Rules about the manifest and the body of any Markdown file with front matter.

To add one: a function here that takes the draft and yields findings, its name in the
checks of the kinds that it is for, and an entry in the catalogue `lint/rules.py`.
"""

import re
from collections.abc import Iterator

from roster.components.kinds.draft import Draft
from roster.lint.findings import Edit, Finding, Fix
from roster.lint.naming import is_name, slug, stem
from roster.lint.quoting import INDENT, block, double_quoted, quoted, scalar
from roster.lint.source import propose

DESCRIPTION_LENGTH = 1024

_LITERAL = re.compile(r"\\r?\\n|\\n")
_MEANT = re.compile(r"(?:\\n[ \t]*){2}|\\n[ \t]*(?:<|[-*] )|</\w+>\\n")
_LEAST = 2
_SHELL = re.compile(
    r"!`[^`\n]+`|^[ \t]*```!.*?(?:^[ \t]*```|\Z)", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")


def check_name(draft: Draft) -> Iterator[Finding]:
    if not draft.fenced:
        return
    written = draft.written("name")
    if not written.strip():
        yield _missing_name(draft)
    elif not is_name(written):
        nearest, fix = slug(written), None
        if nearest:
            edits = draft.replace("name", scalar(nearest))
            fix = propose(f"Rename it to {nearest}", edits)
        yield draft.value_finding(
            "manifest.name-invalid",
            "name",
            f"“{written[:80]}” is not a registry name: use 1 to 64 lower-case letters, "
            f"digits and single hyphens.",
            fix=fix,
        )


def _missing_name(draft: Draft) -> Finding:
    fix = None
    message = f"The {draft.noun} has no name, so tools skip it. Add a name."
    if draft.proposed:
        message = (
            f"The {draft.noun} has no name, so tools skip it. Its file suggests "
            f"“{draft.proposed}”."
        )
        if "name" in draft.spans:
            start, end = draft.spans["name"]
            gap = "" if draft.source.text[start - 1 : start].isspace() else " "
            edit = Edit(start=start, end=end, text=gap + draft.proposed)
        else:
            line = f"name: {draft.proposed}{draft.source.newline}"
            edit = Edit(start=draft.start, end=draft.start, text=line)
        fix = propose(f"Name it {draft.proposed}", [edit])
    return draft.source.finding(
        "manifest.name-missing",
        (draft.start, draft.start),
        message,
        fix=fix,
    )


def check_file_name(draft: Draft) -> Iterator[Finding]:
    written = draft.values.get("name")
    if not draft.path or not draft.path.endswith(".md") or not isinstance(written, str):
        return
    if stem(draft.path) != written and slug(stem(draft.path)) != draft.name:
        yield draft.value_finding(
            "manifest.name-differs-from-file",
            "name",
            f"The {draft.noun} is called “{written[:80]}”, its file "
            f"“{stem(draft.path)}”. Give both the same name.",
        )


def check_description(draft: Draft) -> Iterator[Finding]:
    text = draft.written("description")
    if not draft.fenced:
        return
    if not text.strip():
        yield draft.value_finding(
            "manifest.description-missing",
            "description",
            f"The {draft.noun} has no description, so nothing says when to call it. "
            f"Say in one or two sentences when to use it.",
            fix=_quote_list(draft, "description"),
        )


def check_description_length(draft: Draft) -> Iterator[Finding]:
    text = draft.written("description")
    if len(text) > DESCRIPTION_LENGTH:
        yield draft.value_finding(
            "manifest.description-long",
            "description",
            f"The description has {len(text):,} characters, and every session reads "
            f"all of them. Keep it under {DESCRIPTION_LENGTH:,}: move examples into "
            f"the prompt.",
        )


def _quote_list(draft: Draft, key: str) -> Fix | None:
    """Text that begins with a bracket was read as a list: take it as the text it is."""
    if not isinstance(draft.values.get(key), list | dict):
        return None
    start, end = draft.spans[key]
    written = draft.source.text[start:end]
    if written[:1] not in {"[", "{"} or "\n" in written or "\r" in written:
        return None
    return propose(f"Put {key} in quotes", draft.replace(key, quoted(written)))


def check_literal_newline(draft: Draft) -> Iterator[Finding]:
    for key, value in draft.values.items():
        if not isinstance(value, str) or "\\n" not in value or key not in draft.spans:
            continue
        count = len(_LITERAL.findall(value))
        if count < _LEAST and not _MEANT.search(value):
            continue
        meant = "\n".join(
            line.rstrip() for line in _LITERAL.sub("\n", value).split("\n")
        )
        meant = meant.replace("\\t", INDENT).replace('\\"', '"').strip("\n")
        start, end = draft.spans[key]
        text = block(meant, draft.source.newline) or double_quoted(meant)
        gap = "" if draft.source.text[start - 1 : start].isspace() else " "
        yield draft.value_finding(
            "manifest.literal-newline",
            key,
            f"The {key} holds {count:,} times a backslash and an n where a line break "
            f"was meant. Turn them into line breaks.",
            fix=propose(
                f"Turn \\n into line breaks in {key}",
                [Edit(start=start, end=end, text=gap + text)],
            ),
        )


def check_types(draft: Draft) -> Iterator[Finding]:
    for key, expected in draft.wrong_types.items():
        value = draft.values[key]
        if key in {"name", "description"} and isinstance(value, list | dict):
            continue  # it counts as missing
        if key in {"tools", "disallowedTools"}:
            yield draft.value_finding(
                "manifest.tools-type",
                key,
                f"{key} must be names with commas between them, or a list. Tools that "
                f"expect that do not understand this value.",
            )
            continue
        fix = None
        if isinstance(value, bool | int | float) and "string" in expected:
            start, end = draft.spans[key]
            written = draft.source.text[start:end]
            fix = propose(f"Put {key} in quotes", draft.replace(key, quoted(written)))
        yield draft.value_finding(
            "manifest.value-type",
            key,
            f"{key} has a value of another type than tools expect "
            f"({expected[:1].lower()}{expected[1:]}).",
            fix=fix,
        )


def check_unknown_keys(draft: Draft) -> Iterator[Finding]:
    by_lower = {re.sub(r"[-_ ]", "", key.lower()): key for key in draft.documented}
    for key in draft.values:
        if key in draft.documented:
            continue
        likely = by_lower.get(re.sub(r"[-_ ]", "", key.lower()))
        if key == "allowed-tools" and "tools" in draft.documented:
            likely = "tools"
        likely = None if likely in draft.values else likely
        hint = f"Was {likely} meant?" if likely else "It is kept, and mostly ignored."
        start = draft.source.text.rfind(key, draft.start, draft.spans[key][0])
        fix = None
        if likely and start >= 0:
            edit = Edit(start=start, end=start + len(key), text=likely)
            fix = propose(f"Call it {likely}", [edit])
        yield draft.source.finding(
            "manifest.unknown-key",
            draft.key_span(key),
            f"{key[:80]} is no documented key of {draft.one}. {hint}",
            fix=fix,
        )


def check_comment_cut(draft: Draft) -> Iterator[Finding]:
    """A description that ends at a # which was meant to be part of it."""
    if not isinstance(draft.values.get("description"), str):
        return
    text = draft.source.text
    start, end = draft.spans.get("description", (0, 0))
    match = _COMMENT.match(text, end) if end > start else None
    if match is None or text[start] in "|>'\"[{":
        return
    whole = text[start : match.end()].rstrip()
    fix = None
    if "\n" not in whole and "\r" not in whole:
        edit = Edit(start=start, end=start + len(whole), text=quoted(whole))
        fix = propose("Take the rest of the line into the description", [edit])
    yield draft.source.finding(
        "yaml.comment-cut",
        match.span(),
        "A blank and a # begin a comment, so the description ends before it. Put the "
        "description in quotes if the rest belongs to it.",
        fix=fix,
    )


def check_body(draft: Draft) -> Iterator[Finding]:
    if draft.fenced and not draft.body.strip():
        yield draft.source.finding(
            "body.empty",
            (draft.body_start, len(draft.source.text)),
            f"The {draft.noun} says nothing below its front matter. Write its "
            f"instructions there.",
        )


def check_shell(draft: Draft) -> Iterator[Finding]:
    """What the shell runs before the model reads the text."""
    for match in _SHELL.finditer(draft.source.text, draft.body_start):
        yield draft.source.finding(
            "body.runs-shell",
            match.span(),
            "The shell runs this when the file is loaded, before the model reads it. "
            "Check that it does what you expect.",
        )
