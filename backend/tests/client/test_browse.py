"""`roster search`, `show`, `targets` and `mcp`: what there is."""

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from roster.client.exits import Trouble
from roster.client.registry.hints import HINTS, Server, servers_in
from tests.client.conftest import Cli
from tests.client.instances import ANY, SERVER, Instance, agent

REMOTE = """{"mcpServers": {"wiki": {
  "type": "http", "url": "https://wiki.example.org/mcp",
  "headers": {"Authorization": "Bearer ${WIKI_TOKEN}", "X-Team": "a b"}}}}
"""
EVIL = Server(
    "evil",
    {
        "command": "npx",
        "args": ["$(touch hacked)", "`touch hacked`", "; touch hacked", '"', "a'b"],
        "env": {"KEY": "${KEY}$(touch hacked)", "OTHER": "${OTHER:-$(touch hacked)}"},
    },
)


@pytest.fixture(scope="module")
def kit(instance: Instance) -> Instance:
    instance.add("agent", "critic", agent("critic"))
    instance.publish("critic", agent("critic", "Look at names."))
    instance.add("server", "tickets", SERVER % "tickets")
    instance.add("server", "wiki", REMOTE)
    instance.collect("kit", ["critic", "tickets", "wiki"])
    instance.release("kit")
    return instance


def test_search(kit: Instance, cli: Cli) -> None:
    found = cli.json("search", "critic")
    assert [one["reference"] for one in found["components"]] == ["agent:ada/critic"]
    assert cli.json("search", "kit")["collections"] == ["ada/kit"]
    assert "agent:ada/critic@2" in cli.run("search", "reviews", "changes").stdout
    only = cli.json("search", "tickets", "--kind", "servers")
    assert [one["reference"] for one in only["components"]] == ["server:ada/tickets"]
    assert "Nothing of this" in cli.run("search", "zebra").stdout


def test_show(kit: Instance, cli: Cli) -> None:
    assert cli.run("show", "ada/critic@1", "--raw").stdout == agent("critic")
    shown = cli.run("show", "agent:ada/critic").stdout
    assert "agent:ada/critic@2" in shown
    assert "Look at names." in shown
    assert cli.json("show", "roster:agent:ada/critic@latest")["number"] == 2
    listed = cli.run("show", "ada/kit").stdout
    assert "server:ada/wiki@1" in listed
    assert cli.run("show", "agent:ada/nothing").exit_code == 5
    assert cli.run("show", "ada/nothing").exit_code == 5
    assert cli.run("show", "no reference").exit_code == 2


def test_show_what_is_not_to_be_used(kit: Instance, cli: Cli) -> None:
    kit.add("agent", "odd", agent("odd"))
    path = f"/components/{kit.ids['odd']}"
    kit.ask("POST", f"{path}/revisions/1/yank", json={"reason": "Bad."}, headers=ANY)
    assert "Yanked: Bad." in cli.run("show", "agent:ada/odd@1").stdout
    assert cli.run("show", "agent:ada/odd").exit_code == 5
    kit.ask("DELETE", path, params={"reason": "Gone."}, headers=ANY)
    gone = cli.run("show", "agent:ada/odd@1")
    assert gone.exit_code == 5
    assert "Gone." in gone.stderr


def test_one_name_of_two_kinds(kit: Instance, cli: Cli) -> None:
    kit.add("agent", "both", agent("both"))
    kit.add("server", "both", SERVER % "both")
    result = cli.run("show", "ada/both")
    assert result.exit_code == 2
    assert "agent:ada/both, server:ada/both" in result.stderr


def test_targets(kit: Instance, cli: Cli) -> None:
    names = [one["name"] for one in cli.json("targets")]
    assert names[0] == "claude-code"
    for name in names:
        assert cli.run("pull", "ada/kit", "-t", name, "--dry-run").exit_code == 0


@pytest.mark.parametrize("target", ["codex", "cursor", "agents-md"])
def test_other_targets_are_pulled_and_checked(
    kit: Instance, cli: Cli, folder: Path, target: str
) -> None:
    words = ("pull", "ada/kit", "--target", target, "--dir", str(folder))
    assert cli.run(*words).exit_code == 0
    assert cli.run(*words, "--check").exit_code == 0
    assert cli.json("status", str(folder), "--pulled")["pulled"][0]["behind"] == 0
    strict = cli.run(*words, "--strict", "--check")
    assert strict.exit_code == (1 if "losses" in strict.stderr else 0)


def test_losses_begin_with_what_matters_most(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    words = ("pull", "ada/kit", "--target", "agent-skills", "--dir", str(folder))
    strict = cli.run(*words, "--strict")
    assert strict.exit_code == 1
    told = [line.split()[0] for line in strict.stderr.splitlines() if line[:2] == "  "]
    assert told[0] == "serious:"
    order = ["serious:", "notable:", "slight:"]
    assert told == sorted(told, key=order.index)
    found = cli.json(*words)
    assert 0 < found["serious"] <= found["losses"]
    assert f"{found['losses']} losses, {found['serious']} serious" in strict.stderr


def test_commands_for_servers(kit: Instance, cli: Cli) -> None:
    found = cli.json("mcp", "ada/kit")
    assert found["variables"] == ["TICKETS_TOKEN", "WIKI_TOKEN"]
    claude = found["commands"]["claude"]
    assert claude == [
        (
            'claude mcp add tickets --env TICKETS_TOKEN="${TICKETS_TOKEN}" -- npx -y '
            "tickets-mcp@1.2.3"
        ),
        (
            "claude mcp add --transport http wiki https://wiki.example.org/mcp "
            "--header 'Authorization: Bearer '\"${WIKI_TOKEN}\" --header 'X-Team: a b'"
        ),
    ]
    one = cli.json("mcp", "server:ada/wiki", "--tool", "codex")
    assert one["commands"]["codex"] == [
        (
            "codex mcp add wiki --url https://wiki.example.org/mcp "
            "--bearer-token-env-var WIKI_TOKEN"
        )
    ]
    [code] = cli.json("mcp", "server:ada/wiki", "--tool", "vscode")["commands"][
        "vscode"
    ]
    values = json.loads(shlex.split(code)[-1])
    assert values["headers"]["Authorization"] == "Bearer ${env:WIKI_TOKEN}"
    assert "gemini mcp add --transport http" in cli.run("mcp", "ada/kit").stdout


def test_a_collection_without_servers(kit: Instance, cli: Cli) -> None:
    kit.collect("bare", ["critic"])
    kit.release("bare")
    assert cli.run("mcp", "ada/bare").exit_code == 5


@pytest.mark.parametrize("tool", HINTS)
def test_what_a_registry_holds_runs_no_command(tmp_path: Path, tool: str) -> None:
    line = HINTS[tool](EVIL)
    program = line.split()[0]
    script = f'{program}() {{ printf "%s\\n" "$@"; }}\n{line}\n'
    done = subprocess.run(  # noqa: S603 - a shell is what is tried
        ["/bin/bash", "-c", script],
        cwd=tmp_path,
        env={"KEY": "value", "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not list(tmp_path.iterdir())
    if tool != "vscode":
        given: list[str] = EVIL.values["args"]
        assert set(given) <= set(done.stdout.splitlines())
        assert "KEY=value$(touch hacked)" in done.stdout


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"mcpServers": 1}'], ids=repr)
def test_what_is_no_server(data: bytes) -> None:
    with pytest.raises(Trouble):
        servers_in(data)


def test_a_terminal_is_told_nothing_by_a_registry(kit: Instance, cli: Cli) -> None:
    text = agent("loud").replace("Reviews changes.", '"Reviews \\e[31mchanges."')
    kit.add("agent", "loud", text)
    found: Any = cli.run("search", "loud")
    assert "\x1b" not in found.stdout
