"""Two people, of whom neither gets to what is the other's, whatever they ask for.

The program of schemathesis asks as both, follows what was made from one operation to
the next, and asks for each thing of the one again as the other.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from roster.api import API
from tests.clients import archives
from tests.clients.conftest import DoJobs, Serve
from tests.clients.test_fuzz import EXAMPLES, FEW, Person

PEERS = ("bob", "carol")
END_THE_SESSION = ("sign_out", "sign_out_everywhere", "revoke_session")
ENDLESS = ("listen", "watch_jobs", "watch_job")
LEFT_OUT = (*END_THE_SESSION, *ENDLESS)
FEW_EXAMPLES = 3
CHECKS = "object_level_authorization,not_a_server_error,ignored_auth"


@pytest.fixture
def address(serve: Serve) -> str:
    return serve(rate_limit_per_minute=0)


@pytest.fixture
def peers(address: str, do_jobs: DoJobs) -> Generator[list[Person]]:
    """Two who administer nothing, with private things of each."""
    with ExitStack() as open_sessions:
        found = []
        for name in ("ada", *PEERS):
            session = open_sessions.enter_context(requests.Session())
            person = Person(session, address, name, do_jobs)
            person.sign_up()
            person.private_things(f"agent-of-{name}")
            found.append(person)
        yield found[1:]


def configure(folder: Path, peers: list[Person]) -> Path:
    entries = [
        {
            "name": person.name,
            "fixedHeaders": [
                {
                    "name": "Authorization",
                    "value": str(person.session.headers["Authorization"]),
                }
            ],
        }
        for person in peers
    ]
    accounts = folder / "accounts.json"
    accounts.write_text(json.dumps({"auth": entries}))
    config = folder / "schemathesis.toml"
    names = json.dumps([person.name for person in peers])
    config.write_text(f'[auth.wfc]\npath = "{accounts}"\npeers = {names}\n')
    return config


def test_nobody_gets_to_what_is_anothers(
    address: str, peers: list[Person], tmp_path: Path
) -> None:
    examples = FEW_EXAMPLES if EXAMPLES == FEW else EXAMPLES
    skipped = [f"--exclude-operation-id={name}" for name in LEFT_OUT]

    done = subprocess.run(  # noqa: S603 - our own command
        [
            Path(sys.executable).with_name("schemathesis"),
            f"--config-file={configure(tmp_path, peers)}",
            "run",
            f"{address}{API}/openapi.json",
            f"--checks={CHECKS}",
            "--phases=fuzzing,stateful",
            f"--max-examples={examples}",
            "--seed=1",
            "--suppress-health-check=all",
            "--warnings=off",
            *skipped,
        ],
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": str(archives.__file__)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "No issues found" in done.stdout, done.stdout
