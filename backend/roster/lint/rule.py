from pydantic import BaseModel, ConfigDict

from roster.lint.findings import Severity


class Rule(BaseModel):
    """What a rule looks at; `help` says what it means, why it matters, what to do."""

    model_config = ConfigDict(frozen=True)

    id: str
    severity: Severity
    title: str
    help: str
