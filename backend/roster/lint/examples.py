"""Reads the example dialogues that descriptions carry."""

import re
from collections.abc import Iterator
from itertools import islice

from pydantic import BaseModel, ConfigDict

MAX_EXAMPLES = 500
_MAX_BLOCK = 20_000
_OPEN = re.compile(r"<example[^<>\n]{0,80}>", re.IGNORECASE)
_CLOSE = re.compile(r"</example>", re.IGNORECASE)
_ESCAPED = re.compile(r"(?<!\\)\\{1,4}[nrt]")
_ESCAPED_QUOTE = re.compile(r"(?<!\\)\\{1,4}([\"'])")
_LABEL = re.compile(
    r"(?<![\w-])(?P<bold>\*{0,2}|_{0,2})(?P<role>user|human|assistant|context|"
    r"commentary|main agent|agent|response)(?P=bold)[ \t]*:[ \t]*\*{0,2}\s*"
    r"|<(?P<tag>/?(?:commentary|user|user_request|assistant|context|response|human|"
    r"user_query|assistant_response))>\s*",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "`": "`"}  # noqa: RUF001  # quotes as people type them
# Nothing but a new part may follow the quote that ends a speech.
_AFTER = re.compile(
    r"[ \t]*(?:\n|\Z|<|\[|\(|\*|-)"
    rf"|[^\w\"'“”<]{{0,8}}(?:\d{{1,2}}[.)][ \t]*)?(?:{_LABEL.pattern})",
    re.IGNORECASE,
)
_NEW_LINE = re.compile(rf"\n[ \t]*(?:[-*][ \t]+)?(?:{_LABEL.pattern})", re.IGNORECASE)
_MAX_SPEECH = 4_000
_MAX_SPEECHES = 1_000
# A speaker who is called by name instead of "user".
_NAMED = re.compile(r"(?:\A|\n)[ \t]*([A-Z][a-z]{1,20}):[ \t]*(?=[\"'“])")
_NO_SPEAKER = {"context", "commentary", "assistant", "note", "result", "output"}
_ROLES = {
    "human": "user",
    "user_request": "user",
    "user_query": "user",
    "main agent": "assistant",
    "agent": "assistant",
    "response": "assistant",
    "assistant_response": "assistant",
}


class Example(BaseModel):
    """One turn of a user in an example, and what goes with it."""

    model_config = ConfigDict(frozen=True)

    context: str | None
    user: str
    assistant: str | None
    commentary: str | None


def extract(text: str) -> list[Example]:
    """The example dialogues of a text: one for each thing that a user says."""
    plain = _ESCAPED_QUOTE.sub(r"\1", _ESCAPED.sub("\n", text))
    found: list[Example] = []
    rest: list[str] = []
    done = 0
    for start, end in _blocks(plain):
        rest.append(plain[done:start])
        block = plain[start:end]
        found += _turns(block) or _turns(_call_user(block))
        done = end
        if len(found) >= MAX_EXAMPLES:
            return found[:MAX_EXAMPLES]
    rest.append(plain[done:])
    for piece in rest:
        found += _turns(piece, quoted=True)
    return found[:MAX_EXAMPLES]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    for match in _OPEN.finditer(text):
        close = _CLOSE.search(text, match.end(), match.end() + _MAX_BLOCK)
        following = _OPEN.search(text, match.end(), match.end() + _MAX_BLOCK)
        end = min(
            close.start() if close else len(text),
            following.start() if following else len(text),
            match.end() + _MAX_BLOCK,
        )
        yield match.end(), end


def _call_user(block: str) -> str:
    """The block with "user" for a speaker who has a name of their own."""
    return _NAMED.sub(
        lambda match: (
            match.group()
            if match[1].lower() in _NO_SPEAKER
            else match.group().replace(match[1], "user", 1)
        ),
        block,
    )


def _turns(block: str, *, quoted: bool = False) -> list[Example]:
    """The turns of a block; outside of one, only what stands in quotes counts."""
    context: str | None = None
    turns: list[dict[str, str | None]] = []
    for role, said, is_quoted in islice(_speeches(block), _MAX_SPEECHES):
        if role == "user" and said and (is_quoted or not quoted):
            turns.append({"context": context, "user": said})
        elif role == "context":
            context = said
        elif turns:
            turns[-1].setdefault(role, said)
    return [
        Example(
            context=turn["context"],
            user=turn["user"] or "",
            assistant=turn.get("assistant"),
            commentary=turn.get("commentary"),
        )
        for turn in turns
    ]


def _speeches(block: str) -> Iterator[tuple[str, str, bool]]:
    """Who says what, in order: role, words, whether they stand in quotes."""
    match = _LABEL.search(block)
    while match:
        role = (match["role"] or match["tag"]).lower()
        role = _ROLES.get(role, role)
        begin = match.end()
        closed = None
        if match["tag"] and match["tag"].startswith("/"):
            match = _LABEL.search(block, begin)
            continue
        if not match["tag"] and block[begin : begin + 1] in _QUOTES:
            closed = _quote_end(block, begin)
        following = _next(block, begin, closed)
        end = following.start() if following else len(block)
        if closed is not None:
            yield role, block[begin + 1 : closed].strip(), True
        else:
            yield role, _bare(block[begin:end]), False
        match = following


def _next(block: str, begin: int, closed: int | None) -> re.Match[str] | None:
    return _LABEL.search(block, begin if closed is None else closed + 1)


def _quote_end(block: str, begin: int) -> int | None:
    """The quote that ends a speech; None where the speech is not closed."""
    mark = _QUOTES[block[begin]]
    stop = begin + _MAX_SPEECH
    following = _NEW_LINE.search(block, begin, stop)
    stop = following.start() if following else stop
    last: int | None = None
    at = block.find(mark, begin + 1, stop)
    while at >= 0:
        if _AFTER.match(block, at + 1):
            return at
        last = at
        at = block.find(mark, at + 1, stop)
    return last


def _bare(words: str) -> str:
    """Words without quotes, as far as the next tag or empty line."""
    words = re.split(r"\n[ \t]*\n|</?example", words.strip(), maxsplit=1)[0].strip()
    pair = _QUOTES.get(words[:1])
    if pair:
        words = words[1:].removesuffix(pair)
    return words.strip(" \t\n*-").strip()
