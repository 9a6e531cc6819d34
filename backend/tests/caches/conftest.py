from collections.abc import Generator

import pytest

from tests.caches.punctual import punctual


@pytest.fixture
def _punctual() -> Generator[None]:
    with punctual():
        yield
