"""opencode resolves the configuration that is exported for it."""

import pytest

from tests.real_clients.installing import Clients
from tests.real_clients.registry import Collection, Registry
from tests.real_clients.sandbox import Sandbox

OWN_SKILLS = {"customize-opencode"}


@pytest.mark.parametrize("by_git", [False, True], ids=["archive", "git"])
def test_everything_is_in_the_configuration(
    clients: Clients,
    registry: Registry,
    kit: Collection,
    sandbox: Sandbox,
    *,
    by_git: bool,
) -> None:
    if by_git:
        url = registry.git("forge/kit", with_token=True)
        sandbox.good("git", "clone", "--branch", "target/opencode", url, "project")
        folder = sandbox.folder / "project"
    else:
        folder = registry.unpack(kit, "opencode", sandbox.project())
    debug = (clients.opencode, "debug")
    found = sandbox.good(*debug, "config", cwd=folder).json()
    assert set(kit.of("agent")) <= set(found["agent"])
    assert set(kit.of("command")) <= set(found["command"])
    assert sorted(found["mcp"]) == kit.of("server")
    skills = sandbox.good(*debug, "skill", cwd=folder).json()
    assert {one["name"] for one in skills} - OWN_SKILLS == set(kit.of("skill"))
    for name in kit.of("agent"):
        one = found["agent"][name]
        assert one["description"], name
        assert one["prompt"], name
