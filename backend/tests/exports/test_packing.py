"""Archives are the same for the same files, and any reader takes them."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roster.exports.packing import Format, pack_bytes

RUNS = "100755"
FILES = {
    "b.md": ("100644", b"text " * 5000),
    "a/run.sh": (RUNS, b"#!/bin/sh\n"),
    "ä/🧭.md": ("100644", b""),
    "deep/" * 40 + "x": ("100644", bytes(range(256)) * 40),
}
Files = Mapping[str, tuple[str, bytes]]


def unzipped(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == sorted(names)
        infos = archive.infolist()
        assert {one.date_time for one in infos} <= {(1980, 1, 1, 0, 0, 0)}
        return {
            one.filename: (f"{one.external_attr >> 16:o}", archive.read(one))
            for one in infos
        }


def untarred(data: bytes) -> Files:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        for one in archive:
            held = archive.extractfile(one)
            assert held is not None
            assert (one.uid, one.gid, one.uname, one.gname) == (0, 0, "", "")
            assert one.mtime == 0
            found[one.name] = (f"{0o100000 | one.mode:o}", held.read())
    assert list(found) == sorted(found)
    return found


def packed(files: Files, form: Format) -> bytes:
    return pack_bytes(((path, *one) for path, one in files.items()), form)


@pytest.mark.parametrize(
    ("form", "read"), [(Format.zip, unzipped), (Format.tar_gz, untarred)]
)
def test_what_goes_in_comes_out(form: Format, read: Callable[[bytes], Files]) -> None:
    data = packed(FILES, form)

    assert read(data) == FILES
    assert packed(dict(reversed(FILES.items())), form) == data
    assert read(packed({}, form)) == {}


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"),
            min_size=1,
            max_size=120,
        ).filter(lambda name: name not in {".", ".."}),
        st.tuples(st.sampled_from(["100644", RUNS]), st.binary(max_size=2000)),
        max_size=4,
    )
)
def test_any_names_and_bytes(files: Files) -> None:
    assert unzipped(packed(files, Format.zip)) == files
    assert untarred(packed(files, Format.tar_gz)) == files


def test_a_stream_tells_no_time_and_no_system() -> None:
    data = packed(FILES, Format.tar_gz)

    assert data[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    assert len(gzip.decompress(data)) % tarfile.RECORDSIZE == 0
