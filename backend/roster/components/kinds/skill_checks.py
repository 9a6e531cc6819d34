"""Rules about skills alone, and the list of all that a skill is checked by."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from roster.components.kinds import markdown_checks
from roster.components.kinds.draft import Draft
from roster.components.kinds.markdown import Check
from roster.lint.findings import Finding
from roster.lint.tokens import count_tokens

STANDARD_KEYS = frozenset(
    {
        "name",
        "description",
        "license",
        "compatibility",
        "metadata",
        "allowed-tools",
    }
)
COMPATIBILITY_LENGTH = 500
BODY_LINES = 500
BODY_TOKENS = 5_000

_FENCED = re.compile(
    r"^[ \t]*(```+|~~~+).*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\]\(\s*<?(?P<path>[^)\s>]{1,300})")
_CODE = re.compile(
    r"`(?P<path>(?:\./)?(?:scripts|references?|assets|templates|resources|examples)/"
    r"[^`\s]{1,200}\.\w{1,8})`"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/#?]")
_PATTERN = re.compile(r"[<>{}*$|\[\]]|\.\.\.|…")


def check_folder(draft: Draft) -> Iterator[Finding]:
    written = draft.written("name")
    place = PurePosixPath((draft.path or "").replace("\\", "/"))
    folder = place.parent.name
    if place.name.lower() != "skill.md" or not folder or not written.strip():
        return
    if written != folder:
        yield draft.value_finding(
            "skill.name-differs-from-folder",
            "name",
            f"The skill is called “{written[:80]}”, its folder “{folder}”. Give both "
            f"the same name.",
        )


def check_lengths(draft: Draft) -> Iterator[Finding]:
    for key, limit, rule in (
        (
            "description",
            markdown_checks.DESCRIPTION_LENGTH,
            "skill.description-too-long",
        ),
        ("compatibility", COMPATIBILITY_LENGTH, "skill.compatibility-too-long"),
    ):
        text = draft.written(key)
        if len(text) > limit:
            yield draft.value_finding(
                rule,
                key,
                f"The {key} has {len(text):,} characters; at most {limit:,} are "
                f"allowed. Move what is beyond into the instructions.",
            )


def check_standard(draft: Draft) -> Iterator[Finding]:
    for key in draft.values:
        if key in draft.documented - STANDARD_KEYS:
            yield draft.source.finding(
                "skill.key-beyond-standard",
                draft.key_span(key),
                f"{key} is a key of Claude Code and not of the Agent Skills standard, "
                f"so strict tools refuse the skill.",
            )


def check_length(draft: Draft) -> Iterator[Finding]:
    lines, tokens = draft.body.count("\n") + 1, count_tokens(draft.body)
    if lines > BODY_LINES or tokens > BODY_TOKENS:
        yield draft.source.finding(
            "skill.long",
            (draft.body_start, draft.body_start),
            f"The instructions have {lines:,} lines and about {tokens:,} tokens, all "
            f"read at each use. Move details into files beside them.",
            evidence="",
        )


def check_files(draft: Draft) -> Iterator[Finding]:
    """Files that the instructions name and that are not there."""
    if draft.others is None:
        return
    there = {*draft.others, "SKILL.md"}
    folders = {str(above) for path in there for above in PurePosixPath(path).parents}
    seen: set[str] = set()
    for start, end in sorted(_paths(draft)):
        written = draft.source.text[start:end]
        path = _inside(written)
        if path is None or path in seen or path in there or path in folders:
            continue
        seen.add(path)
        where = "outside the skill" if path.startswith("..") else "not in the skill"
        yield draft.source.finding(
            "skill.missing-file",
            (start, end),
            f"{written[:120]} is {where}. Add the file or correct the path.",
        )


def _paths(draft: Draft) -> Iterator[tuple[int, int]]:
    """Where paths stand in the instructions; blocks of code are left out."""
    text = draft.source.text
    fences = [match.span() for match in _FENCED.finditer(text, draft.body_start)]
    starts = [start for start, _ in fences]
    for pattern in (_LINK, _CODE):
        for match in pattern.finditer(text, draft.body_start):
            span = match.span("path")
            before = bisect_right(starts, span[0])
            if not before or fences[before - 1][1] <= span[0]:
                yield span


def _inside(written: str) -> str | None:
    """The path within the folder of the skill; None when it names no file."""
    if _SCHEME.match(written) or _PATTERN.search(written):
        return None
    path = unquote(written.partition("#")[0].partition("?")[0])
    return posixpath.normpath(path) if path else None


CHECKS: tuple[Check, ...] = (
    markdown_checks.check_name,
    check_folder,
    markdown_checks.check_description,
    check_lengths,
    markdown_checks.check_literal_newline,
    markdown_checks.check_types,
    check_standard,
    markdown_checks.check_unknown_keys,
    markdown_checks.check_comment_cut,
    markdown_checks.check_body,
    markdown_checks.check_shell,
    check_length,
    check_files,
)
