from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from roster.settings import Settings
from tests.imports.conftest import Importer, agent, broken, garbled, packed
from tests.services.apps import settled

BOUNDARY = "----roster"


async def raw(
    client: httpx.AsyncClient, body: bytes, content_type: str
) -> httpx.Response:
    return await client.post(
        "/imports", content=body, headers={"Content-Type": content_type}
    )


def part(disposition: str, content: bytes = b"") -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
TEAM = part('name="team"', b"ada")
FILE = part('name="files"; filename="a.md"', agent("a"))


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        (form(TEAM), "files"),
        (form(TEAM, part('name="files"; filename=""')), "files"),
        (form(TEAM, part('name="files"', b"just text")), "files"),
        (form(FILE), "team"),
        (form(part('name="team"; filename="t"', b"ada"), FILE), "team"),
        (form(part('name="team"', b"a" * 5000), FILE), "team"),
        (form(TEAM, FILE, TEAM), "team"),
        (form(TEAM, FILE, part('name="colour"', b"red")), "colour"),
        (form(TEAM, part("filename=x", b"")), "files"),
    ],
)
async def test_fields_that_are_missing_or_wrong(
    ada: httpx.AsyncClient, body: bytes, loc: str
) -> None:
    answer = await raw(ada, body, MULTIPART)
    assert answer.status_code == 422, answer.text
    assert [error["loc"] for error in answer.json()["errors"]] == [loc]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 415),
        (b"", "", 415),
        (form(TEAM, FILE), "multipart/form-data", 400),
        (form(TEAM, FILE), f"multipart/form-data; boundary={'x' * 300}", 400),
        (form(TEAM, FILE)[:-20], MULTIPART, 400),
        (b"no multipart at all", MULTIPART, 400),
        (b"", MULTIPART, 400),
    ],
)
async def test_bodies_that_cannot_be_read(
    ada: httpx.AsyncClient, body: bytes, content_type: str, status: int
) -> None:
    answer = await raw(ada, body, content_type)
    assert answer.status_code == status, answer.text


async def test_one_file_by_hand(ada: httpx.AsyncClient) -> None:
    answer = await raw(ada, form(FILE, TEAM), MULTIPART)
    assert answer.status_code == 201
    place = answer.headers["location"].removeprefix("/api/v1")
    assert (await ada.get(place)).json() == answer.json()
    assert answer.json()["etag"] == answer.headers["etag"]
    assert answer.json()["job"]["state"] == "queued"
    read = (await settled(ada, place)).json()
    assert (read["state"], read["counts"]["new"]) == ("preview", 1)
    assert read["job"]["state"] == "succeeded"


async def test_the_same_path_twice(importer: Importer) -> None:
    files = [("agent.md", agent("a")), ("agent.md", agent("b"))]
    preview = await importer.upload(files)
    assert (await preview.read())["counts"]["new"] == 2
    files = [("agent.md", agent("c")), ("agent.md", agent("c", "Another."))]
    preview = await importer.upload(files)
    assert (await preview.read())["counts"]["clash"] == 2


@pytest.mark.parametrize(
    ("sent", "kept", "outcome"),
    [
        ("sub\\agents\\a.md", "sub/agents/a.md", "new"),
        ("./x//y/./a.md", "x/y/a.md", "new"),
        ("ünï/códe/日本.md", "ünï/códe/日本.md", "new"),
        (f"{'d' * 400}/{'n' * 400}.md", f"{'d' * 400}/{'n' * 400}.md", "new"),
        ("/etc/a.md", "/etc/a.md", "refused"),
        ("../../a.md", "../../a.md", "refused"),
        ("x/../../a.md", "x/../../a.md", "refused"),
        ("C:/x/a.md", "C:/x/a.md", "refused"),
        ("d/" * 40 + "a.md", "d/" * 40 + "a.md", "refused"),
        (f"{'n' * 3000}.md", f"{'n' * 200}…", "refused"),
        ("a\u202edm.md", "a\ufffddm.md", "refused"),
    ],
)
async def test_paths(importer: Importer, sent: str, kept: str, outcome: str) -> None:
    preview = await importer.upload({sent: agent("a")})
    files = await preview.files()
    assert {path: one["outcome"] for path, one in files.items()} == {kept: outcome}
    assert files[kept]["reason"]


async def test_a_file_named_by_its_path(importer: Importer) -> None:
    nameless = b"---\ndescription: Does a thing.\n---\nDo it.\n"
    preview = await importer.upload({"agents/Some Thing.md": nameless})
    [file] = (await preview.files()).values()
    assert file["name"] == "some-thing"
    await preview.apply()
    assert await importer.file("some-thing") == nameless


async def test_junk_is_ignored(importer: Importer) -> None:
    preview = await importer.upload(
        {
            "p/a.md": agent("a"),
            "p/.DS_Store": b"\0",
            "p/.git/config.md": agent("b"),
            "p/node_modules/x/agents/c.md": agent("c"),
            "__MACOSX/p/._a.md": b"\0",
        }
    )
    assert list(await preview.files()) == ["p/a.md"]
    headline = (await preview.read())["headline"]
    assert headline["left_aside"] == {"ignored": 4}


async def test_a_file_that_is_too_large(importer: Importer, settings: Settings) -> None:
    body = "".join(f"Word {n}. " for n in range(settings.file_bytes // 8))
    large = {"big.md": agent("big", body=body), "picture.png": body.encode()}
    for files in (large, {"a.zip": packed({**large, "fine.md": agent("fine")})}):
        found = await (await importer.upload(files)).files()
        assert found["big.md"]["outcome"] == "refused"
        assert f"at most {settings.file_bytes:,}" in found["big.md"]["reason"]
        assert found["big.md"]["size"] == len(large["big.md"])
        assert found["picture.png"]["outcome"] == "left_aside"


async def test_bytes_come_back_as_they_went_in(importer: Importer) -> None:
    files = {
        "crlf.md": agent("crlf").replace(b"\n", b"\r\n"),
        "bom.md": b"\xef\xbb\xbf" + agent("bom"),
        "wide.md": agent("wide").decode().encode("utf-16"),
        "latin.md": agent("latin", body="Caf\xe9.\n").decode().encode("latin-1"),
        "unended.md": agent("unended", body="No line break"),
        "planner.md": broken("planner"),
        "greeter.md": garbled("greeter"),
    }
    preview = await importer.upload(files)
    await preview.decide_many(decision="original")
    assert (await preview.apply()).status_code == 200
    for path, data in files.items():
        assert await importer.file(path.removesuffix(".md")) == data


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("roster.db*"))


async def test_no_bytes_are_kept_of_what_is_left_aside(
    importer: Importer, settings: Settings, tmp_path: Path
) -> None:
    secret = b"# Notes\n\nthe-words-of-nobody-else\n"
    preview = await importer.upload({"notes.md": secret, "a.md": agent("a")})
    detail = await preview.detail("notes.md")
    assert detail["original"] == ""
    assert detail["size"] == len(secret)
    if settings.database.startswith("sqlite"):
        stored = all_bytes(tmp_path)
        assert b"You review changes" in stored
        assert b"the-words-of-nobody-else" not in stored


async def test_two_thousand_files(importer: Importer) -> None:
    files = [(f"agents/a{n:04}.md", agent(f"a{n:04}")) for n in range(2000)]
    preview = await importer.upload(files)
    assert (await preview.read())["counts"]["new"] == 2000
    answer = await preview.apply()
    assert answer.json()["results"]["created"] == 2000
    again = await importer.upload({"all.zip": packed(files)})
    assert (await again.read())["counts"]["unchanged"] == 2000


@pytest.fixture
def small(settings: Settings) -> Settings:
    settings.import_files = 5
    settings.unpacked_bytes = 20_000
    settings.file_bytes = 8_000
    settings.upload_bytes = 40_000
    return settings


@pytest.mark.parametrize("zipped", [False, True])
async def test_too_many_files(
    small: Settings, importer: Importer, *, zipped: bool
) -> None:
    files = {f"a{n}.md": agent(f"a{n}") for n in range(6)}
    if zipped:
        assert "5 files" in (await importer.failed({"a.zip": packed(files)}))["error"]
    else:
        answer = await importer.post(files)
        assert answer.status_code == 413
        assert "5 files" in answer.json()["detail"]
    files.popitem()
    answer = await importer.post({"a.zip": packed(files)} if zipped else files)
    assert answer.status_code == 201


async def test_too_many_files_in_all_archives_together(
    small: Settings, importer: Importer
) -> None:
    archives = {
        f"{part}.zip": packed({f"{part}{n}.md": agent("a") for n in range(3)})
        for part in "ab"
    }
    made = await importer.failed(archives)
    assert "6 files" in made["error"]


async def test_too_much_unpacked(small: Settings, importer: Importer) -> None:
    files = {f"a{n}.md": agent(f"a{n}", body="word " * 1200) for n in range(4)}
    made = await importer.failed({"a.zip": packed(files)})
    assert "20,000 bytes" in made["error"]


async def test_too_large_an_upload(small: Settings, importer: Importer) -> None:
    answer = await importer.post({"a.md": b"x" * 50_000})
    assert answer.status_code == 413


async def test_too_large_an_upload_of_a_size_that_is_not_said(
    small: Settings, importer: Importer
) -> None:
    body = form(TEAM, part('name="files"; filename="a.md"', b"x" * 50_000))

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    answer = await importer.client.post(
        "/imports", content=chunks(), headers={"Content-Type": MULTIPART}
    )
    assert answer.status_code == 413
    assert "40,000 bytes" in answer.json()["detail"]
