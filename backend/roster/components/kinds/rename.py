"""Give a file another name, and leave every other byte of it as it is."""

from roster.components.kinds.base import Parsed
from roster.lint import frontmatter, repair, strict
from roster.lint.decoding import encode
from roster.lint.findings import Edit, apply_edits
from roster.lint.naming import is_name
from roster.lint.quoting import scalar
from roster.lint.source import Source


def rename(parsed: Parsed, data: bytes, name: str, known: frozenset[str]) -> bytes:
    """Rewrite the value of the front matter's ``name:``, or add the line.

    Args:
        parsed: What was read from the data.
        data: The bytes of the file.
        name: A valid registry name.
        known: Keys of the kind.

    Raises:
        ValueError: The name is not valid, or there is no front matter to carry it.
    """
    if not is_name(name):
        raise ValueError(f"{name!r} is not a registry name.")
    if parsed.manifest.get("name") == name:
        return data
    source = Source(parsed.text)
    matter = frontmatter.find(source, known)
    if matter is None:
        raise ValueError("There is no front matter to carry a name.")
    edit = _edit(source, (matter.start, matter.end), name, known)
    return encode(apply_edits(parsed.text, [edit]), parsed.encoding)


def _edit(
    source: Source, block: tuple[int, int], name: str, known: frozenset[str]
) -> Edit:
    span = _span_of_name(source, *block, known)
    if span is None:
        line = f"name: {scalar(name)}{source.newline}"
        return Edit(start=block[0], end=block[0], text=line)
    begin, stop = span
    stop = begin + len(source.text[begin:stop].rstrip())
    gap = "" if source.text[begin - 1 : begin].isspace() else " "
    return Edit(start=begin, end=stop, text=gap + scalar(name))


def _span_of_name(
    source: Source, start: int, end: int, known: frozenset[str]
) -> tuple[int, int] | None:
    """Where the value stands, quotes included, also in front matter that is broken."""
    try:
        loaded = strict.load(source.text[start:end])
    except strict.StrictError:
        return repair.mend(source, start, end, known).spans.get("name")
    spot = loaded.spots.get("name")
    return None if spot is None else (start + spot.start, start + spot.end)
