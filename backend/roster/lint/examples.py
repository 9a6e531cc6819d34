"""Reads the example dialogues that descriptions carry."""

import re
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

MAX_EXAMPLES = 500
_MAX_BLOCK = 20_000
_OPEN = re.compile(r"<example[^<>\n]{0,80}>", re.IGNORECASE)
_CLOSE = re.compile(r"</example>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\+[nrt]")
_ESCAPED_QUOTE = re.compile(r"\\+([\"'])")
_LABEL = re.compile(
    r"(?<![\w-])(?P<bold>\*{0,2}|_{0,2})(?P<role>user|human|assistant|context|"
    r"commentary|main agent|agent|response)(?P=bold)[ \t]*:[ \t]*\*{0,2}\s*"
    r"|<(?P<tag>/?(?:commentary|user|user_request|assistant|context|response|human|"
    r"user_query|assistant_response))>\s*",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "`": "`"}
_AFTER = re.compile(r"[ \t]*(?:\n|\Z|<|\[|\(|[-–—]|\*)")  # noqa: RUF001  # dashes as people write them
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
        found += _turns(plain[start:end])
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


def _turns(block: str, *, quoted: bool = False) -> list[Example]:
    """The turns of a block; outside of one, only what stands in quotes counts."""
    context: str | None = None
    turns: list[dict[str, str | None]] = []
    for role, said, is_quoted in _speeches(block):
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
    """The quote that ends a speech: the first that nothing but a new part follows."""
    mark = _QUOTES[block[begin]]
    at = block.find(mark, begin + 1)
    last: int | None = None
    while at >= 0:
        after = at + 1
        if _AFTER.match(block, after):
            return at
        label = _LABEL.match(block, after + len(block[after : after + 1]))
        if block[after : after + 1].isspace() and label:
            return at
        last = at
        at = block.find(mark, after)
    label = _LABEL.search(block, begin + 1)
    if last is None or (label and label.start() < last):
        return None
    return last


def _bare(words: str) -> str:
    """Words without quotes, as far as the next tag or empty line."""
    words = re.split(r"\n[ \t]*\n|</?example", words.strip(), maxsplit=1)[0].strip()
    pair = _QUOTES.get(words[:1])
    if pair and len(words) > 1 and words.endswith(pair):
        words = words[1:-1]
    return words.strip(" \t\n*-").strip()
