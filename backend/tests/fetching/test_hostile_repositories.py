"""Repositories that somebody made to do harm, on a server that does none."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo

from roster.fetching.errors import FetchError, Reason
from roster.fetching.git import Fetched, Remote, fetch
from roster.settings import Settings
from roster.uploads.archive import Incoming, Limits
from roster.uploads.spool import Spool
from roster.uploads.unpacking import unpack
from tests.fetching.conftest import left_in
from tests.services.git_server import PLAIN, GitServer, Repository

MIB = 1024 * 1024


def read(spool: Spool, settings: Settings, fetched: Fetched) -> dict[str, Incoming]:
    limits = Limits(
        settings.import_files,
        max(settings.file_bytes, settings.tree_bytes),
        settings.unpacked_bytes,
    )
    files = unpack([fetched.part], spool, limits).files
    return {file.path: file for file in files}


def commit_tree(repository: Repository, *objects: Tree | Blob) -> None:
    """Commit the last of these objects, which is a tree."""
    commit = Commit()
    commit.tree = objects[-1].id
    commit.author = commit.committer = b"Eve <eve@example.org>"
    commit.author_time = commit.commit_time = 1
    commit.author_timezone = commit.commit_timezone = 0
    commit.message = b"Do harm"
    with Repo(str(repository.folder)) as repo:
        repo.object_store.add_objects([(one, None) for one in (*objects, commit)])
        repo.refs[Ref(b"refs/heads/main")] = commit.id


def tree_of(names: dict[bytes, tuple[int, ObjectID]]) -> Tree:
    tree = Tree()
    for name, (mode, id_) in names.items():
        tree.add(name, mode, id_)
    return tree


async def test_names_that_lead_elsewhere_are_refused_by_their_reason(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    content = Blob.from_string(b"harm")
    names = {
        b"../up.md": "leads out",
        b"/abs.md": "absolute",
        b"C:\\evil.md": "absolute",
        b"new\nline.md": "control",
        "bi\u202edi.md".encode(): "control",
        b"latin\xe9.md": "control",
        b"n" * 4000 + b".md": "longer than",
        b"fine.md": None,
    }
    tree = tree_of(dict.fromkeys(names, (PLAIN, content.id)))
    repository = git_server.add("names")
    commit_tree(repository, content, tree)

    fetched = await fetch(Remote(repository.url), spool, settings=loopback)

    found = read(spool, loopback, fetched)
    assert len(found) == len(names)
    reasons = sorted(one.refusal or "" for one in found.values())
    expected = [reason for reason in names.values() if reason is not None]
    assert reasons[0] == ""
    for reason in expected:
        assert any(reason in one for one in reasons), reason
    assert found["fine.md"].refusal is None


async def test_files_of_dot_git_are_no_files_of_a_repository(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    repository = git_server.add("hooks", {"a.md": "a", "x/.git/hooks/run": "#!/bin/sh"})
    fetched = await fetch(Remote(repository.url), spool, settings=loopback)
    assert list(read(spool, loopback, fetched)) == ["a.md"]


async def test_a_huge_file_is_told_and_the_others_are_taken(
    git_server: GitServer, loopback: Settings, spool: Spool
) -> None:
    settings = loopback.model_copy(update={"tree_bytes": MIB})
    files = {"huge.md": bytes(30 * MIB), "fine.md": b"fine"}
    repository = git_server.add("huge", files)

    fetched = await fetch(Remote(repository.url), spool, settings=settings)

    assert spool.size < MIB
    found = read(spool, settings, fetched)
    assert found["fine.md"].is_whole
    assert found["huge.md"].size == 30 * MIB
    assert not found["huge.md"].is_whole


def filling(repository: Repository) -> None:
    repository.commit({f"{n}.md": bytes([n]) * MIB for n in range(6)})


def many(repository: Repository) -> None:
    repository.commit({f"{n}.md": "x" for n in range(2001)})


def nested(repository: Repository) -> None:
    """Ten trees, each ten times in the next: ten thousand million files."""
    content = Blob.from_string(b"x")
    objects: list[Tree | Blob] = [content]
    names = {b"%d" % n: (PLAIN, content.id) for n in range(10)}
    for _ in range(10):
        objects.append(tree_of(names))
        names = {b"%d" % n: (0o040000, objects[-1].id) for n in range(10)}
    commit_tree(repository, *objects)


def folders(repository: Repository) -> None:
    """The same with folders alone."""
    objects: list[Tree | Blob] = [tree_of({})]
    for _ in range(10):
        names = {b"%d" % n: (0o040000, objects[-1].id) for n in range(10)}
        objects.append(tree_of(names))
    commit_tree(repository, *objects)


def deep(repository: Repository) -> None:
    repository.commit({"d/" * 200 + "a.md": "x"})


def long(repository: Repository) -> None:
    content = Blob.from_string(b"x")
    commit_tree(repository, content, tree_of({b"n" * 100_000: (PLAIN, content.id)}))


def random(repository: Repository) -> None:
    chain = hashlib.sha256(b"")
    data = bytearray()
    while len(data) < 5 * MIB:
        chain.update(b"x")
        data += chain.digest()
    repository.commit({"random.bin": bytes(data)})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (filling, "more than the 4,194,304 bytes"),
        (many, "more than 2,000 files"),
        (nested, "more than 2,000 files"),
        (folders, "more than 2,000 files"),
        (deep, "more than 32 deep"),
        (long, "path longer than"),
        (random, "larger than the 4,194,304 bytes"),
    ],
)
async def test_what_is_too_much_is_refused(
    git_server: GitServer,
    loopback: Settings,
    spool: Spool,
    hidden: Path,
    make: Callable[[Repository], None],
    sentence: str,
) -> None:
    repository = git_server.add("large")
    make(repository)
    with pytest.raises(FetchError, match=sentence) as refusal:
        await fetch(Remote(repository.url), spool, settings=loopback)
    assert refusal.value.reason is Reason.too_large
    assert spool.size == 0
    assert left_in(hidden) == []
