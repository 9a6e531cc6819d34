"""Answer with what was just made, out of what was written."""

from collections.abc import Mapping
from types import SimpleNamespace

from fastapi import Response, status

from roster.components import details
from roster.components.building import Made
from roster.components.latest import LATEST
from roster.components.readings import Readings
from roster.components.service import Home
from roster.components.shown import shown
from roster.core.caching import version_tag
from roster.core.direct import PlainValues
from roster.core.inserting import row_of


def answer_made(
    made: Made, home: Home, readings: Readings, headers: Mapping[str, str]
) -> Response:
    """Give a component with its first revision, as its kind shows it to its maker."""
    component, author = made.component, made.author
    row = SimpleNamespace(
        **row_of(component),
        team_slug=home.slug,
        team_name=home.name,
        username=author.username,
        author_name=author.display_name,
        role=home.role,
        labels=[(LATEST, made.revision.number, False)],
        draft_id=None,
        upstream_state=None,
    )
    return Response(
        details.joined(shown(row, PlainValues), details.keep_made(readings, made)),
        status.HTTP_201_CREATED,
        {**headers, "ETag": version_tag(component.version)},
        details.JSON,
    )
