from uuid import UUID

from pydantic import Field

from roster.core.model import Payload
from roster.core.names import ComponentName

MANY = 1000
LATEST = "latest"


class ExportRequest(Payload):
    components: list[UUID] = Field(min_length=1, max_length=MANY)
    label: ComponentName = Field(
        default=LATEST, description="Which revision of each to take."
    )
