"""Claude Code validates, installs and loads what a collection holds."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real_clients import stock
from tests.real_clients.claude import Claude, of_plugin
from tests.real_clients.conftest import KIT, RESERVED
from tests.real_clients.installing import Clients
from tests.real_clients.registry import TEAM, Collection, Registry
from tests.real_clients.sandbox import Sandbox


@pytest.fixture
def claude(clients: Clients, sandbox: Sandbox) -> Claude:
    return Claude(clients, sandbox)


def cloned(claude: Claude, url: str, *options: str) -> Path:
    claude.sandbox.good("git", "clone", *options, url, "cloned")
    return claude.sandbox.folder / "cloned"


def loads(session: dict[str, Any], plugin: str, collection: Collection) -> None:
    """Compare what a session has of a plugin with what the collection holds."""
    skills = [name for name in collection.of("skill") if name != "only-asked"]
    commands = [*collection.of("command"), *collection.of("skill")]
    assert of_plugin(session["agents"], plugin) == collection.of("agent")
    assert set(skills) <= set(of_plugin(session["skills"], plugin))
    assert of_plugin(session["slash_commands"], plugin) == sorted(commands)
    names = [server["name"].split(":") for server in session["mcp_servers"]]
    there = sorted(name for kind, of, name in names if (kind, of) == ("plugin", plugin))
    assert there == collection.of("server")


def test_the_marketplace_and_its_plugin_are_valid(
    claude: Claude, registry: Registry, kit: Collection
) -> None:
    root = cloned(claude, registry.git("forge/kit", with_token=True))
    assert len(claude.validate_marketplace(root)) == 1


def test_a_name_that_is_kept_for_others_is_valid_as_well(
    claude: Claude, registry: Registry, reserved: Collection
) -> None:
    root = cloned(claude, registry.git(f"forge/{RESERVED}", with_token=True))
    assert len(claude.validate_marketplace(root)) == 1


def test_the_marketplace_of_a_team_is_valid(
    claude: Claude, registry: Registry, kit: Collection, reserved: Collection
) -> None:
    root = cloned(claude, registry.git(TEAM, with_token=True))
    claude.validate(root)


def test_install_from_the_address_of_git(
    claude: Claude, registry: Registry, kit: Collection
) -> None:
    url = registry.git("forge/kit", with_token=True)
    added = claude.plugin("marketplace", "add", url)
    assert added["outcome"] == "ok", added
    marketplace = f"{TEAM}-{KIT}"
    assert added["marketplace"] == marketplace
    claude.plugin("install", f"{KIT}@{marketplace}")
    [there] = claude.plugin("list")
    assert there["id"] == f"{KIT}@{marketplace}"
    assert there["version"] == "1.0.0"
    loads(claude.session(claude.sandbox.project()), KIT, kit)


def test_a_helper_for_credentials_keeps_the_address_clean(
    claude: Claude, registry: Registry, kit: Collection
) -> None:
    refused = claude.run("plugin", "marketplace", "add", registry.git("forge/kit"))
    assert refused.code == 1, refused.said
    claude.sandbox.keep_token(registry.address, registry.token)
    claude.plugin("marketplace", "add", registry.git("forge/kit"))
    known = claude.plugin("marketplace", "list")
    assert registry.token not in json.dumps(known)
    claude.plugin("install", f"{KIT}@{TEAM}-{KIT}")


def test_a_new_release_is_an_update(claude: Claude, registry: Registry) -> None:
    first, second = registry.publish(
        "agent", {name: stock.agent(name, "quotes") for name in ("older", "newer")}
    )
    made = registry.collect("updates", [first])
    url = registry.git("forge/updates", with_token=True)
    claude.plugin("marketplace", "add", url)
    claude.plugin("install", "updates@forge-updates")
    made = registry.release(made, [first, second])
    claude.plugin("marketplace", "update", "forge-updates")
    claude.run("plugin", "update", "updates@forge-updates")
    [there] = claude.plugin("list")
    assert there["version"] == "2.0.0"
    loads(claude.session(claude.sandbox.project()), "updates", made)


def test_a_tag_stays_at_its_release(claude: Claude, registry: Registry) -> None:
    one, two = registry.publish(
        "agent", {name: stock.agent(name, "hash") for name in ("first", "second")}
    )
    made = registry.collect("tags", [one])
    registry.release(made, [one, two])
    url = registry.git("forge/tags", with_token=True)
    claude.plugin("marketplace", "add", f"{url}#v1")
    claude.plugin("install", "tags@forge-tags")
    loads(claude.session(claude.sandbox.project()), "tags", made)


def test_a_team_is_one_marketplace(
    claude: Claude, registry: Registry, kit: Collection, reserved: Collection
) -> None:
    claude.sandbox.keep_token(registry.address, registry.token)
    claude.plugin("marketplace", "add", registry.git(TEAM))
    available = claude.plugin("list", "--available")["available"]
    names = {plugin["name"]: plugin for plugin in available}
    listed = registry.ask("GET", "/collections", params={"team": TEAM, "limit": 200})
    assert len(names) == len([one for one in listed["items"] if one["latest_release"]])
    [other] = [name for name in names if "helper" in name]
    assert other != RESERVED
    for name, collection in ((KIT, kit), (other, reserved)):
        claude.plugin("install", f"{name}@{TEAM}")
        loads(claude.session(claude.sandbox.project(name)), name, collection)


@pytest.mark.parametrize("path", [f"{TEAM}/{KIT}", TEAM])
def test_a_marketplace_by_the_address_of_its_document(
    claude: Claude, registry: Registry, kit: Collection, path: str
) -> None:
    """It is read with the token in the address, and its plugins by git."""
    claude.sandbox.keep_token(registry.address, registry.token)
    url = registry.url(f"marketplace/{path}.json", with_token=True)
    added = claude.plugin("marketplace", "add", url)
    claude.plugin("install", f"{KIT}@{added['marketplace']}")
    loads(claude.session(claude.sandbox.project()), KIT, kit)


def test_the_folder_of_a_project_is_valid_and_loads(
    claude: Claude, registry: Registry, kit: Collection
) -> None:
    folder = registry.unpack(kit, "claude-code", claude.sandbox.project())
    claude.validate_project(folder)
    session = claude.session(folder)
    assert set(kit.of("agent")) <= set(session["agents"])
    commands = {*kit.of("command"), *kit.of("skill")}
    assert commands <= set(session["slash_commands"])
