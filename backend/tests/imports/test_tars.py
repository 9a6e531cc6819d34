"""TAR archives in an import: taken like zips, and refused with their reason."""

import gzip
import io
import tarfile

import pytest

from tests.imports.conftest import Importer, agent


def tar(files: dict[str, bytes], *, links: dict[str, str] | None = None) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as made:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
        for path, target in (links or {}).items():
            info = tarfile.TarInfo(path)
            info.type, info.linkname = tarfile.SYMTYPE, target
            made.addfile(info)
    return data.getvalue()


@pytest.mark.parametrize("name", ["kit.tar", "kit.tar.gz", "download"])
async def test_a_tar_is_imported_like_a_zip(importer: Importer, name: str) -> None:
    files = {"kit/a.md": agent("a"), "kit/b.md": agent("b")}
    data = tar(files, links={"kit/c.md": "/etc/passwd"})

    preview = await importer.upload(
        {name: data if name == "kit.tar" else gzip.compress(data)}
    )

    refused = await preview.files(outcome=["refused"])
    assert list(refused) == ["kit/c.md"]
    assert "symbolic link" in refused["kit/c.md"]["reason"]
    assert (await preview.apply()).json()["results"]["created"] == 2
    assert sorted(await importer.agents()) == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(tar({"a.md": bytes(60 * 1024 * 1024)})), "100 times"),
        (gzip.compress(tar({"a.md": agent("a")}))[:-20], "cut off"),
        (tar({"a.md": agent("a")})[:600], "cut off"),
        (b"no archive at all", "cut off"),
    ],
)
async def test_a_tar_that_is_broken_or_a_bomb_is_refused_as_a_whole(
    importer: Importer, data: bytes, reason: str
) -> None:
    made = await importer.failed({"evil.tgz": data})
    assert "evil.tgz" in made["error"]
    assert reason in made["error"]
    assert sum(made["counts"].values()) == 0
