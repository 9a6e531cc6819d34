"""Servers without the secrets that stand in them. Uses the CPU only."""

from roster.components.kinds import Parsed
from roster.components.kinds.server_values import take_out
from roster.imports.models import ImportFile, SecretsDecision
from roster.imports.reading import parse

COVER = "•"


def covered(parsed: Parsed) -> str:
    """The text with dots in place of the secrets, so that places stay the same."""
    text = list(parsed.text)
    for literal in parsed.secrets:
        text[literal.start : literal.end] = COVER * (literal.end - literal.start)
    return "".join(text)


def apart(file: ImportFile, data: bytes) -> tuple[bytes, dict[str, str]]:
    """What is stored of a file, and the values that are moved out of it by name."""
    if file.secrets is not SecretsDecision.move or not file.literal_secrets:
        return data, {}
    parsed = parse(file.kind or "", data, file.path)
    return take_out(parsed, {literal.key for literal in parsed.secrets})
