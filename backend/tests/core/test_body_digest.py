"""What two bodies have to have in common to be the same request."""

import hashlib

import pytest

from roster.core.body_digest import BodyDigest

PARTS = (
    b'\r\nContent-Disposition: form-data; name="team"\r\n\r\nada\r\n',
    b"\r\nB\r\n",
)


def form(boundary: bytes, *parts: bytes) -> bytes:
    line = b"--" + boundary
    return line + line.join(parts) + line + b"--\r\n"


def digest(body: bytes, boundary: str, size: int = 1 << 16) -> bytes:
    made = BodyDigest(f'multipart/form-data; boundary="{boundary}"')
    for start in range(0, len(body), size):
        made.update(body[start : start + size])
    return made.digest()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1 << 16])
def test_a_form_is_the_same_by_any_boundary_and_in_any_pieces(size: int) -> None:
    said = digest(form(b"----one", *PARTS), "----one")
    assert digest(form(b"another", *PARTS), "another", size) == said
    assert digest(form(b"----one", *PARTS), "----one", size) == said


@pytest.mark.parametrize(
    "parts",
    [
        PARTS[:1],
        PARTS[::-1],
        (PARTS[0] + PARTS[1],),
        (PARTS[0] + b"--" + PARTS[1],),
        (PARTS[0], PARTS[1] + b" "),
        (*PARTS, b""),
    ],
)
def test_a_form_with_other_parts_is_another(parts: tuple[bytes, ...]) -> None:
    said = digest(form(b"one", *PARTS), "one")
    assert digest(form(b"one", *parts), "one") != said


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "multipart/form-data"]
)
def test_any_other_body_counts_by_its_bytes(content_type: str) -> None:
    made = BodyDigest(content_type)
    for piece in (b"--one", b"", b"--two"):
        made.update(piece)
    assert made.digest() == hashlib.sha256(b"--one--two").digest()
