from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI

from roster.audit.sealer import seal_batch
from tests.components.conftest import editor, join, viewer

__all__ = ["editor", "join", "viewer"]

Seal = Callable[..., Awaitable[None]]


async def seal_all(app: FastAPI) -> None:
    """Do what the sealer of a process does, which rests in tests."""
    while await seal_batch(app.state.database, app.state.chain):
        pass
    app.state.hub.sealed()


@pytest.fixture
def seal(app: FastAPI) -> Seal:
    return lambda: seal_all(app)
