"""Every table of Roster, imported once, for the migrations."""

from roster.audit.models import AuditEvent
from roster.auth.models import AuthSession
from roster.components.models import Component
from roster.imports.models import Import
from roster.instance.models import PolicyEntry
from roster.jobs.models import Job
from roster.search.models import SearchDocument
from roster.teams.models import Team
from roster.users.models import User

__all__ = [
    "AuditEvent",
    "AuthSession",
    "Component",
    "Import",
    "Job",
    "PolicyEntry",
    "SearchDocument",
    "Team",
    "User",
]
