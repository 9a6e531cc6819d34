"""Recognises what is probably a real secret, by its shape."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SHAPES = {
    "a private key": r"-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----[^-]{32}",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})",
    "a GitLab token": r"\bglpat-[\w-]{20,64}",
    "an AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "an API key": r"\bsk-(?:ant-|proj-|svcacct-|or-v1-|live-)?[\w-]{20,256}",
    "a Stripe key": r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,128}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,256}",
    "a Slack webhook": r"hooks\.slack\.com/services/T\w{8,12}/B\w{8,12}/\w{20,32}",
    "a Google API key": r"\bAIza[\w-]{35}\b",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": r"\bpypi-AgE[\w-]{50,256}",
    "a SendGrid key": r"\bSG\.[\w-]{16,32}\.[\w-]{32,64}",
    "a Telegram bot token": r"\b[0-9]{8,10}:AA[\w-]{33}\b",
    "a JSON web token": r"\beyJ[\w-]{10,512}\.eyJ[\w-]{10,1024}\.[\w-]{20,512}",
    "a password in an address": r"\b[a-z][a-z0-9+]{2,20}://[\w.%-]{1,64}:"
    r"(?P<url>[^\s:/@'\"<>]{8,128})@[\w.-]{1,128}",
    "a password": r"(?i)(?<![^\W_])"
    r"(?:passw(?:or)?d|passwd|secret|token|api[_-]?key|access[_-]?key|auth[_-]?token|"
    r"client[_-]?secret)['\"]?[ \t]{0,4}(?::=|=>|[:=])[ \t]{0,4}"
    r"(?P<mark>['\"`])(?P<value>[^\s'\"`<>]{12,200})(?P=mark)",
}
_SIGNS: dict[str, tuple[str, ...] | re.Pattern[str]] = {
    "a private key": ("PRIVATE KEY-----",),
    "a GitHub token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "a GitLab token": ("glpat-",),
    "an AWS access key": ("AKIA", "ASIA"),
    "an API key": ("sk-",),
    "a Stripe key": ("k_live_", "k_test_"),
    "a Slack token": ("xox",),
    "a Slack webhook": ("hooks.slack.com/services/",),
    "a Google API key": ("AIza",),
    "an npm token": ("npm_",),
    "a PyPI token": ("pypi-AgE",),
    "a SendGrid key": ("SG.",),
    "a Telegram bot token": (":AA",),
    "a JSON web token": ("eyJ",),
    "a password in an address": re.compile(r"://[\w.%-]{1,64}:[^\s:/@'\"<>]{8,128}@"),
    "a password": re.compile(r"[:=>][ \t]{0,4}['\"`][^\s'\"`<>]{12}"),
}
"""What stands in every text that a shape is in: most texts hold none of it, and to look
for it is many times as fast."""


@lru_cache(maxsize=128)
def _looking_for(labels: tuple[str, ...]) -> re.Pattern[str]:
    shapes = [_SHAPES[label] for label in labels]
    return re.compile(
        "|".join(
            f"(?P<s{number}>{shape})"
            if "(?i)" not in shape
            else f"(?P<s{number}>(?i:{shape.replace('(?i)', '')}))"
            for number, shape in enumerate(shapes)
        )
    )


def _may_be_in(text: str) -> tuple[str, ...]:
    """The labels of the shapes that the text may hold, in their order."""
    return tuple(
        label
        for label, sign in _SIGNS.items()
        if (
            any(one in text for one in sign)
            if isinstance(sign, tuple)
            else sign.search(text)
        )
    )


_PLACEHOLDER = re.compile(
    r"(?i)example|placeholder|your|my[-_]|change|dummy|fake|sample|test|demo|xxx|\*\*|"
    r"\.\.\.|…|abc|123|insert|replace|redacted|secret|password|passw|token|key|env|"
    r"todo|here|foo|bar|user|hunter2|letmein|admin|localhost|correct|horse|"
    r"[$%#{}()\[\]<>]|process\.|os\.",
)
_STRICT_PLACEHOLDER = re.compile(
    r"(?i)example|placeholder|your|change|dummy|fake|sample|xxxx|\*\*|\.\.\.|…|"
    r"insert|replace|redacted|1234|abcd|0000|[${}<>]",
)
_SHOWN = 4
_LEAST_KINDS = 2  # of lower case, upper case, digits, signs
_LEAST_SHARE = 3  # at least every third character of a secret differs


@dataclass(frozen=True)
class Secret:
    """What looks like a secret, and where; `redacted` may be shown and stored."""

    start: int
    end: int
    label: str
    redacted: str


def find(text: str) -> Iterator[Secret]:
    """Everything in the text that is probably a real secret."""
    labels = _may_be_in(text)
    if not labels:
        return
    for match in _looking_for(labels).finditer(text):
        label = next(one for n, one in enumerate(labels) if match[f"s{n}"])
        found = match.groupdict()
        group = next((name for name in ("value", "url") if found.get(name)), 0)
        value = match[group]
        pattern = _PLACEHOLDER if group else _STRICT_PLACEHOLDER
        if pattern.search(value) or not _is_random(value, named=bool(group)):
            continue
        start, end = match.span(group)
        yield Secret(start, end, label, f"{value[:_SHOWN]}… ({len(value)} characters)")


def _is_random(value: str, *, named: bool) -> bool:
    """Words and repetitions are no secrets."""
    if value.startswith("-----"):
        return True
    kinds = sum(
        bool(re.search(kind, value)) for kind in ("[a-z]", "[A-Z]", "[0-9]", r"[^\w-]")
    )
    varied = len(set(value)) * _LEAST_SHARE >= min(len(value), 36)
    has_digit = bool(re.search("[0-9]", value))
    return varied and kinds >= _LEAST_KINDS and (has_digit or not named)
