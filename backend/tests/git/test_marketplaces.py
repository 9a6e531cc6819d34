"""What tools install plugins and skills from."""

import hashlib
import io
import json
import tarfile
from typing import Any

import httpx

from tests.clients.conftest import Serve
from tests.conftest import SETUP_CODE
from tests.git.conftest import ANY, Git, Person, answered, subjects

MARKET = ".claude-plugin/marketplace.json"
INDEX = "/.well-known/agent-skills/index.json"


def get(address: str, path: str, **headers: str) -> httpx.Response:
    url = f"{address}{path}"
    return httpx.get(url, headers=headers, trust_env=False, timeout=60)


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.access}"}


def test_the_collections_of_a_team_are_a_marketplace(
    git: Git, ada: Person, kit: str
) -> None:
    other = ada.collect("tools", ada.skill("notes"))
    ada.release(other, "Skills, too.")
    ada.collect("unreleased", ada.agent("third"))

    folder = git.clone("ada")

    assert subjects(git, folder) == ["Release 1 of tools", "Release 1 of kit"]
    market = json.loads((folder / MARKET).read_text())
    assert market["name"] == "ada"
    entries = {one["name"]: one for one in market["plugins"]}
    assert {name: one["source"] for name, one in entries.items()} == {
        "kit": "./plugins/kit",
        "tools": "./plugins/tools",
    }
    assert (folder / "plugins/kit/agents/lead.md").is_file()
    assert (folder / "plugins/tools/skills/notes/SKILL.md").is_file()
    ada.put(kit, ada.agent("fourth"))
    ada.release(kit)
    git.do("pull", "--quiet", "--ff-only", cwd=folder)
    git.check(folder)
    assert subjects(git, folder)[0] == "Release 2 of kit"
    assert not (folder / "plugins/kit/agents/lead.md").exists()
    manifest = folder / "plugins/kit/.claude-plugin/plugin.json"
    assert json.loads(manifest.read_text())["version"] == "2.0.0"
    shallow = git.clone("ada", "--depth", "1", to="shallow")
    assert subjects(git, shallow) == ["Release 2 of kit"]


def test_the_plugins_are_the_same_in_both(git: Git, kit: str) -> None:
    assert kit
    one, all_ = git.clone("ada/kit"), git.clone("ada", to="all")

    assert git.do("rev-parse", "HEAD:plugins", cwd=one) == git.do(
        "rev-parse", "HEAD:plugins", cwd=all_
    )


def test_a_team_shows_what_the_caller_may_see(
    nobody: Git, ada: Person, bob: Person, kit: str
) -> None:
    git = nobody.signed_in(bob.token("read"))
    assert "not found" in git.run("ls-remote", git.url("ada")).said
    shown = ada.agent("shown", visibility="internal")
    ada.release(ada.collect("tools", shown, visibility="internal"))

    folder = git.clone("ada")

    assert kit
    assert subjects(git, folder) == ["Release 1 of tools"]
    assert [path.name for path in (folder / "plugins").iterdir()] == ["tools"]
    pushed = git.run("push", git.url("ada"), "HEAD:main", cwd=folder)
    assert "remote: This repository can only be read." in pushed.said


def test_a_marketplace_is_a_document_too(
    address: str, ada: Person, bob: Person, kit: str
) -> None:
    assert kit
    of_team = get(address, "/marketplace/ada.json", **bearer(ada))
    of_one = get(address, "/marketplace/ada/kit.json", **bearer(ada))

    assert (of_team.json()["name"], of_one.json()["name"]) == ("ada", "ada-kit")
    for answer in (of_team, of_one):
        [plugin] = answer.json()["plugins"]
        source = plugin["source"]
        assert source["source"] == "git-subdir"
        assert source["url"].endswith("/git/ada/kit.git")
        assert source["path"] == "plugins/kit"
        again = {**bearer(ada), "If-None-Match": answer.headers["etag"]}
        assert get(address, answer.request.url.path, **again).status_code == 304
    for path in ("/marketplace/ada.json", "/marketplace/ada/kit.json"):
        assert get(address, path).status_code == 401
        assert get(address, path, **bearer(bob)).status_code == 404
    ada.collect("empty", visibility="internal")
    assert get(address, "/marketplace/ada/empty.json", **bearer(bob)).status_code == 404


def skills_of(index: httpx.Response) -> dict[str, Any]:
    assert index.status_code == 200, index.text
    return {one["name"]: one for one in index.json()["skills"]}


def test_public_skills_are_found(serve: Serve) -> None:
    address = serve(public_read=True)
    ada = Person.sign_up(address, "ada", setup_code=SETUP_CODE)
    bob = Person.sign_up(address, "bob")
    runs = ("scripts/collect.sh",)
    ada.skill("notes", runs, visibility="public", licence="MIT")
    ada.skill("own")
    bob.skill("notes", visibility="public", licence="MIT")
    bob.skill("plans", visibility="public", licence="MIT")
    bob.agent("lead", visibility="public", licence="MIT")

    index = get(address, INDEX)

    found = skills_of(index)
    assert sorted(found) == ["notes", "plans"]
    assert found["notes"]["type"] == "archive"
    assert "/ada/notes/" in found["notes"]["url"]  # it was there first
    of_bob = get(address, f"/marketplace/bob{INDEX}")
    assert "/bob/notes/" in skills_of(of_bob)["notes"]["url"]
    assert get(address, f"/marketplace/nobody{INDEX}").status_code == 401
    archive = get(address, found["notes"]["url"])
    digest = hashlib.sha256(archive.content).hexdigest()
    assert found["notes"]["digest"] == f"sha256:{digest}"
    with tarfile.open(fileobj=io.BytesIO(archive.content)) as opened:
        modes = {one.name: one.mode & 0o111 for one in opened if one.isfile()}
    assert sorted(modes) == [
        "SKILL.md",
        "assets/logo.png",
        "references/style.md",
        "scripts/collect.sh",
    ]
    assert [name for name, runs in modes.items() if runs] == ["scripts/collect.sh"]
    tagged = {"If-None-Match": index.headers["etag"]}
    assert get(address, INDEX, **tagged).status_code == 304
    ada.api.close()
    bob.api.close()


def test_a_skill_goes_when_it_is_hidden_or_redacted(address: str, ada: Person) -> None:
    hidden, redacted = (
        ada.skill(name, visibility="public", licence="MIT")
        for name in ("hidden", "redacted")
    )
    assert get(address, INDEX).status_code == 401
    found = skills_of(get(address, INDEX, **bearer(ada)))
    assert sorted(found) == ["hidden", "redacted"]
    file = answered(ada.api.get(f"/components/{redacted}/revisions/1"))["files"][0]
    url, why = f"/blobs/{file['digest']}/redact", {"team": "ada", "reason": "A key."}
    # Both have this file, unless it is the main one.
    answered(ada.api.post(url, json=why))
    private = {"visibility": "private"}
    answered(ada.api.patch(f"/components/{hidden}", json=private, headers=ANY))

    assert skills_of(get(address, INDEX, **bearer(ada))) == {}
    for one in found.values():
        assert get(address, one["url"], **bearer(ada)).status_code == 404
        assert get(address, one["url"]).status_code == 401
