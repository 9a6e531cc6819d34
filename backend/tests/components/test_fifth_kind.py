"""A kind is one module and one entry in `KINDS`: the rest follows from it."""

import json
import subprocess
import sys
from pathlib import Path

from roster.settings import Settings
from tests.components import fifth_kind
from tests.conftest import SETUP_CODE

BACKEND = Path(__file__).parents[2]


def test_a_kind_is_one_module_and_one_entry(settings: Settings, tmp_path: Path) -> None:
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    given = tmp_path / "settings.json"
    values = {
        "environment": "test",
        "data_dir": str(tmp_path / "data"),
        "database_url": url,
        "setup_code": SETUP_CODE,
        "bcrypt_rounds": 4,
        "run_jobs": False,
    }
    given.write_text(json.dumps(values))
    command = [sys.executable, "-m", fifth_kind.__name__, str(given)]
    done = subprocess.run(  # noqa: S603  # this test's own module
        command, cwd=BACKEND, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said == {
        "created": [201, "hook:ada/short"],
        "listed": ["short"],
        "facets": [{"value": "*.py", "count": 1}],
        "manifest": {"name": "short", "description": "Be short.", "paths": "*.py"},
        "published": [201, 2],
        "file": fifth_kind.NEXT,
        "exported": {".claude/hooks/short.md": fifth_kind.NEXT},
        "imported": [["hook", "short"]],
    }
