"""Times that a request names."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        message = "is before or after all time that can be stored."
        raise ValueError(message) from None


Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
