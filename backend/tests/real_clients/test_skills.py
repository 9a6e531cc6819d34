"""The skills CLI lists and installs what a collection holds, and what is public."""

import re

import pytest

from tests.real_clients.installing import Clients
from tests.real_clients.registry import TEAM, Collection, Registry
from tests.real_clients.sandbox import Sandbox

AGENTS = ("-a", "claude-code", "codex", "gemini-cli", "opencode")
COUNT = re.compile(r"Found (?:\x1b\[\d+m)*(\d+)(?:\x1b\[\d+m)* skill")


def counted(said: str) -> int:
    found = COUNT.search(said)
    assert found, said
    return int(found[1])


def test_list_and_install_from_the_address_of_git(
    clients: Clients, registry: Registry, kit: Collection, sandbox: Sandbox
) -> None:
    url = registry.git("forge/kit", with_token=True)
    project = sandbox.project()
    listed = sandbox.good(clients.skills, "add", url, "--list", cwd=project)
    assert counted(listed.out) == len(kit.of("skill")), listed.said
    for name in kit.of("skill"):
        assert name in listed.out, listed.said
    done = sandbox.good(
        clients.skills, "add", url, "--skill", "*", *AGENTS, "-y", cwd=project
    )
    there = {path.parent.name for path in project.glob(".agents/skills/*/SKILL.md")}
    assert there == set(kit.of("skill")), done.said


@pytest.mark.parametrize("path", ["", f"marketplace/{TEAM}"])
def test_list_and_install_what_is_public(
    clients: Clients,
    registry: Registry,
    public: Collection,
    sandbox: Sandbox,
    path: str,
) -> None:
    project = sandbox.project()
    command = (clients.skills, "add", registry.url(path))
    listed = sandbox.good(*command, "--list", cwd=project)
    assert counted(listed.out) == len(public.of("skill")), listed.said
    done = sandbox.good(*command, "--skill", "*", *AGENTS, "-y", cwd=project)
    there = {path.parent.name for path in project.glob(".agents/skills/*/SKILL.md")}
    assert there == set(public.of("skill")), done.said
