"""Every table of Roster, imported once, for the migrations."""

from roster.auth.models import AuthSession
from roster.components.models import Component
from roster.imports.models import Import
from roster.search.models import SearchDocument
from roster.teams.models import Team
from roster.users.models import User

__all__ = ["AuthSession", "Component", "Import", "SearchDocument", "Team", "User"]
