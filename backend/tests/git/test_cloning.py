"""Collections as the real git sees them."""

import json
import os
from pathlib import Path

from roster.exports.targets.registry import TARGETS
from tests.components.conftest import agent_file
from tests.git.conftest import Git, Person, answered, subjects


def branches(git: Git, folder: Path) -> set[str]:
    listed = git.do("branch", "-r", "--format=%(refname:lstrip=3)", cwd=folder)
    return set(listed.splitlines()) - {"HEAD"}


def more_in(ada: Person, kit: str) -> None:
    """Make a second release."""
    ada.put(kit, ada.agent("third"), ada.agent("fourth"))
    ada.release(kit)


def test_a_collection_is_cloned(git: Git, kit: str) -> None:
    folder = git.clone("ada/kit")

    assert kit
    assert subjects(git, folder) == ["Release 1"]
    assert git.do("log", "-1", "--format=%b", cwd=folder) == "The first one."
    who = git.do("log", "-1", "--format=%an %ae %cn", cwd=folder)
    assert who == "ada ada@roster.invalid ada"
    assert git.do("rev-parse", "--abbrev-ref", "HEAD", cwd=folder) == "main"
    assert git.do("status", "--porcelain", cwd=folder) == ""
    agents = folder / "plugins/kit/agents"
    assert sorted(path.name for path in agents.iterdir()) == ["helper.md", "lead.md"]
    market = json.loads((folder / ".claude-plugin/marketplace.json").read_text())
    assert market["plugins"][0]["source"] == "./plugins/kit"


def test_each_target_is_a_branch_and_each_release_a_tag(
    git: Git, ada: Person, kit: str
) -> None:
    more_in(ada, kit)
    folder = git.clone("ada/kit")

    assert branches(git, folder) == {"main", *(f"target/{name}" for name in TARGETS)}
    tags = set(git.do("tag", cwd=folder).splitlines())
    assert tags == {
        f"{before}v{number}"
        for before in ("", *(f"{name}/" for name in TARGETS))
        for number in (1, 2)
    }
    for name in TARGETS:
        branch = f"origin/target/{name}"
        assert subjects(git, folder, branch) == ["Release 2", "Release 1"]
        assert subjects(git, folder, f"{name}/v1") == ["Release 1"]
    listed = git.do(
        "ls-tree", "-r", "--name-only", "origin/target/claude-code", cwd=folder
    )
    assert listed.splitlines() == [
        ".claude/agents/fourth.md",
        ".claude/agents/third.md",
    ]


def test_one_branch_or_tag_is_cloned(git: Git, ada: Person, kit: str) -> None:
    more_in(ada, kit)

    branch = git.clone("ada/kit", "--single-branch", "-b", "target/claude-code")
    assert branches(git, branch) == {"target/claude-code"}
    assert (branch / ".claude/agents/third.md").is_file()
    tag = git.clone("ada/kit", "--depth", "1", "-b", "v1", to="tag")
    assert subjects(git, tag) == ["Release 1"]
    assert (tag / "plugins/kit/agents/lead.md").is_file()


def test_a_new_release_is_pulled(git: Git, ada: Person, kit: str) -> None:
    folder = git.clone("ada/kit")
    before = git.do("rev-parse", "HEAD", cwd=folder)
    more_in(ada, kit)

    git.do("pull", "--quiet", "--ff-only", cwd=folder)

    git.check(folder)
    assert subjects(git, folder) == ["Release 2", "Release 1"]
    assert git.do("rev-parse", "HEAD~1", cwd=folder) == before
    assert not (folder / "plugins/kit/agents/lead.md").exists()
    assert git.do("pull", "--ff-only", cwd=folder) == "Already up to date."


def test_a_new_release_is_pulled_into_a_shallow_clone(
    git: Git, ada: Person, kit: str
) -> None:
    more_in(ada, kit)
    folder = git.clone("ada/kit", "--depth", "1")
    assert subjects(git, folder) == ["Release 2"]
    ada.put(kit, ada.agent("fifth"))
    ada.release(kit)

    git.do("fetch", "--quiet", cwd=folder)
    git.do("pull", "--quiet", "--ff-only", cwd=folder)

    git.check(folder)
    assert subjects(git, folder) == ["Release 3", "Release 2"]
    git.do("fetch", "--quiet", "origin", "HEAD", cwd=folder)
    ada.put(kit, ada.agent("sixth"))
    ada.release(kit)
    git.do("fetch", "--quiet", "--depth", "1", cwd=folder)
    git.check(folder)
    assert subjects(git, folder, "origin/main") == ["Release 4"]


def test_a_shallow_clone_is_made_whole(git: Git, ada: Person, kit: str) -> None:
    more_in(ada, kit)
    folder = git.clone("ada/kit", "--depth", "1", "--no-single-branch")

    git.do("fetch", "--quiet", "--unshallow", cwd=folder)

    git.check(folder)
    assert subjects(git, folder) == ["Release 2", "Release 1"]
    assert not (folder / ".git/shallow").exists()


def test_a_part_of_the_history_is_made_longer(git: Git, ada: Person, kit: str) -> None:
    for name in ("third", "fourth", "fifth"):
        ada.put(kit, ada.agent(name))
        ada.release(kit)
    folder = git.clone("ada/kit", "--depth", "2")
    assert subjects(git, folder) == ["Release 4", "Release 3"]

    git.do("fetch", "--quiet", "--depth", "3", cwd=folder)

    git.check(folder)
    assert subjects(git, folder) == ["Release 4", "Release 3", "Release 2"]


def test_only_what_changed_is_sent(git: Git, ada: Person, kit: str) -> None:
    ada.put(kit, *(ada.agent(f"agent-{number}") for number in range(20)))
    ada.release(kit)
    folder = git.clone("ada/kit", "--single-branch")
    listed = ada.api.get("/components", params={"q": "agent-7"}).json()["items"]
    [seven] = [one["id"] for one in listed if one["name"] == "agent-7"]
    ada.publish(seven, agent_file("agent-7", body="You changed.\n"))
    ada.release(kit)

    before = int(git.do("count-objects", cwd=folder).split()[0])

    git.do("fetch", cwd=folder)

    # A commit and its folders, the agent, and the files that say the number.
    after = int(git.do("count-objects", cwd=folder).split()[0])
    assert 8 <= after - before <= 11


def test_a_collection_without_a_release_is_an_empty_repository(
    git: Git, ada: Person
) -> None:
    ada.collect("empty")

    ran = git.run("clone", git.url("ada/empty"), "empty")

    assert ran.code == 0, ran.said
    assert "You appear to have cloned an empty repository." in ran.said


def test_a_program_stays_one(git: Git, ada: Person) -> None:
    kit = ada.collect("kit", ada.skill("notes", runs=("scripts/collect.sh",)))
    ada.release(kit)

    folder = git.clone("ada/kit", "-b", "target/claude-code") / ".claude/skills/notes"

    assert os.access(folder / "scripts/collect.sh", os.X_OK)
    assert not os.access(folder / "SKILL.md", os.X_OK)
    assert (folder / "assets/logo.png").read_bytes() == b"\x89PNG\r\n\x1a\n\x00\xff"


def test_files_may_be_left_out_by_nobody(git: Git, kit: str) -> None:
    """What is left out would be asked for one by one."""
    assert kit
    ran = git.run("clone", "--filter=blob:none", git.url("ada/kit"), "clone")

    assert ran.code == 0, ran.said
    assert "filtering not recognized by server" in ran.said
    git.check(git.home / "clone")


def test_one_commit_is_fetched_by_its_id(git: Git, ada: Person, kit: str) -> None:
    more_in(ada, kit)
    whole = git.clone("ada/kit")
    first = git.do("rev-parse", "v1", cwd=whole)
    folder = git.home / "other"
    git.do("init", "--quiet", folder)

    git.do("fetch", "--quiet", "--depth", "1", git.url("ada/kit"), first, cwd=folder)

    git.check(folder)
    assert subjects(git, folder, "FETCH_HEAD") == ["Release 1"]


def test_a_repository_of_its_own_takes_a_collection_along(git: Git, kit: str) -> None:
    """Nothing of what the client has is known here."""
    assert kit
    folder = git.home / "own"
    git.do("init", "--quiet", "-b", "main", folder)
    author = ("-c", "user.name=Me", "-c", "user.email=me@example.org")
    for number in range(40):
        git.do(*author, "commit", "-q", "--allow-empty", "-m", f"{number}", cwd=folder)

    git.do("fetch", "--quiet", git.url("ada/kit"), "main", cwd=folder)

    git.check(folder)
    assert subjects(git, folder, "FETCH_HEAD") == ["Release 1"]


def test_a_submodule_is_a_collection(git: Git, kit: str) -> None:
    assert kit
    folder = git.home / "own"
    git.do("init", "--quiet", folder)

    git.do("submodule", "--quiet", "add", git.url("ada/kit"), "kit", cwd=folder)

    assert (folder / "kit/plugins/kit/agents/lead.md").is_file()


def test_old_addresses_go_on(git: Git, ada: Person, kit: str) -> None:
    folder = git.clone("ada/kit")
    tag = {"If-Match": "*"}
    answered(
        ada.api.post(f"/collections/{kit}/rename", json={"name": "tools"}, headers=tag)
    )
    more_in(ada, kit)

    git.do("pull", "--quiet", "--ff-only", cwd=folder)
    other = git.clone("ada/tools", to="other")

    assert subjects(git, folder) == ["Release 2", "Release 1"]
    assert git.do("rev-parse", "HEAD", cwd=folder) == git.do(
        "rev-parse", "HEAD", cwd=other
    )
