"""Archives that somebody made to do harm, or by mistake."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

from tests.imports.conftest import Importer, agent, packed

Attack = Callable[[zipfile.ZipFile], None]


def archive(*attacks: Attack, fine: bool = True) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        if fine:
            made.writestr("fine.md", agent("fine"))
        for attack in attacks:
            attack(made)
    return data.getvalue()


def entry(name: str, content: bytes = b"", mode: int = 0, method: int = 8) -> Attack:
    def write(made: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        info.compress_type = method
        info.external_attr = mode << 16
        info.create_system = 3
        made.writestr(info, content or agent("evil"))

    return write


BOMB = agent("evil", body="a" * 900_000)


@pytest.mark.parametrize(
    ("attack", "path", "reason"),
    [
        (entry("../../evil.md"), "../../evil.md", "leads out"),
        (entry("x/../../evil.md"), "x/../../evil.md", "leads out"),
        (entry("..\\..\\evil.md"), "../../evil.md", "leads out"),
        (entry("/etc/evil.md"), "/etc/evil.md", "absolute"),
        (entry("C:\\evil.md"), "C:/evil.md", "absolute"),
        (entry("d/" * 40 + "evil.md"), "d/" * 40 + "evil.md", "deep"),
        (entry("evil\n.md"), "evil\ufffd.md", "control"),
        (entry("evil\u202e.md"), "evil\ufffd.md", "control"),
        (entry("n" * 4000 + ".md"), "n" * 200 + "…", "longer than"),
        (entry("link.md", b"/etc/passwd", stat.S_IFLNK | 0o777), "link.md", "link"),
        (entry("dev.md", b"x", stat.S_IFCHR | 0o666), "dev.md", "device"),
        (entry("pipe.md", b"x", stat.S_IFIFO | 0o666), "pipe.md", "device"),
        (entry("bomb.md", BOMB), "bomb.md", "100 times"),
        (entry("in.zip", packed({"a.md": agent("evil")})), "in.zip", "inside"),
    ],
)
async def test_entries_that_are_refused(
    importer: Importer, attack: Attack, path: str, reason: str
) -> None:
    preview = await importer.upload({"evil.zip": archive(attack)})
    files = await preview.files()
    assert sorted(files) == sorted(["fine.md", path])
    assert files[path]["outcome"] == "refused"
    assert reason in files[path]["reason"]
    assert (await preview.apply()).json()["results"]["created"] == 1
    assert list(await importer.agents()) == ["fine"]


async def test_a_name_that_stands_twice(importer: Importer) -> None:
    twice = [entry("a.md", agent("one")), entry("a.md", agent("two"))]
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(*twice)
    preview = await importer.upload({"evil.zip": data})
    counts = (await preview.read())["counts"]
    assert (counts["new"], counts["refused"]) == (2, 1)
    refused = await preview.files(outcome=["refused"])
    assert "twice" in refused["a.md"]["reason"]


async def test_a_name_with_nul(importer: Importer) -> None:
    data = archive(entry("evilZ.png.md")).replace(b"evilZ.png.md", b"evil\0.png.md")
    preview = await importer.upload({"evil.zip": data})
    refused = await preview.files(outcome=["refused"])
    assert list(refused) == ["evil\ufffd.png.md"]


async def test_names_that_are_not_marked_as_utf8(importer: Importer) -> None:
    for raw, path in (("é.md".encode(), "é.md"), (b"caf\x82.md", "café.md")):
        placeholder = b"x" * (len(raw) - 3) + b".md"
        data = archive(entry(placeholder.decode()), fine=False)
        preview = await importer.upload({"a.zip": data.replace(placeholder, raw)})
        assert list(await preview.files()) == [path]


async def test_an_encrypted_entry(importer: Importer) -> None:
    data = bytearray(archive(entry("secret.md")))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(magic)
        data[at + offset] |= 1
    preview = await importer.upload({"evil.zip": bytes(data)})
    refused = await preview.files(outcome=["refused"])
    assert "encrypted" in refused["secret.md"]["reason"]


async def test_an_entry_packed_in_an_unknown_way(importer: Importer) -> None:
    data = bytearray(archive(entry("odd.md")))
    for magic, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.rindex(magic)
        data[at + offset : at + offset + 2] = struct.pack("<H", 97)
    preview = await importer.upload({"evil.zip": bytes(data)})
    refused = await preview.files(outcome=["refused"])
    assert "cannot be unpacked" in refused["odd.md"]["reason"]


async def test_a_damaged_entry(importer: Importer) -> None:
    data = bytearray(archive(entry("bad.md", agent("bad"), method=0)))
    at = data.rindex(b"You review")
    data[at] ^= 0xFF
    preview = await importer.upload({"evil.zip": bytes(data)})
    refused = await preview.files(outcome=["refused"])
    assert "damaged" in refused["bad.md"]["reason"]


async def test_an_entry_that_lies_about_its_size(importer: Importer) -> None:
    """It says 100 bytes and unpacks to almost a megabyte."""
    data = bytearray(archive(entry("liar.md", BOMB)))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(magic)
        data[at + offset : at + offset + 4] = struct.pack("<L", 100)
    preview = await importer.upload({"evil.zip": bytes(data)})
    refused = await preview.files(outcome=["refused"])
    assert "damaged" in refused["liar.md"]["reason"]


async def test_a_list_of_entries_that_is_too_long(importer: Importer) -> None:
    """Said by the end record: nothing of the list is read into memory."""
    data = bytearray(10_000_000) + packed({"a.md": agent("a")})
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = struct.pack("<L", 9_000_000)
    made = await importer.failed({"evil.zip": bytes(data)})
    assert "25,000 files" in made["error"]


async def test_many_archives_with_long_lists(importer: Importer) -> None:
    """Each would pass alone, and what is in them would be ignored."""
    entries = packed({"__MACOSX/a": b""})
    start, end = entries.index(b"PK\x01\x02"), entries.index(b"PK\x05\x06")
    one = entries[start:end]
    count = 6_000_000 // len(one)
    tail = bytearray(entries[end:])
    tail[12:16] = struct.pack("<L", len(one) * count)
    data = entries[:start] + one * count + bytes(tail)
    made = await importer.failed({"a.zip": data})
    assert made["error"].startswith("Nothing found here")

    made = await importer.failed({"a.zip": data, "b.zip": data})
    assert "archives hold more" in made["error"]


GOOD = packed({"a.md": agent("a"), "b.md": agent("b")})


@pytest.mark.parametrize(
    "data",
    [
        GOOD[: len(GOOD) // 2],
        GOOD[:-1],
        GOOD[:4],
        b"PK\x05\x06",
        b"PK\x05\x06" + b"\xff" * 18,
        b"no archive at all",
        b"",
        GOOD.replace(b"PK\x01\x02", b"PK\x01\x09"),
        GOOD[:-22] + b"PK\x06\x07" + b"\xff" * 16 + GOOD[-22:],
    ],
)
async def test_a_broken_archive_is_refused_as_a_whole(
    importer: Importer, data: bytes
) -> None:
    made = await importer.failed({"a.zip": data, "fine.md": agent("fine")})
    assert "a.zip" in made["error"]
    assert made["job"]["state"] == "failed"
    assert sum(made["counts"].values()) == 0


async def test_an_empty_archive(importer: Importer) -> None:
    made = await importer.failed({"a.zip": packed({})})
    assert "holds no files" in made["error"]


async def test_an_archive_by_content_and_beside_files(importer: Importer) -> None:
    inside = packed([("team/", b""), ("team/a.md", agent("a"))])
    preview = await importer.upload({"download": inside, "b.md": agent("b")})
    assert list(await preview.files()) == ["b.md", "team/a.md"]


async def test_an_archive_behind_other_bytes_and_with_a_comment(
    importer: Importer,
) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("a.md", agent("a"))
        made.comment = b"made by hand"
    prefixed = b"#!/bin/sh\n" + data.getvalue()
    preview = await importer.upload({"a.zip": prefixed})
    assert list(await preview.files()) == ["a.md"]
