"""Requests that no git sends: each gets a declared answer, and soon."""

import gzip
import zlib
from collections.abc import Iterable, Iterator

import httpx
import pytest

from roster.git import asking
from tests.git.conftest import Git, Person

ASKED = {"Content-Type": "application/x-git-upload-pack-request"}
FLUSH = b"0000"
NOWHERE = "12" * 20
CAPABILITIES = "multi_ack_detailed no-done side-band-64k"


def line(text: str) -> bytes:
    return f"{len(text) + 5:04x}{text}\n".encode()


@pytest.fixture
def head(git: Git, kit: str) -> str:
    """The id of the newest commit."""
    assert kit
    return git.do("ls-remote", git.url("ada/kit"), "HEAD").split()[0]


def want(id_: str) -> bytes:
    return line(f"want {id_} {CAPABILITIES}")


@pytest.fixture
def post(address: str, ada: Person) -> "Post":
    return Post(f"{address}/git/ada/kit.git/git-upload-pack", ada.access)


class Post:
    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.signed_in = {"Authorization": f"Bearer {token}"}

    def __call__(self, data: bytes | Iterable[bytes], **headers: str) -> httpx.Response:
        given = {**ASKED, **self.signed_in, **headers}
        return httpx.post(
            self.url, content=data, headers=given, trust_env=False, timeout=60
        )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"garbage", "no request of a git client"),
        (b"\x00\xff\xfe", "no request of a git client"),
        (b"00", "no request of a git client"),
        (b"-001", "no request of a git client"),
        (b"0001", "not as long as it says"),
        (b"0004", "not as long as it says"),
        (b"ffff" + b"a" * 10, "not as long as it says"),
        (line("want short"), "no id"),
        (line("want " + "g" * 40), "no id"),
        (line("want " + "AB" * 20), "no id"),
        (line("push everything"), "does not understand 'push'"),
        (want(NOWHERE) + line("deepen 0") + FLUSH, "no number above zero"),
        (want(NOWHERE) + line("deepen -1") + FLUSH, "no number above zero"),
        (want(NOWHERE) + line("deepen 99999999999999") + FLUSH, "no number above"),
        (want(NOWHERE) + line("deepen ") + FLUSH, "no number above zero"),
        (want(NOWHERE) + line("deepen-since 5") + FLUSH, "'deepen-since'"),
        (want(NOWHERE) + line("filter blob:none") + FLUSH, "understand 'filter'"),
        (want(NOWHERE) + line("shallow x") + FLUSH, "no id"),
        (want(NOWHERE) + FLUSH + line("want " + NOWHERE), "understand 'want'"),
        (want(NOWHERE) + FLUSH + line("have"), "no id"),
        (line("command=ls-refs") + FLUSH, "understand 'command=ls-refs'"),
    ],
)
@pytest.mark.usefixtures("kit")
def test_what_cannot_be_read(post: Post, data: bytes, says: str) -> None:
    answer = post(data)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    told = post(data, **{"User-Agent": "git/2.39.5"})
    assert told.status_code == 400
    assert told.headers["content-type"].startswith("text/plain")
    assert says in told.text


@pytest.mark.usefixtures("kit")
def test_a_commit_that_is_not_there(post: Post) -> None:
    answer = post(want(NOWHERE) + FLUSH + line("done"))

    assert answer.status_code == 200
    assert answer.content == line(f"ERR upload-pack: not our ref {NOWHERE}")


@pytest.mark.usefixtures("kit")
def test_nothing_is_wanted(post: Post) -> None:
    for data in (b"", FLUSH, FLUSH + line("done"), FLUSH * 1000):
        answer = post(data)
        assert (answer.status_code, answer.content) == (200, b"")


def test_many_commits_that_nobody_knows(post: Post, head: str) -> None:
    haves = b"".join(line(f"have {number:040x}") for number in range(20_000))

    asked = post(want(head) + FLUSH + haves + FLUSH)
    assert asked.content == line("NAK")
    sent = post(want(head) + FLUSH + haves + line("done"))
    assert sent.status_code == 200
    assert sent.content.startswith(line("NAK"))
    assert b"PACK" in sent.content[:100]
    assert sent.content.endswith(FLUSH)


def test_the_same_commit_again_and_again(post: Post, head: str) -> None:
    data = want(head) + line(f"want {head}") * 20_000 + FLUSH + line("done")

    sent = post(data)

    assert sent.status_code == 200
    assert b"PACK" in sent.content[:100]


@pytest.mark.usefixtures("kit")
def test_many_commits_are_wanted(post: Post) -> None:
    wanted = (line(f"want {number:040x}") for number in range(asking.MOST_WANTS + 1))

    assert post(b"".join(wanted) + FLUSH).status_code == 413


@pytest.mark.usefixtures("kit")
def test_too_many_bytes(post: Post) -> None:
    large = want(NOWHERE) + FLUSH + line(f"have {NOWHERE}") * 90_000
    assert len(large) > asking.MOST_BYTES

    def parts() -> Iterator[bytes]:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    assert post(large).status_code == 413
    assert post(parts()).status_code == 413
    assert post(gzip.compress(large), **{"Content-Encoding": "gzip"}).status_code == 413
    bomb = gzip.compress(bytes(200 * 1024 * 1024), 9)
    assert post(bomb, **{"Content-Encoding": "gzip"}).status_code == 413


def test_a_packed_request(post: Post, head: str) -> None:
    data = want(head) + FLUSH + line("done")
    coded = {"Content-Encoding": "gzip"}

    assert post(gzip.compress(data), **coded).status_code == 200
    for wrong in (data, b"", gzip.compress(data)[:-9], zlib.compress(data)):
        assert post(wrong, **coded).status_code == 400
    answer = post(gzip.compress(data), **{"Content-Encoding": "br"})
    assert answer.status_code == 400


@pytest.mark.usefixtures("kit")
def test_another_kind_of_body(post: Post) -> None:
    for kind in ("application/json", "text/plain", ASKED["Content-Type"] + "; x=y"):
        assert post(b"{}", **{"Content-Type": kind}).status_code == 415


def test_odd_clients_are_served(post: Post, head: str) -> None:
    """Those without channels, and those that take back what they can do."""
    plain = post(line(f"want {head}") + FLUSH + line("done"))
    assert plain.content.startswith(line("NAK") + b"PACK")
    small = post(line(f"want {head} side-band") + FLUSH + line("done"))
    assert small.content.startswith(line("NAK") + b"03e8\x01PACK")
    have = line(f"have {head}")
    one = post(line(f"want {head}") + FLUSH + have + line("done"))
    assert one.content.startswith(line(f"ACK {head}") + b"PACK")
    several = post(line(f"want {head} multi_ack") + FLUSH + have + FLUSH)
    assert several.content == line(f"ACK {head} continue") + line("NAK")
    waits = post(line(f"want {head}") + FLUSH + have + FLUSH)
    assert waits.content == line(f"ACK {head}")


def test_addresses_that_are_none(address: str, ada: Person, kit: str) -> None:
    assert kit

    def get(path: str) -> int:
        headers = {"Authorization": f"Bearer {ada.access}"}
        answer = httpx.get(
            f"{address}{path}", headers=headers, trust_env=False, timeout=60
        )
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code

    info = "info/refs?service=git-upload-pack"
    for path, status in {
        "/git/ada/kit.git": 404,
        "/git/ada/kit": 404,
        "/git/": 404,
        "/git/ada/kit.git/HEAD": 404,
        "/git/ada/kit.git/info/refs": 403,
        "/git/ada/kit.git/info/refs?service=git-archive": 403,
        "/git/ada/kit.git/git-upload-pack": 405,
        f"/git/ada/{'k' * 5000}.git/{info}": 404,
        f"/git/ada/%00.git/{info}": 400,
        f"/git/..%2f..%2fetc/passwd.git/{info}": 404,
        f"/git/ada/kit%27%20or%201=1.git/{info}": 404,
    }.items():
        assert get(path) == status, path
