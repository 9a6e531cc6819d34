"""What comes is held against what was promised: else nothing is written."""

import base64
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roster.client.exits import Exit
from roster.client.http import api
from roster.client.registry.releases import Promise, tree_digest
from tests.client.conftest import Cli
from tests.client.fakes import INSTANCE, Asked, Reply, answering, passing_on
from tests.client.instances import Instance, agent

CRITIC = ".claude/agents/critic.md"
Change = Callable[[Asked, Reply], None]


@pytest.fixture(scope="module")
def kit(instance: Instance) -> Instance:
    instance.add("agent", "critic", agent("critic"))
    instance.add("agent", "helper", agent("helper"))
    instance.collect("kit", ["critic", "helper"])
    instance.release("kit")
    return instance


def archive(change: Callable[[dict[str, tuple[bytes, int]]], None]) -> Change:
    """Change what the archive holds, and say the right digest of that."""

    def on_the_way(asked: Asked, reply: Reply) -> None:
        if "/export?" not in asked.path:
            return
        with zipfile.ZipFile(io.BytesIO(reply.body)) as found:
            files = {
                info.filename: (found.read(info), info.external_attr)
                for info in found.infolist()
            }
        change(files)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as packed:
            for name, (data, bits) in files.items():
                info = zipfile.ZipInfo(name)
                info.create_system, info.external_attr = 3, bits
                packed.writestr(info, data)
        reply.body = made.getvalue()
        digest = base64.b64encode(hashlib.sha256(reply.body).digest()).decode()
        reply.headers = {
            **{k: v for k, v in reply.headers.items() if k.lower() != "repr-digest"},
            "Repr-Digest": f"sha-256=:{digest}:",
        }

    return on_the_way


def more(files: dict[str, tuple[bytes, int]]) -> None:
    files["evil.sh"] = (b"rm", 0o100755 << 16)


def fewer(files: dict[str, tuple[bytes, int]]) -> None:
    files.pop(CRITIC)


def other(files: dict[str, tuple[bytes, int]]) -> None:
    data, bits = files[CRITIC]
    files[CRITIC] = (data.replace(b"tests", b"types"), bits)


def longer(files: dict[str, tuple[bytes, int]]) -> None:
    data, bits = files[CRITIC]
    files[CRITIC] = (data + b"\n", bits)


def link(files: dict[str, tuple[bytes, int]]) -> None:
    files[CRITIC] = (files[CRITIC][0], 0o120777 << 16)


def running(files: dict[str, tuple[bytes, int]]) -> None:
    files[CRITIC] = (files[CRITIC][0], 0o100755 << 16)


def flipped(asked: Asked, reply: Reply) -> None:
    if "/export?" in asked.path:
        reply.body = reply.body[:-1] + bytes([reply.body[-1] ^ 1])


def no_digest(asked: Asked, reply: Reply) -> None:
    reply.headers.pop("repr-digest", None)


def no_zip(asked: Asked, reply: Reply) -> None:
    if "/export?" in asked.path:
        reply.body = b"hello"
        digest = base64.b64encode(hashlib.sha256(reply.body).digest()).decode()
        reply.headers["repr-digest"] = f"sha-256=:{digest}:"


def preview(change: Callable[[dict[str, Any]], None], *, honest: bool) -> Change:
    """Change what is promised; an honest one says the right digest of that."""

    def on_the_way(asked: Asked, reply: Reply) -> None:
        if not asked.path.endswith("/targets/claude-code"):
            return
        values = json.loads(reply.body)
        change(values)
        if honest:
            values["digest"] = tree_digest(
                {
                    one["path"]: Promise(
                        one["mode"], one["size"], one["sha256"], one["component"]
                    )
                    for one in values["files"]
                }
            )
        reply.body = json.dumps(values).encode()

    return on_the_way


def first(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda values: values["files"][0].update(fields)


def lock(asked: Asked, reply: Reply) -> None:
    if asked.path.endswith("/lock"):
        reply.body = reply.body.replace(b'"number": 1', b'"number": 2')


def endless(asked: Asked, reply: Reply) -> None:
    if "/export?" in asked.path:
        reply.body = bytes(64 * 1024)


CHANGES: dict[str, Change] = {
    "more than there can be": endless,
    "a file more": archive(more),
    "a file less": archive(fewer),
    "other bytes": archive(other),
    "more bytes": archive(longer),
    "a link": archive(link),
    "one that runs": archive(running),
    "a bit": flipped,
    "no digest": no_digest,
    "no archive": no_zip,
    "a path up": preview(first(path="../critic.md"), honest=True),
    "a whole path": preview(first(path="/etc/critic.md"), honest=True),
    "a hook of git": preview(first(path=".git/hooks/pre-commit"), honest=True),
    "another digest": preview(first(sha256="0" * 64), honest=False),
    "another lock": preview(lambda v: v.update(lock_digest="0" * 64), honest=True),
    "lock": lock,
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_is_refused(kit: Instance, cli: Cli, folder: Path, name: str) -> None:
    (folder / "mine.txt").write_text("mine")
    with answering(passing_on(kit.address, CHANGES[name])) as fake:
        words = ("pull", "ada/kit", "--dir", str(folder), "--url", fake.address)
        result = cli.run(*words)
    assert result.exit_code == 9, result.output
    assert result.stderr.splitlines()[-1].startswith("roster: What came is not")
    assert [path.name for path in folder.rglob("*.md")] == []
    assert not list(folder.glob(".roster/*.next"))


@pytest.mark.parametrize("path", ["../critic.md", ".git/hooks/critic.md"])
def test_who_promises_and_sends_the_same_still_writes_nothing_elsewhere(
    kit: Instance, cli: Cli, folder: Path, path: str
) -> None:
    def moved(files: dict[str, tuple[bytes, int]]) -> None:
        files[path] = files.pop(CRITIC)

    def change(asked: Asked, reply: Reply) -> None:
        preview(first(path=path), honest=True)(asked, reply)
        archive(moved)(asked, reply)

    with answering(passing_on(kit.address, change)) as fake:
        words = ("pull", "ada/kit", "--dir", str(folder), "--url", fake.address)
        result = cli.run(*words)
    assert result.exit_code == 9, result.output
    assert path in result.stderr
    assert not list(folder.parent.rglob("critic.md"))


@pytest.mark.parametrize("team", ["../../x", "/x", "a/b"])
def test_a_name_that_is_a_path_is_refused(
    kit: Instance, cli: Cli, folder: Path, team: str
) -> None:
    def change(asked: Asked, reply: Reply) -> None:
        if "/collections?" in asked.path:
            values = json.loads(reply.body)
            values["items"][0]["team"]["slug"] = team
            reply.body = json.dumps(values).encode()

    with answering(passing_on(kit.address, change)) as fake:
        words = ("pull", "ada/kit", "--dir", str(folder), "--url", fake.address)
        result = cli.run(*words)
    assert result.exit_code == 9, result.output
    assert not list(folder.rglob("critic.md"))


def test_what_a_server_says_is_no_command_to_the_terminal(
    stranger: Cli, folder: Path
) -> None:
    problem = {"detail": "No.\x1b]0;owned\x07\x9b31m", "title": "No"}

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/instance"):
            return Reply(body=INSTANCE)
        kind = {"Content-Type": "application/problem+json"}
        return Reply(403, json.dumps(problem).encode(), kind)

    with answering(answer) as fake:
        words = ("pull", "ada/kit", "--dir", str(folder), "--url", fake.address)
        result = stranger.run(*words)
    assert result.exit_code != 0
    assert "No." in result.stderr
    assert not {"\x1b", "\x07", "\x9b"} & set(result.stderr)


def test_an_answer_ends_at_some_time(
    stranger: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "MOST_BYTES", 1000)
    packed = gzip.compress(bytes(2000))
    kind = {"Content-Encoding": "gzip"}
    with answering(lambda _: Reply(body=packed, headers=kind)) as fake:
        words = ("pull", "ada/kit", "--dir", str(folder), "--url", fake.address)
        result = stranger.run(*words)
    assert result.exit_code == Exit.version, result.output


def test_what_is_passed_on_as_it_is_is_taken(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    with answering(passing_on(kit.address, lambda *_: None)) as fake:
        words = ("pull", "ada/kit", "--dir", str(folder), "--url", fake.address)
        assert cli.run(*words).exit_code == 0
    assert (folder / CRITIC).read_text() == agent("critic")


def test_a_connection_that_breaks_leaves_nothing(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    def cut(asked: Asked, reply: Reply) -> None:
        if "/export?" in asked.path:
            reply.length, reply.body = len(reply.body), reply.body[:50]

    with answering(passing_on(kit.address, cut)) as fake:
        words = ("pull", "ada/kit", "--dir", str(folder), "--url", fake.address)
        result = cli.run(*words)
    assert result.exit_code == 6, result.output
    assert [path.name for path in folder.rglob("*.md")] == []


def test_a_release_that_changes_is_refused(
    kit: Instance, cli: Cli, folder: Path
) -> None:
    cli.run("pull", "ada/kit", "--dir", str(folder))
    state = folder / ".roster/ada-kit.claude-code.json"
    values = json.loads(state.read_text())
    state.write_text(json.dumps(values | {"lock_digest": "1" * 64}))
    assert cli.run("pull", "ada/kit", "--dir", str(folder)).exit_code == 9
