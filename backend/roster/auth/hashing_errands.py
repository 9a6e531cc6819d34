"""What is asked of whoever hashes passwords, and what is answered."""

from dataclasses import dataclass
from typing import Literal

Scheduling = Literal["idle", "nice"]
"""Only while nothing else wants to run; or with a small part of what there is."""


@dataclass(frozen=True)
class Errand:
    """A password to compare with a hash, or with that of nobody; or to hash."""

    password: str
    stored: str | None = None
    compares: bool = True


@dataclass(frozen=True)
class Verdict:
    correct: bool
    upgraded_hash: str | None = None
    """The password hashed anew, when the stored hash was made at another cost."""
