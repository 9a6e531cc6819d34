"""What a start takes: no library is imported that most instances do without."""

import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory

from roster.core.migrate import MIGRATIONS, head, known

SELDOM = (
    "aiosmtplib",
    "alembic",
    "celery",
    "dulwich",
    "jinja2",
    "mako",
    "opentelemetry.sdk",
    "passlib",
    "redis",
    "segno",
    "zxcvbn",
)
IMPORTS = "import sys, roster.cli_server; print('\\n'.join(sys.modules))"


@pytest.fixture(scope="module")
def imported() -> set[str]:
    done = subprocess.run(  # noqa: S603 - this Python, with a text of ours
        [sys.executable, "-c", IMPORTS], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", SELDOM)
def test_what_is_seldom_used_is_imported_when_it_is_used(
    name: str, imported: set[str]
) -> None:
    assert name not in imported


def test_the_numbers_of_migrations_are_what_alembic_says() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert head() == script.get_current_head()
    assert known() == {one.revision for one in script.walk_revisions()}
