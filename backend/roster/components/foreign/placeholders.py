"""What the texts of commands have filled in, as each tool spells it: both ways.

What is read of a tool is written for it again as it was: where it would not be, the
text stays as it stands.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

_OURS = re.compile(
    r"(?=[!@$])(?:"  # which is looked for fast
    r"!`(?P<shell>[^`\n]+)`|"
    r"(?<![\w`@])@(?P<file>(?:[\w.~-]+/)*[\w.~-]*\.\w{1,8}(?!\w)(?![@/]))|"
    r"(?<!\\)\$ARGUMENTS(?:\[(?P<index>\d{1,2})\])?|"
    r"(?<![\\$\w])\$(?:(?P<number>\d)(?![\d.,]\d|\d)|(?P<name>[a-z]\w{0,40})))"
)
_ARGUMENT = re.compile(r"(?<!\\)\$ARGUMENTS(?!\[)")
_INPUT = re.compile(r"\$\{input:(?P<id>[\w-]{1,60})\}")
_POSITION = re.compile(r"argument-(?P<number>\d)\Z")
_INJECTED = re.compile(r"(?P<mark>[!@])\{")
_BRACE = re.compile(r"[{}]")
_FILLED_BY_GEMINI = re.compile(r"\{\{args\}\}|[!@]\{")
_NAMED = re.compile(r"\$\{(\w+)\}", re.ASCII)
_SPACED = re.compile(r"\$\{ (\w+) \}", re.ASCII)
# Behind a backslash, or before a number in brackets, ours would say something else.
_PLAIN_ARGS = re.compile(r"(?<!\\)\{\{args\}\}(?!\[\d)")
ARGS = "{{args}}"
_ALL = "$ARGUMENTS"


@dataclass
class Filled:
    """A text for a tool.

    Attributes:
        text: The new one.
        pairs: What is spelled otherwise.
        left: What the tool takes for words, or for something else.
    """

    text: str
    pairs: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def _swept(
    body: str, names: Sequence[str], of: Callable[[re.Match[str]], str | None]
) -> Filled:
    """Each placeholder by `of`, which gives None for what stays."""
    found = Filled(body)

    def one(match: re.Match[str]) -> str:
        if match["name"] and match["name"] not in names:
            return match.group()
        new = of(match)
        if new is None:
            found.left.append(match.group())
            return match.group()
        if new != match.group():
            found.pairs.append(f"{match.group()} as {new}")
        return new

    found.text = _OURS.sub(one, body)
    while (again := _OURS.sub(one, found.text)) != found.text:
        found.text = again  # one that stood too near to another one before
    found.pairs = list(dict.fromkeys(found.pairs))
    found.left = list(dict.fromkeys(found.left))
    return found


def left_alone(body: str, names: Sequence[str]) -> Filled:
    """For a tool that fills nothing in."""
    return _swept(body, names, lambda _: None)


def to_copilot(body: str, names: Sequence[str]) -> Filled:
    """Copilot asks a person for what is to be filled in."""

    def one(match: re.Match[str]) -> str | None:
        if match["shell"] or match["file"]:
            return None
        number = match["index"] or match["number"]
        return f"${{input:{_input(match, number)}}}"

    return _swept(body, names, one)


def _input(match: re.Match[str], number: str | None) -> str:
    if number:
        return f"argument-{number}"
    return match["name"] or "arguments"


def of_copilot(text: str, names: Sequence[str]) -> str:
    def one(match: re.Match[str]) -> str:
        position = _POSITION.match(match["id"])
        if position:
            return f"${position['number']}"
        if match["id"] == "arguments":
            return _ALL
        return f"${match['id']}" if match["id"] in names else match.group()

    read = _INPUT.sub(one, text)
    return read if to_copilot(read, names).text == text else text


def to_opencode(body: str, names: Sequence[str]) -> Filled:
    """OpenCode counts the arguments from one, and knows no names of them."""
    found = Filled(body)
    matches = list(_OURS.finditer(body))
    from_zero = any(match["number"] == "0" or match["index"] for match in matches)

    def one(match: re.Match[str]) -> str:
        number = match["index"] or match["number"]
        if match["name"] in names:
            new = f"${names.index(match['name']) + 1}"
        elif number and from_zero:
            new = f"${int(number) + 1}"
        else:
            return match.group()
        found.pairs.append(f"{match.group()} as {new}")
        return new

    found.text = _OURS.sub(one, body)
    found.pairs = list(dict.fromkeys(found.pairs))
    return found


def to_gemini(body: str, names: Sequence[str]) -> Filled:
    """Gemini has all arguments at once; what would start for it alone is broken up."""
    broken = _INJECTED.sub(r"\g<mark> {", body)

    def one(match: re.Match[str]) -> str | None:
        shell = match["shell"]
        if shell:
            written = f"!{{{shell.strip()}}}"
            is_whole = shell.strip() and _closing(written, 2) == len(written)
            return written if is_whole and not _ARGUMENT.search(shell) else None
        if match["file"]:
            return f"@{{{match['file']}}}"
        return ARGS if match.group() == _ALL else None

    found = _swept(broken, names, one)
    literal = dict.fromkeys(_FILLED_BY_GEMINI.findall(body))
    found.left += [f"{one} (a mark of Gemini CLI itself)" for one in literal]
    return found


def of_gemini(text: str) -> tuple[str, list[str]]:
    """What Gemini fills in, where it means the same with us, and what is kept."""
    injected, kept = _of_pieces(text)
    for read in (injected, _PLAIN_ARGS.sub(_ALL, text)):
        if to_gemini(read, ()).text == text:
            return read, kept
    return injected, kept


def _of_pieces(text: str) -> tuple[str, list[str]]:
    pieces, kept = [], []
    for mark, piece in _pieces(text):
        inner = piece[2:-1].strip()
        new = f"!`{inner}`" if mark == "!" else f"@{inner}"
        if not mark:
            pieces.append(_PLAIN_ARGS.sub(_ALL, piece))
        # Gemini quotes what it puts into a shell command, and we would not.
        elif inner and ARGS not in inner and to_gemini(new, ()).text == piece:
            pieces.append(new)
        else:
            pieces.append(piece)
            kept.append(piece)
    return "".join(pieces), kept


def to_gemini_agent(body: str) -> str:
    """Gemini refuses to start an agent whose prompt names what nobody gave it."""
    return _NAMED.sub(r"${ \1 }", body)


def of_gemini_agent(text: str) -> str:
    return _SPACED.sub(r"${\1}", text)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text cut into ``!{…}`` and ``@{…}``, with their mark, and what is between."""
    done = 0
    for match in _INJECTED.finditer(text):
        if match.start() < done:
            continue
        end = _closing(text, match.end())
        if end is None:
            break
        yield "", text[done : match.start()]
        yield match["mark"], text[match.start() : end]
        done = end
    yield "", text[done:]


def _closing(text: str, start: int) -> int | None:
    """Where the brace that was opened before is closed."""
    depth = 1
    for match in _BRACE.finditer(text, start):
        depth += 1 if match.group() == "{" else -1
        if not depth:
            return match.end()
    return None
