"""Repositories that nobody fetches, and components that come from them."""

from uuid import UUID

from fastapi import FastAPI
from sqlmodel import select

from roster.blobs.staging import insert_new, row_of
from roster.components.content import TreeFile, content_digest
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.repositories.models import Repository, Taken, Upstream, UpstreamState
from roster.upstreams.models import UpstreamFile, UpstreamSide, UpstreamUpdate
from tests.components.conftest import agent_file

COMMIT = "3f786850e387550fdab836ed7e6dc881de23001b"


async def add_repository(app: FastAPI, component_id: str, name: str) -> UUID:
    """Add one to the team of a component, as who made that."""
    async with app.state.database.write() as session:
        component = await session.get_one(Component, UUID(component_id))
        repository = Repository(
            team_id=component.team_id,
            url=f"https://git.example.org/{name}.git",
            created_by=component.created_by,
        )
        session.add(repository)
    return repository.id


async def follow(app: FastAPI, component_id: str, repository_id: UUID) -> str:
    """Let an agent come from a repository that has an update, and give its digest."""
    async with app.state.database.write() as session:
        found = select(Component).where(Component.id == UUID(component_id))
        component = (await session.exec(found)).one()
        kind = KINDS[component.kind]
        main = TreeFile.of(
            kind.main, agent_file(component.name, body="From upstream.\n").encode()
        )
        digest = content_digest(kind, main.data or b"")
        await insert_new(session, [row_of(main.digest, main.size, main.data)])
        upstream = Upstream(
            component_id=component.id,
            repository_id=repository_id,
            path=f"agents/{component.name}.md",
            taken=Taken.original,
            digest=component.latest_digest,
            number=1,
            base_digest=component.latest_digest,
            commit=COMMIT,
            state=UpstreamState.available,
        )
        session.add(upstream)
        await session.flush()
        session.add(
            UpstreamUpdate(component_id=component.id, digest=digest, commit=COMMIT)
        )
        session.add(
            UpstreamFile(
                component_id=component.id,
                side=UpstreamSide.update,
                path=main.path,
                blob_digest=main.digest,
                size=main.size,
            )
        )
    return digest
