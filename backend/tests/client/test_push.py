"""`roster push`: an import, driven from here."""

import zipfile
from pathlib import Path

import pytest

from roster.client.saying import is_terminal
from tests.client.conftest import Cli
from tests.client.instances import SERVER, Instance, agent

BROKEN = "---\nname: {name}\ndescription: Use it: always.\n---\nRead.\n"
LEAK = SERVER.replace("${TICKETS_TOKEN}", "ghp_" + "a1B2" * 9)


def put(folder: Path, name: str, text: str) -> Path:
    place = folder / "agents" / f"{name}.md"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text)
    return place


def names(instance: Instance) -> set[str]:
    items = instance.ask("GET", "/components", params={"limit": 100})["items"]
    return {one["name"] for one in items}


def waiting(instance: Instance) -> list[str]:
    items = instance.ask("GET", "/imports", params={"state": "preview"})["items"]
    return [one["id"] for one in items]


def test_a_folder_is_stored_once(instance: Instance, cli: Cli, folder: Path) -> None:
    put(folder, "first", agent("first"))
    put(folder, "second", BROKEN.format(name="second"))
    looked = cli.json("push", str(folder), "--dry-run")
    assert (looked["counts"]["new"], looked["counts"]["needs_repair"]) == (1, 1)
    assert names(instance) == set()

    done = cli.json("push", str(folder), "--yes")
    assert done["results"]["created"] == 2
    assert names(instance) == {"first", "second"}
    again = cli.run("push", str(folder), "--yes")
    assert again.exit_code == 0
    assert "has all of it" in again.stdout
    assert waiting(instance) == []

    put(folder, "first", agent("first", "Look at names."))
    put(folder, "third", agent("third"))
    only = cli.json("push", str(folder), "--all-new")
    assert only["results"]["created"] == 1
    assert only["results"].get("published", 0) == 0
    assert cli.json("push", str(folder))["results"]["published"] == 1


def test_secrets_need_a_word(instance: Instance, cli: Cli, folder: Path) -> None:
    (folder / ".mcp.json").write_text(LEAK % "leaky")
    put(folder, "plain", agent("plain"))
    refused = cli.run("push", str(folder))
    assert refused.exit_code == 11
    assert "--secrets" in refused.stderr
    # Nobody is going to look at it.
    before = len(waiting(instance))
    cli.run("push", str(folder))
    assert len(waiting(instance)) == before
    assert cli.run("push", str(folder), "--secrets", "skip").exit_code == 0
    assert "plain" in names(instance)
    assert "leaky" not in names(instance)
    assert cli.run("push", str(folder), "--secrets", "keep").exit_code == 0
    assert "leaky" in names(instance)


def test_two_files_of_one_name_clash(
    instance: Instance, cli: Cli, folder: Path
) -> None:
    put(folder, "one", agent("same"))
    put(folder, "two", agent("same", "Look at names."))
    put(folder, "three", agent("three"))
    refused = cli.run("push", str(folder))
    assert refused.exit_code == 11
    assert "--skip-clashes" in refused.stderr
    assert cli.run("push", str(folder), "--skip-clashes").exit_code == 0
    assert "three" in names(instance)
    assert "same" not in names(instance)


def test_the_original_may_be_taken(instance: Instance, cli: Cli, folder: Path) -> None:
    text = BROKEN.format(name="rough")
    file = put(folder, "rough", text)
    assert cli.run("push", str(file), "--repair", "original").exit_code == 0
    assert cli.run("show", "agent:ada/rough", "--raw").stdout == text


def test_one_file_and_an_archive(
    instance: Instance, cli: Cli, folder: Path, tmp_path: Path
) -> None:
    file = put(folder, "alone", agent("alone"))
    assert cli.run("push", str(file)).exit_code == 0
    archive = tmp_path / "kit.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(".claude/agents/packed.md", agent("packed"))
    assert cli.run("push", str(archive)).exit_code == 0
    assert {"alone", "packed"} <= names(instance)


@pytest.mark.parametrize(
    ("words", "code"),
    [(["nowhere"], 5), ([".", "--team", "nobody"], 5), (["."], 5)],
    ids=repr,
)
def test_what_cannot_be_sent(
    instance: Instance,
    cli: Cli,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
) -> None:
    monkeypatch.chdir(folder)
    if "--team" in words:
        put(folder, "a", agent("a"))
    assert cli.run("push", *words).exit_code == code


def test_a_folder_without_components(
    instance: Instance, cli: Cli, folder: Path
) -> None:
    (folder / "notes.txt").write_text("Nothing of this sort.\n")
    result = cli.run("push", str(folder))
    assert result.exit_code == 11
    assert "Looked in" in result.stderr


def test_a_person_is_asked(
    instance: Instance, cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_terminal()
    monkeypatch.setattr("roster.client.commands.push.is_terminal", lambda: True)
    put(folder, "asked", agent("asked"))
    (folder / ".mcp.json").write_text(LEAK % "asking")
    no = cli.run("push", str(folder), stdin="a\n")
    assert no.exit_code == 11
    no = cli.run("push", str(folder), stdin="s\nn\n")
    assert no.exit_code == 11
    assert "asked" not in names(instance)
    assert cli.run("push", str(folder), stdin="k\ny\n").exit_code == 0
    assert {"asked", "asking"} <= names(instance)
    put(folder, "other", agent("other"))
    assert cli.run("push", str(folder), stdin="").exit_code == 130
