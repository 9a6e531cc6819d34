"""When a repository is looked at next."""

from datetime import datetime, timedelta

from roster.repositories.models import Every, Repository

TIMES = {
    Every.hour: timedelta(hours=1),
    Every.day: timedelta(days=1),
    Every.week: timedelta(weeks=1),
}
LONGEST = timedelta(weeks=1)
MOST_DOUBLINGS = 8
SPREAD = 10
"""A check comes up to a tenth of its time later, so that not all come at once."""


def next_check(repository: Repository, now: datetime) -> datetime | None:
    """Each failure doubles the time to the next try, up to a week."""
    time = TIMES.get(repository.every)
    if time is None:
        return None
    doubled = time * (1 << min(repository.failures, MOST_DOUBLINGS))
    late = (repository.id.int % 1000) / 1000 / SPREAD
    return now + min(doubled, max(time, LONGEST)) * (1 + late)
