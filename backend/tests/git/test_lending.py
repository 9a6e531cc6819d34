"""What slow clients hold in memory: each pack once, and not without end."""

from pathlib import Path

import pytest

from roster.core.errors import Unavailable
from roster.git import packing
from roster.git.packing import Pack
from roster.git.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setattr(packing, "LENT_BYTES", 100)
    return Shelf(tmp_path)


def test_many_may_take_the_same(shelf: Shelf) -> None:
    data = bytes(80)
    packs = [Pack(shelf, data) for _ in range(10)]
    assert shelf.lent_bytes == 80
    for pack in packs:
        pack.close()
        pack.close()
    assert (shelf.lent_bytes, shelf.lent) == (0, {})


def test_not_too_many_take_others(shelf: Shelf) -> None:
    first = Pack(shelf, bytes(80))
    with pytest.raises(Unavailable) as caught:
        Pack(shelf, bytes(30))
    assert caught.value.headers["Retry-After"] == "60"
    first.close()
    Pack(shelf, bytes(30)).close()
    assert shelf.lent_bytes == 0
