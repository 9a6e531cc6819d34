"""Claude Code, asked for what it does without an account."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real_clients.installing import Clients
from tests.real_clients.sandbox import Done, Sandbox

MARKETPLACE = Path(".claude-plugin/marketplace.json")


@dataclass
class Claude:
    clients: Clients
    sandbox: Sandbox

    def run(self, *arguments: str | Path, cwd: Path | None = None) -> Done:
        return self.sandbox.run(self.clients.claude, *arguments, cwd=cwd)

    def plugin(self, *arguments: str | Path) -> Any:
        """Run a command about plugins; it must succeed, and say so in JSON."""
        done = self.run("plugin", *arguments, "--json")
        assert done.code == 0, done.said
        return done.json()

    def validate(self, folder: Path) -> None:
        """It is without faults, and without anything to warn of.

        The strict one reads YAML as the standard has it; the newest one mends it.
        """
        newest = self.run("plugin", "validate", folder, "--strict")
        assert newest.code == 0, newest.said
        strict = self.sandbox.run(
            self.clients.claude_strict, "plugin", "validate", folder
        )
        assert strict.code == 0, strict.said

    def validate_project(self, folder: Path) -> None:
        """What a project has is read without a fault.

        What has no front matter is worth a warning, and read as well.
        """
        newest = self.run("plugin", "validate", folder)
        assert newest.code == 0, newest.said
        # The strict one knows plugins alone.
        plugin = self.sandbox.project("plugin")
        shutil.copytree(folder / ".claude", plugin, dirs_exist_ok=True)
        (plugin / ".claude-plugin").mkdir()
        manifest = {"name": "project", "version": "1.0.0"}
        (plugin / ".claude-plugin/plugin.json").write_text(json.dumps(manifest))
        strict = self.sandbox.run(
            self.clients.claude_strict, "plugin", "validate", plugin
        )
        assert strict.code == 0, strict.said

    def validate_marketplace(self, root: Path) -> list[Path]:
        """The marketplace, and each plugin in it; gives the folders of these."""
        entries = json.loads((root / MARKETPLACE).read_text())["plugins"]
        folders = [root / entry["source"] for entry in entries]
        for folder in [root, *folders]:
            self.validate(folder)
        return folders

    def session(self, cwd: Path, *arguments: str | Path) -> dict[str, Any]:
        """What a session would have at its begin: this asks no model."""
        done = self.run(
            *arguments,
            *("-p", "/cost", "--output-format", "stream-json", "--verbose"),
            cwd=cwd,
        )
        assert done.code == 0, done.said
        lines = [json.loads(line) for line in done.out.splitlines()]
        result = lines[-1]
        assert (result["num_turns"], result["total_cost_usd"]) == (0, 0), done.said
        [begun] = [line for line in lines if line.get("subtype") == "init"]
        found: dict[str, Any] = begun
        return found


def of_plugin(names: Iterable[str], plugin: str) -> list[str]:
    """Those of a plugin, as they are called in it."""
    begin = f"{plugin}:"
    return sorted(name.removeprefix(begin) for name in names if name.startswith(begin))
