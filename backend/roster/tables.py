"""Every table of Roster, imported once, for the migrations."""

from roster.audit.models import AuditEvent
from roster.auth.models import AuthSession
from roster.blobs.models import Blob
from roster.collections.models import Collection
from roster.components.models import Component
from roster.core.changes import Change
from roster.core.idempotency import IdempotentResponse
from roster.imports.models import Import
from roster.instance.models import PolicyEntry
from roster.jobs.models import Job
from roster.promotions.models import Promotion
from roster.repositories.models import Repository
from roster.search.models import SearchDocument
from roster.secrets.models import Secret
from roster.teams.models import Team
from roster.upstreams.models import UpstreamUpdate
from roster.usage.models import ReleasePull
from roster.users.models import User

__all__ = [
    "AuditEvent",
    "AuthSession",
    "Blob",
    "Change",
    "Collection",
    "Component",
    "IdempotentResponse",
    "Import",
    "Job",
    "PolicyEntry",
    "Promotion",
    "ReleasePull",
    "Repository",
    "SearchDocument",
    "Secret",
    "Team",
    "UpstreamUpdate",
    "User",
]
