"""Commands, run as an operator runs them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from roster.settings import Settings

BACKEND = Path(__file__).resolve().parents[2]
Roster = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def roster(settings: Settings) -> Roster:
    """Run a command as an operator does, with the settings of this test."""

    def run(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        outer = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ROSTER_")
        }
        environment = {
            **outer,
            "PYTHONPATH": str(BACKEND),
            "ROSTER_ENVIRONMENT": "test",
            "ROSTER_DATA_DIR": str(settings.data_dir),
            "ROSTER_DATABASE_URL": settings.database,
            **changed,
        }
        return subprocess.run(  # noqa: S603 - arguments of this file
            [sys.executable, "-m", "roster", *arguments],
            cwd=settings.data_dir,
            env=environment,
            capture_output=True,
            check=False,
            text=True,
        )

    return run
