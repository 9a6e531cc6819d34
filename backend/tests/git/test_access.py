"""Who may clone what, and what the others are told."""

import base64
import hashlib

import httpx
import pytest

from tests.clients.conftest import Serve
from tests.components.conftest import agent_file
from tests.conftest import SETUP_CODE
from tests.git.conftest import ANY, Git, Person, answered, subjects

INFO = "info/refs?service=git-upload-pack"
BODY = "You know a key.\n"
REFUSED = "Authentication failed"


def refusal(git: Git, name: str) -> str:
    ran = git.run("ls-remote", git.url(name))
    assert ran.code != 0
    return ran.said


def ask(address: str, name: str, **headers: str) -> httpx.Response:
    url = f"{address}/git/{name}.git/{INFO}"
    return httpx.get(url, headers=headers, trust_env=False, timeout=60)


def test_without_credentials_everything_asks_for_them(
    nobody: Git, address: str, kit: str
) -> None:
    assert kit
    there, nowhere = ask(address, "ada/kit"), ask(address, "ada/nothing")

    for answer in (there, nowhere, ask(address, "nobody/kit")):
        assert answer.status_code == 401
        challenge = answer.headers["www-authenticate"]
        assert challenge == 'Basic realm="Roster", charset="UTF-8"'
    kept = ("detail", "status", "type")
    assert [there.json()[key] for key in kept] == [nowhere.json()[key] for key in kept]
    assert "terminal prompts disabled" in refusal(nobody, "ada/kit")


def test_a_token_is_the_password(
    nobody: Git, ada: Person, address: str, kit: str
) -> None:
    assert kit
    token = ada.token("read")
    folder = nobody.home / "clone"
    for secret in (token, ada.access):
        header = f"http.extraHeader=Authorization: Bearer {secret}"
        nobody.do("-c", header, "ls-remote", nobody.url("ada/kit"))
        nobody.do("ls-remote", nobody.signed_in(secret).url("ada/kit"))
    (nobody.home / ".git-credentials").write_text(
        f"{address.replace('://', f'://ada:{token}@')}\n"
    )
    nobody.do("config", "--global", "credential.helper", "store")

    nobody.do("clone", "--quiet", nobody.url("ada/kit"), folder)

    assert nobody.do("remote", "get-url", "origin", cwd=folder) == nobody.url("ada/kit")


def test_a_token_may_stand_as_the_name(address: str, ada: Person, kit: str) -> None:
    assert kit
    pair = base64.b64encode(f"{ada.token('read')}:".encode()).decode()

    assert ask(address, "ada/kit", Authorization=f"Basic {pair}").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"any:\xff\xfe").decode(),
        "Basic " + base64.b64encode("any:pässword\0".encode()).decode(),
        "Bearer rst_nothing",
        "Digest username=ada",
        "Bearer",
    ],
)
def test_what_is_no_token_is_refused(address: str, kit: str, header: str) -> None:
    assert kit
    answer = ask(address, "ada/kit", Authorization=header)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")


def test_a_revoked_token_is_refused(git: Git, ada: Person, kit: str) -> None:
    assert kit
    git.do("ls-remote", git.url("ada/kit"))
    [listed] = ada.api.get("/auth/tokens").json()["items"]
    answered(ada.api.delete(f"/auth/tokens/{listed['id']}"))

    assert REFUSED in refusal(git, "ada/kit")
    assert REFUSED in refusal(git.signed_in("rst_wrong"), "ada/kit")


def test_a_token_for_something_else_is_refused(
    nobody: Git, ada: Person, kit: str
) -> None:
    assert kit
    said = refusal(nobody.signed_in(ada.token("write")), "ada/kit")

    assert "remote: This needs an API token with the scope read" in said


def test_a_token_of_another_team_does_not_reach_it(
    nobody: Git, ada: Person, kit: str
) -> None:
    assert kit
    answered(ada.api.post("/teams", json={"slug": "other", "name": "Other"}))
    token = ada.token("read", teams=["other"])

    assert "not found" in refusal(nobody.signed_in(token), "ada/kit")


def test_others_are_not_told_that_it_exists(nobody: Git, bob: Person, kit: str) -> None:
    assert kit
    git = nobody.signed_in(bob.token("read"))

    there, nowhere = refusal(git, "ada/kit"), refusal(git, "ada/nothing")

    assert "remote: There is no such collection, or you may not see it." in there
    assert there.replace("ada/kit", "") == nowhere.replace("ada/nothing", "")


def test_whoever_may_see_it_clones_it(nobody: Git, ada: Person, bob: Person) -> None:
    kit = ada.collect(
        "kit", ada.agent("lead", visibility="internal"), visibility="internal"
    )
    ada.release(kit)
    git = nobody.signed_in(bob.token("read"))
    assert subjects(git, git.clone("ada/kit")) == ["Release 1"]


def test_a_release_that_is_not_seen_whole_is_not_there(
    nobody: Git, ada: Person, bob: Person
) -> None:
    shown = ada.agent("shown", visibility="internal")
    kit = ada.collect("kit", shown, visibility="internal")
    ada.release(kit)
    hidden = ada.agent("hidden", visibility="internal")
    ada.put(kit, shown, hidden)
    ada.release(kit)
    url = f"/components/{hidden}"
    answered(ada.api.patch(url, json={"visibility": "private"}, headers=ANY))
    ada.put(kit, shown, ada.agent("third", visibility="internal"))
    ada.release(kit)

    git = nobody.signed_in(bob.token("read"))
    folder = git.clone("ada/kit")
    own = nobody.signed_in(ada.token("read")).clone("ada/kit", to="own")

    assert subjects(git, folder) == ["Release 3", "Release 1"]
    assert "v2" not in git.do("tag", cwd=folder).splitlines()
    assert subjects(git, own) == ["Release 3", "Release 2", "Release 1"]
    found = git.run("grep", "-q", "hidden", "HEAD~1", cwd=folder)
    assert found.code == 1
    asked = git.do("rev-parse", "HEAD~1", cwd=own)
    ran = git.run("fetch", git.url("ada/kit"), asked, cwd=folder)
    assert "not our ref" in ran.said or "unadvertised object" in ran.said


def test_everybody_reads_what_is_public_where_that_is_so(
    serve: Serve, nobody: Git
) -> None:
    address = serve(public_read=True)
    ada = Person.sign_up(address, "ada", setup_code=SETUP_CODE)
    agent = ada.agent("lead", visibility="public", licence="MIT")
    ada.release(ada.collect("kit", agent, visibility="public"))
    ada.release(ada.collect("own", agent))
    ada.api.close()
    git = Git(nobody.home, address)

    assert subjects(git, git.clone("ada/kit")) == ["Release 1"]
    assert "terminal prompts disabled" in refusal(git, "ada/own")
    assert "terminal prompts disabled" in refusal(git, "ada/nothing")
    assert ask(address, "ada/kit").status_code == 200
    assert ask(address, "ada/own").status_code == 401


def test_nothing_is_pushed(git: Git, nobody: Git, kit: str) -> None:
    assert kit
    folder = git.clone("ada/kit")
    for one in (git, nobody):
        for name in ("ada/kit", "ada/nothing"):
            ran = one.run("push", one.url(name), "HEAD:main", cwd=folder)
            assert ran.code != 0
            assert "remote: This repository can only be read." in ran.said


def test_what_was_redacted_is_not_given_any_more(
    git: Git, ada: Person, kit: str
) -> None:
    folder = git.clone("ada/kit")
    secret = ada.agent("secret", body=BODY)
    ada.put(kit, secret)
    ada.release(kit)
    git.clone("ada/kit", to="before")
    digest = hashlib.sha256(agent_file("secret", body=BODY).encode()).hexdigest()
    reason = {"team": "ada", "reason": "A key stood in it."}
    answered(ada.api.post(f"/blobs/{digest}/redact", json=reason))

    ran = git.run("fetch", cwd=folder)
    assert "remote: Release 2 holds something that was redacted since." in ran.said
    assert "error: 410" in ran.said
    ada.put(kit, ada.agent("third"))
    ada.release(kit)

    git.do("fetch", "--quiet", cwd=folder)
    git.check(folder)
    assert subjects(git, folder, "origin/main") == ["Release 3", "Release 1"]
    assert git.run("grep", "-q", "secret", "origin/main", cwd=folder).code == 1


def test_a_clone_is_told_to_the_audit_and_counted(
    git: Git, ada: Person, kit: str
) -> None:
    assert kit
    git.clone("ada/kit")
    git.do("ls-remote", git.url("ada/kit"))

    params = {"action": "export.made"}
    [event] = answered(ada.api.get("/audit-events", params=params))["items"]

    assert event["details"]["revisions"] == ["agent:ada/helper@1", "agent:ada/lead@1"]
    usage = answered(ada.api.get(f"/collections/{kit}/usage"))
    assert usage["total"] == 1, usage
