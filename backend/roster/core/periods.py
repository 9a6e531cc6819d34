"""A stretch of days up to today, in UTC."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID


class Period:
    """Days up to today, oldest first."""

    def __init__(self, days: int, today: date) -> None:
        self.days = [today - timedelta(days=back) for back in range(days)][::-1]
        self.begin = datetime.combine(self.days[0], time(), UTC)

    @property
    def first_id(self) -> UUID:
        """The smallest UUIDv7 of it: ids are indexed, times are not."""
        return UUID(int=int(self.begin.timestamp() * 1000) << 80)

    def spread(self, counts: Mapping[date, int]) -> list[int]:
        return [counts.get(day, 0) for day in self.days]
