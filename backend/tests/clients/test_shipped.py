"""git and the validator of skills take what was released, down to the bytes.

The other clients, which are not small, are in tests/real_clients.
"""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.real_clients import stock
from tests.real_clients.conftest import sandbox
from tests.real_clients.installing import AGENTSKILLS
from tests.real_clients.registry import Registry, files_below, member_of
from tests.real_clients.sandbox import Sandbox

__all__ = ["sandbox"]


@pytest.fixture
def registry(address: str) -> Generator[Registry]:
    with member_of(address) as registry:
        yield registry


def clone(sandbox: Sandbox, url: str, name: str, *options: str) -> Path:
    sandbox.good("git", "clone", *options, url, name)
    folder = sandbox.folder / name
    checked = sandbox.good("git", "fsck", "--full", "--strict", cwd=folder)
    assert not checked.out, checked.said
    return folder


def test_each_branch_holds_what_the_archive_of_the_target_does(
    registry: Registry, sandbox: Sandbox
) -> None:
    kit = registry.collect_everything("kit")
    folder = clone(sandbox, registry.git("forge/kit", with_token=True), "cloned")
    listed = registry.ask("GET", "/exports/targets")
    for target in (one["name"] for one in listed):
        sandbox.good("git", "checkout", "--quiet", f"target/{target}", cwd=folder)
        expected = registry.unpack(kit, target, sandbox.project(target))
        assert files_below(folder) == files_below(expected), target
        tree = sandbox.good("git", "ls-tree", "-r", "HEAD", cwd=folder).out
        runs = [line for line in tree.splitlines() if line.startswith("100755")]
        files = registry.preview(kit, target)["files"]
        assert len(runs) == sum(file["mode"] == "100755" for file in files), target

    # The validator of the Agent Skills standard takes all of them.
    sandbox.good("git", "checkout", "--quiet", "target/agent-skills", cwd=folder)
    skills = sorted(path.parent for path in folder.rglob("SKILL.md"))
    assert [skill.name for skill in skills] == kit.of("skill")
    for skill in skills:
        sandbox.good(AGENTSKILLS, "validate", skill)


def test_pull_after_a_new_release(registry: Registry, sandbox: Sandbox) -> None:
    names = ("first", "second", "third")
    agents = registry.publish(
        "agent",
        {f"pulled-{name}": stock.agent(f"pulled-{name}", "colon") for name in names},
    )
    made = registry.collect("pulls", agents[:1])
    made = registry.release(made, agents[:2])
    url = registry.git("forge/pulls", with_token=True)
    whole = clone(sandbox, url, "whole")
    shallow = clone(sandbox, url, "shallow", "--depth", "1")
    assert files_below(whole) == files_below(shallow)
    assert commits(sandbox, whole) == 2
    assert commits(sandbox, shallow) == 1

    made = registry.release(made, agents)
    for folder in (whole, shallow):
        sandbox.good("git", "pull", "--ff-only", cwd=folder)
        sandbox.good("git", "fsck", "--full", "--strict", cwd=folder)
        there = {Path(path).stem for path in files_below(folder)}
        assert there >= set(made.of("agent"))
    assert commits(sandbox, whole) == 3
    tags = sandbox.good("git", "tag", "--list", "v*", cwd=whole).out.split()
    assert tags == ["v1", "v2", "v3"]
    fresh = clone(sandbox, url, "fresh")
    tip = ("git", "rev-parse", "HEAD")
    tips = {sandbox.good(*tip, cwd=one).out for one in (whole, shallow, fresh)}
    assert len(tips) == 1
    sandbox.good("git", "fetch", "--unshallow", cwd=shallow)
    assert commits(sandbox, shallow) == 3


def commits(sandbox: Sandbox, folder: Path) -> int:
    return int(sandbox.good("git", "rev-list", "--count", "HEAD", cwd=folder).out)


def test_who_may_not_read_is_told_so(registry: Registry, sandbox: Sandbox) -> None:
    registry.collect("kit", registry.publish("command", stock.COMMANDS))
    refused = sandbox.run("git", "clone", registry.git("forge/kit"), "nobody")
    assert refused.code, refused.said
    url = registry.git("forge/kit", with_token=True)
    wrong = sandbox.run("git", "clone", url[:-10] + "x.git", "wrong")
    assert wrong.code, wrong.said
    folder = clone(sandbox, url, "mine")
    (folder / "more.md").write_text("More.\n")
    sandbox.good("git", "add", "more.md", cwd=folder)
    sandbox.good("git", "commit", "--message", "More", cwd=folder)
    pushed = sandbox.run("git", "push", "origin", "HEAD", cwd=folder)
    assert pushed.code, pushed.said


def test_a_token_in_a_header_and_a_store_of_credentials(
    registry: Registry, sandbox: Sandbox
) -> None:
    registry.collect("kit", registry.publish("command", stock.COMMANDS))
    header = f"http.extraHeader=Authorization: Bearer {registry.token}"
    plain = registry.git("forge/kit")
    sandbox.good("git", "-c", header, "clone", plain, "by-header")
    sandbox.keep_token(registry.address, registry.token)
    sandbox.good("git", "clone", plain, "by-store")
    one, other = (sandbox.folder / name for name in ("by-header", "by-store"))
    assert files_below(one) == files_below(other)
