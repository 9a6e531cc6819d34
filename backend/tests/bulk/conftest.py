from tests.components.conftest import join

__all__ = ["join"]
