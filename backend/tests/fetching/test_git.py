"""Fetching from real git repositories over http."""

import io
import stat
import tarfile
from dataclasses import replace

import pytest
from pydantic import SecretStr

from roster.fetching.errors import FetchError, Reason
from roster.fetching.git import Progress, Remote, fetch, head
from roster.settings import Settings
from roster.uploads.archive import Incoming, Limits
from roster.uploads.multipart import Part
from roster.uploads.spool import Spool
from roster.uploads.unpacking import unpack
from tests.fetching.conftest import Names, Scripts, redirects
from tests.services.git_server import (
    EXECUTABLE,
    LINK,
    SUBMODULE,
    GitServer,
    Repository,
)

FILES = {
    "agents/reviewer.md": "review",
    "skills/pdf/SKILL.md": "pdf",
    "skills/pdf/run.sh": "#!/bin/sh\n",
    "README.md": "read me",
}
LIMITS = Limits(files=5000, file_bytes=1024 * 1024, unpacked_bytes=2**28)
NO_COMMIT = "12" * 20


@pytest.fixture
def repository(git_server: GitServer) -> Repository:
    repository = git_server.add("tools")
    repository.commit(FILES, modes={"skills/pdf/run.sh": EXECUTABLE})
    return repository


async def taken(
    remote: Remote, settings: Settings, spool: Spool
) -> tuple[str, str, dict[str, str]]:
    """Fetch, and read what came as an import would."""
    fetched = await fetch(remote, spool, settings=settings)
    files = {
        file.path: spool.read(file.span).decode()
        for file in read(spool, fetched.part)
        if file.span is not None
    }
    return fetched.commit, fetched.ref, files


def read(spool: Spool, part: Part) -> list[Incoming]:
    return list(unpack([part], spool, LIMITS).files)


async def test_the_files_of_the_newest_commit_are_fetched(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    commit = repository.commit({"agents/reviewer.md": "better", "README.md": None})
    told: list[Progress] = []
    spool.append(b"something before it")

    fetched = await fetch(
        Remote(repository.url), spool, settings=loopback, on_progress=told.append
    )

    assert (fetched.commit, fetched.ref) == (commit, "main")
    found = {one.path: one for one in read(spool, fetched.part)}
    assert set(found) == set(FILES) - {"README.md"}
    assert found["agents/reviewer.md"].span is not None
    assert spool.read(found["agents/reviewer.md"].span) == b"better"
    assert found["skills/pdf/run.sh"].mode == "100755"
    assert found["skills/pdf/SKILL.md"].mode == "100644"
    assert told[-1].received > 0


async def test_it_is_a_tar_that_others_read_too(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    repository.commit({"ü" * 90 + ".md": "long", "l": "../x"}, modes={"l": LINK})
    fetched = await fetch(Remote(repository.url), spool, settings=loopback)

    with tarfile.open(fileobj=io.BytesIO(spool.read(fetched.span))) as tar:
        modes = {info.name: info.mode for info in tar}
        assert modes.keys() == {*FILES, "ü" * 90 + ".md", "l"}
        assert modes["skills/pdf/run.sh"] & stat.S_IXUSR
        assert tar.getmember("l").linkname == "../x"


async def test_only_a_folder_of_it(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    remote = Remote(repository.url, folder="skills/pdf")
    _, _, files = await taken(remote, loopback, spool)
    assert files == {"SKILL.md": "pdf", "run.sh": "#!/bin/sh\n"}

    for folder in ("skills/nothing", "README.md", "../etc"):
        with pytest.raises(FetchError, match=f"no folder {folder}") as refusal:
            await fetch(replace(remote, folder=folder), spool, settings=loopback)
        assert refusal.value.reason is Reason.not_found


async def test_a_branch_a_tag_or_a_commit(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    first = repository.commit({"README.md": "first"})
    repository.tag("v1", first)
    repository.tag("v1-told", first, message="The first")
    second = repository.commit({"README.md": "second"}, branch="work/next")
    newest = repository.commit({"README.md": "newest"})
    told = {
        None: (newest, "main", "newest"),
        "main": (newest, "main", "newest"),
        "refs/heads/main": (newest, "main", "newest"),
        "work/next": (second, "work/next", "second"),
        "v1": (first, "v1", "first"),
        "v1-told": (first, "v1-told", "first"),
        first: (first, first, "first"),
    }
    for ref, expected in told.items():
        commit, name, files = await taken(Remote(repository.url, ref), loopback, spool)
        assert (commit, name, files["README.md"]) == expected
        assert await head(Remote(repository.url, ref), settings=loopback) == commit


async def test_a_branch_is_told_from_a_tag_of_its_name(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    first = repository.commit({"README.md": "tag"})
    repository.tag("same", first)
    repository.commit({"README.md": "branch"}, branch="same")

    _, _, files = await taken(Remote(repository.url, "same"), loopback, spool)
    assert files == {"README.md": "branch"}
    _, _, files = await taken(Remote(repository.url, "refs/tags/same"), loopback, spool)
    assert files["README.md"] == "tag"


@pytest.mark.parametrize("ref", ["nothing", "0" * 40, "abc1234", "--upload-pack=id"])
async def test_a_name_that_is_not_there_is_answered_with_those_that_are(
    repository: Repository, loopback: Settings, spool: Spool, ref: str
) -> None:
    repository.tag("v1", repository.commit({"README.md": "x"}))
    with pytest.raises(FetchError, match="it has main, v1") as refusal:
        await fetch(Remote(repository.url, ref), spool, settings=loopback)
    assert refusal.value.reason is Reason.no_such_ref
    with pytest.raises(FetchError, match="it has main, v1"):
        await head(Remote(repository.url, ref), settings=loopback)
    assert spool.size == 0


async def test_a_commit_that_is_not_there(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    with pytest.raises(FetchError, match="no commit 1212") as refusal:
        await fetch(Remote(repository.url, NO_COMMIT), spool, settings=loopback)
    assert refusal.value.reason is Reason.no_such_ref


async def test_an_id_of_something_else_than_a_commit(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    repository.commit(dict.fromkeys(FILES))  # makes it the tree of main
    with pytest.raises(FetchError) as refusal:
        await fetch(Remote(repository.url, tree), spool, settings=loopback)
    assert refusal.value.reason is Reason.no_such_ref


async def test_an_empty_repository_says_so(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    url = git_server.add("empty").url
    for ref, sentence in ((None, "no commit yet"), ("main", "is empty")):
        for asked in (
            fetch(Remote(url, ref), spool, settings=loopback),
            head(Remote(url, ref), settings=loopback),
        ):
            with pytest.raises(FetchError, match=sentence) as refusal:
                await asked
            assert refusal.value.reason is Reason.no_such_ref


async def test_a_commit_without_files_gives_none(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    repository.commit(dict.fromkeys(FILES))
    _, _, files = await taken(Remote(repository.url), loopback, spool)
    assert files == {}


async def test_a_private_repository_wants_its_token(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    repository = git_server.add("private", {"a.md": "a"}, token="opens:it")
    remote = Remote(repository.url)

    with pytest.raises(FetchError, match="without a token") as needs:
        await fetch(remote, spool, settings=loopback)
    assert needs.value.reason is Reason.needs_token

    wrong = replace(remote, token=SecretStr("not-this-one"))
    with pytest.raises(FetchError, match="refuses the token") as refused:
        await fetch(wrong, spool, settings=loopback)
    assert refused.value.reason is Reason.wrong_token
    assert "not-this-one" not in repr(refused.value) + repr(wrong)

    right = replace(remote, token=SecretStr("x:opens:it"))
    _, _, files = await taken(right, loopback, spool)
    assert files == {"a.md": "a"}
    assert await head(right, settings=loopback)


async def test_the_token_stands_alone_as_the_password(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    repository = git_server.add("private", {"a.md": "a"}, token="opens")
    remote = Remote(repository.url, token=SecretStr("opens"))
    _, _, files = await taken(remote, loopback, spool)
    assert files == {"a.md": "a"}


async def test_what_is_not_there_is_not_found(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    remote = Remote(f"{git_server.url}/nothing.git")
    with pytest.raises(FetchError, match="There is no repository") as refusal:
        await fetch(remote, spool, settings=loopback)
    assert refusal.value.reason is Reason.not_found


async def test_links_and_submodules_are_told_as_such(
    repository: Repository, loopback: Settings, spool: Spool
) -> None:
    repository.commit(
        {"link": "/etc/passwd", "agents/module": NO_COMMIT},
        modes={"link": LINK, "agents/module": SUBMODULE},
    )
    fetched = await fetch(Remote(repository.url), spool, settings=loopback)
    refused = {
        one.path: one.refusal
        for one in read(spool, fetched.part)
        if one.refusal is not None
    }
    assert refused.keys() == {"link", "agents/module"}
    assert "symbolic link" in (refused["link"] or "")
    assert "submodule" in (refused["agents/module"] or "")


async def test_a_thousand_files(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    files = {f"agents/team-{n % 10}/agent-{n}.md": f"agent {n}\n" for n in range(1000)}
    repository = git_server.add("many", files)
    _, _, found = await taken(Remote(repository.url), loopback, spool)
    assert found == files


async def test_a_repository_that_moved_is_followed(
    repository: Repository, script: Scripts, loopback: Settings, spool: Spool
) -> None:
    query = "/info/refs?service=git-upload-pack"
    moved = await script()
    moved.replies["/old/info/refs"] = redirects(repository.url + query)
    remote = Remote(f"{moved.url}/old", token=SecretStr("for-the-old-place"))

    _, _, files = await taken(remote, loopback, spool)

    assert files == FILES
    assert len(moved.requests) == 1


async def test_the_address_that_was_checked_is_the_one_that_is_asked(
    repository: Repository, limits: Settings, spool: Spool
) -> None:
    """Rebinding: had anybody asked again, it would have been the second answer."""
    settings = limits.model_copy(update={"fetch_allowed": ["git.example"]})
    names = Names(git_example=["127.0.0.1", "10.255.255.1"])
    url = repository.url.replace("127.0.0.1", "git.example")

    fetched = await fetch(Remote(url), spool, settings=settings, resolver=names)

    assert fetched.ref == "main"
    assert names.asked == ["git.example"]
