from collections import Counter
from collections.abc import Callable

from roster.components.kinds.base import Parsed
from roster.lint.findings import Finding, apply

# Rules about characters: their fixes never touch the same place as each other.
_TEXT = "file."
# The fix that rewrites a whole value comes last, so that it takes the others along.
_LAST = "manifest.literal-newline"


def mend(
    parsed: Parsed,
    accepted: set[int],
    parse: Callable[[str], Parsed],
) -> bytes:
    """The file with all safe fixes and those of the chosen findings, as UTF-8.

    `accepted` holds indices into `parsed.findings`. Fixes may touch the same value:
    characters are mended first, then everything that is safe, then the rest one by
    one, each on a text that is read anew. A chosen fix whose finding is gone by then
    has nothing left to do.

    Raises:
        ValueError: an index names no finding that has a fix.
    """
    chosen = _chosen(parsed, accepted)
    text = apply(
        parsed.text,
        [f.fix for _, f in chosen if f.fix and f.rule.startswith(_TEXT)],
    )
    safe = parse(text).findings
    text = apply(text, [f.fix for f in safe if f.fix and f.fix.safe])
    rest = [item for item in chosen if not item[1].rule.startswith(_TEXT)]
    # From the last to the first of a rule, so that the numbers before stay right.
    rest.sort(key=lambda item: (item[1].rule == _LAST, -item[0]))
    for number, finding in rest:
        same = [f.fix for f in parse(text).findings if f.rule == finding.rule and f.fix]
        unsafe = [fix for fix in same if not fix.safe]
        if number < len(unsafe):
            text = apply(text, [unsafe[number]])
    return text.encode()


def _chosen(parsed: Parsed, accepted: set[int]) -> list[tuple[int, Finding]]:
    """The chosen findings that must be asked for, numbered within their rule."""
    chosen: list[tuple[int, Finding]] = []
    numbers: Counter[str] = Counter()
    for index, finding in enumerate(parsed.findings):
        if index in accepted and finding.fix is None:
            raise ValueError(f"Finding {index} has no fix.")
        if finding.fix and not finding.fix.safe:
            if index in accepted:
                chosen.append((numbers[finding.rule], finding))
            numbers[finding.rule] += 1
    if not accepted <= set(range(len(parsed.findings))):
        raise ValueError("An accepted fix belongs to no finding.")
    return chosen
