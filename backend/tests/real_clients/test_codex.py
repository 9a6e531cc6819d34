"""Codex takes the same marketplace, and reads what is exported for it."""

import json
from typing import Any

import pytest

from tests.real_clients.conftest import KIT
from tests.real_clients.installing import Clients
from tests.real_clients.registry import TEAM, Collection, Registry
from tests.real_clients.sandbox import Sandbox


class Codex:
    def __init__(self, clients: Clients, sandbox: Sandbox) -> None:
        self.clients = clients
        self.sandbox = sandbox

    def json(self, *arguments: str) -> Any:
        return self.sandbox.good(self.clients.codex, *arguments, "--json").json()


@pytest.fixture
def codex(clients: Clients, sandbox: Sandbox) -> Codex:
    return Codex(clients, sandbox)


def test_install_from_the_address_of_git(
    codex: Codex, registry: Registry, kit: Collection
) -> None:
    url = registry.git("forge/kit", with_token=True)
    codex.json("plugin", "marketplace", "add", url)
    available = codex.json("plugin", "list", "--available")
    assert f"{KIT}@{TEAM}-{KIT}" in json.dumps(available)
    codex.json("plugin", "add", f"{KIT}@{TEAM}-{KIT}")
    servers = codex.json("mcp", "list")
    assert {server["name"] for server in servers} >= set(kit.of("server"))
    seen = codex.sandbox.good(codex.clients.codex, "debug", "prompt-input", "hi").out
    for skill in kit.of("skill"):
        assert f"- {KIT}:{skill}: " in seen, skill


def test_a_team_is_one_marketplace(
    codex: Codex, registry: Registry, kit: Collection
) -> None:
    codex.json("plugin", "marketplace", "add", registry.git(TEAM, with_token=True))
    codex.json("plugin", "add", f"{KIT}@{TEAM}")
    servers = codex.json("mcp", "list")
    assert {server["name"] for server in servers} >= set(kit.of("server"))


def test_the_folder_of_a_project(
    codex: Codex, registry: Registry, kit: Collection
) -> None:
    folder = registry.unpack(kit, "codex", codex.sandbox.project())
    trusted = f'[projects.{json.dumps(str(folder))}]\ntrust_level = "trusted"\n'
    codex.sandbox.write(".codex/config.toml", trusted)
    done = codex.sandbox.good(
        codex.clients.codex, "debug", "prompt-input", "hi", cwd=folder
    )
    for agent in kit.of("agent"):
        assert f"{agent}: {{" in done.out, agent
    for skill in kit.of("skill"):
        # One that is only run when it is asked for is not offered to the model.
        assert (f"- {skill}: " in done.out) is (skill != "only-asked"), skill
    listed = codex.sandbox.good(
        codex.clients.codex, "mcp", "list", "--json", cwd=folder
    )
    assert sorted(one["name"] for one in listed.json()) == kit.of("server")
