"""Which of the deleted things were emptied, and so cannot come back."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from roster.instance.models import Purge

COMPONENT, COLLECTION, TEAM = "component", "collection", "team"


def not_purged(kind: str, id_: Any) -> ColumnElement[bool]:
    """Rows whose content is still there.

    Args:
        kind: Of the things.
        id_: The column with their ids.
    """
    emptied = (
        select(Purge.id)
        .where(col(Purge.kind) == kind, col(Purge.id) == id_)
        .correlate_except(Purge)
    )
    return ~emptied.exists()
