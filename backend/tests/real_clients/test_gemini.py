"""Gemini CLI validates, installs and loads the extension of a collection."""

import json
import shutil
from pathlib import Path

import pytest

from tests.real_clients.conftest import KIT
from tests.real_clients.installing import Clients
from tests.real_clients.registry import Collection, Registry
from tests.real_clients.sandbox import Done, Sandbox


class Gemini:
    def __init__(self, clients: Clients, sandbox: Sandbox) -> None:
        self.clients = clients
        self.sandbox = sandbox

    def good(self, *arguments: str, cwd: Path | None = None) -> Done:
        return self.sandbox.good(self.clients.gemini, *arguments, cwd=cwd)

    def listed(self, kit: Collection, cwd: Path | None = None) -> None:
        """It finds each skill, and no fault in an agent."""
        done = self.good("skills", "list", cwd=cwd)
        for name in kit.of("skill"):
            assert f"\n{name} [" in done.out, done.said
        assert "loading error" not in done.said.casefold(), done.said


@pytest.fixture
def gemini(clients: Clients, sandbox: Sandbox) -> Gemini:
    return Gemini(clients, sandbox)


def test_the_extension_is_valid(
    gemini: Gemini, registry: Registry, kit: Collection
) -> None:
    folder = registry.unpack(kit, "gemini", gemini.sandbox.project())
    done = gemini.good("extensions", "validate", str(folder))
    assert "arning" not in done.said, done.said


def test_install_from_the_address_of_git(
    gemini: Gemini, registry: Registry, kit: Collection
) -> None:
    url = registry.git("forge/kit", with_token=True)
    gemini.good(
        *("extensions", "install", url, "--ref", "target/gemini"),
        *("--consent", "--skip-settings"),
    )
    listed = gemini.good("extensions", "list").said
    assert KIT in listed
    assert "1.0.0" in listed
    for server in kit.of("server"):
        assert server in listed, server
    gemini.listed(kit)
    place = gemini.sandbox.home / ".gemini/extensions" / KIT
    assert sorted(path.stem for path in place.glob("agents/*.md")) == kit.of("agent")
    commands = sorted(path.stem for path in place.glob("commands/*.toml"))
    assert commands == kit.of("command")


def test_a_project_has_agents_without_faults(
    gemini: Gemini, registry: Registry, kit: Collection
) -> None:
    """The parts of an extension are those of a project, where it tells their faults."""
    folder = gemini.sandbox.project()
    made = registry.unpack(kit, "gemini", gemini.sandbox.project("unpacked"))
    for part in ("agents", "skills", "commands"):
        shutil.copytree(made / part, folder / ".gemini" / part)
    trusted = json.dumps({str(folder): "TRUST_FOLDER"})
    gemini.sandbox.write(".gemini/trustedFolders.json", trusted)
    gemini.listed(kit, folder)
    (folder / ".gemini/agents/wrong.md").write_text("---\nname: wrong\n---\nNo.\n")
    told = gemini.good("skills", "list", cwd=folder).said
    assert "wrong.md" in told, told
