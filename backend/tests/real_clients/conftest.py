"""A registry with all kinds of things in it, and real clients that look at it."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.real_clients import stock
from tests.real_clients.installing import Clients, installed
from tests.real_clients.registry import Collection, Registry, member_of, serving
from tests.real_clients.sandbox import Sandbox

KIT, RESERVED, OPEN = "kit", "claude-helper", "open-skills"


@pytest.fixture(scope="session")
def clients() -> Clients:
    return installed()


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Generator[Registry]:
    folder = tmp_path_factory.mktemp("registry")
    with serving(folder) as address, member_of(address) as registry:
        yield registry


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path / "sandbox")


@pytest.fixture(scope="session")
def kit(registry: Registry) -> Collection:
    return registry.collect_everything(KIT)


@pytest.fixture(scope="session")
def reserved(registry: Registry) -> Collection:
    """One whose name tools keep for others."""
    made = registry.publish("agent", {"helper": stock.agent("helper", "plain")})
    return registry.collect(RESERVED, made)


@pytest.fixture(scope="session")
def public(registry: Registry) -> Collection:
    """Skills that everybody may read."""
    made = registry.publish("skill", stock.OPEN_SKILLS, visibility="public")
    return registry.collect(OPEN, made, visibility="public")
