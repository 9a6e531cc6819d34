"""No secret gets into a log line or an answer during all the tests: see tests/leaks.py.

Here: that this would be found.
"""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from jose import jwt
from sqlalchemy import Integer, Uuid

from roster.auth.models import MailPurpose, MailToken
from roster.auth.tokens import digest_of, new_secret
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.model import Model, utc_now
from tests.conftest import PASSWORD
from tests.leaks import STORED, Said, Watch, read_stored

BACKEND = Path(__file__).resolve().parents[2]
# Parts, so that no file of this project holds what looks like a secret.
HASH = "$" + "bcrypt-sha256$v=2,t=2b,r=4$" + "a" * 22
OURS = jwt.encode({"iss": "roster", "sub": "ada"}, "k" * 40)
INVENTED = jwt.encode({"iss": "elsewhere", "sub": "ada"}, "k" * 40)
SUSPICIOUS = re.compile(r"hash|digest|secret|token|code|password|sealed|mac$")
NO_SECRETS = {
    # Of contents, which whoever may read them knows.
    *("components.latest_digest", "revisions.digest", "blobs.digest"),
    *("revision_files.blob_digest", "drafts.base_digest", "import_files.digest"),
    "readings.digest",
    *("import_files.repaired_digest", "import_files.seen_digest"),
    *("draft_files.blob_digest", "releases.digest", "release_entries.digest"),
    *("import_tree_files.blob_digest", "redactions.digest"),
    *("import_files.found_digest", "upstreams.digest", "upstreams.base_digest"),
    "import_inputs.blob_digest",
    *("upstream_updates.digest", "upstream_files.blob_digest"),
    # Of a server's command or address, which whoever may read it knows.
    *("components.target_digest", "secrets.target_digest"),
    # Decisions about secrets, and no secrets.
    *("import_files.secrets", "upstreams.moved_secrets"),
    # Of requests whose bodies hold nothing that can be guessed.
    "idempotent_responses.body_hash",
    # Of the chain of audit events: proof, not permission.
    *("audit_events.mac", "audit_checkpoints.mac", "audit_checkpoints.last_mac"),
}


def test_every_column_that_may_hold_a_secret_is_watched() -> None:
    suspicious = {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
        if SUSPICIOUS.search(column.name)
        and not isinstance(column.type, Integer | Uuid)
    }
    watched = {f"{table}.{name}" for table, names in STORED.items() for name in names}

    assert suspicious - NO_SECRETS == watched
    assert watched <= {
        f"{table.name}.{column.name}"
        for table in Model.metadata.tables.values()
        for column in table.columns
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f'{{"password_hash": "{HASH}"}}', "the hash of a password"),
        ("gAAAAA" + "Bx_-" * 20, "an encrypted secret"),
        (f"Bearer {OURS}", "a token"),
        (f"rst_{OURS}", "a token"),
    ],
)
def test_what_looks_like_a_secret_is_found(text: str, kind: str) -> None:
    answered = Watch(said=[Said("the answer to GET /x", f"… {text} …")])

    assert answered.found() == [f"{kind} in the answer to GET /x"]
    assert f"{kind} in the log" in Watch().found(f"… {text} …")


def test_what_tests_upload_is_no_secret_of_ours() -> None:
    watch = Watch(said=[Said("the answer to GET /x", f"{INVENTED} eyJhbGciOi.eyJ.x")])

    assert watch.found() == []
    assert watch.found(INVENTED) == ["a token in the log"]


def test_only_routes_that_hand_a_secret_out_show_it() -> None:
    for hands_out, found in ((True, []), (False, ["a token in here"])):
        watch = Watch(said=[Said("here", OURS, hands_out)])
        assert watch.found() == found
    watch = Watch(said=[Said("here", HASH, hands_out=True)])
    assert watch.found() == ["the hash of a password in here"]


async def test_what_an_application_says_and_stores_is_known(
    app: FastAPI, ada: httpx.AsyncClient, database: Database, watch: Watch
) -> None:
    secret = new_secret()
    async with database.write() as session:
        session.add(
            MailToken(
                purpose=MailPurpose.register,
                email="carol@example.org",
                digest=digest_of(secret),
                expires_at=utc_now(),
            )
        )
    started = await ada.post("/auth/factors/totp", json={"password": PASSWORD})
    seed = started.json()["secret"]

    await read_stored(watch, [app])

    assert watch.found() == []
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    encrypted = next(value for value in watch.stored if value.startswith("gAAAAA"))
    assert Cipher(app.state.keys.encryption).decrypt(encrypted) == seed
    for leaked, kind in [
        (PASSWORD, "a password"),
        (token, "a token"),
        (secret, "a one-time secret"),
        (f"/reset#{secret}", "a one-time secret"),
        (digest_of(secret), "a hash or digest"),
        (seed, "the seed of a second factor"),
    ]:
        assert f"{kind} in the log" in watch.found(f"event={leaked}"), kind
        said = Watch(
            [Said("here", f'"{leaked}"')], watch.stored, watch.seeds, watch.passwords
        )
        assert said.found() == [f"{kind} in here"]


@pytest.mark.parametrize(
    ("statement", "fails"),
    [("pass", False), (f"sys.stderr.write({HASH!r})", True)],
)
def test_such_a_test_fails(tmp_path: Path, statement: str, fails: bool) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(f"import sys\n\ndef test_it():\n    {statement}\n")

    done = subprocess.run(  # noqa: S603 - arguments of this file
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.leaks", str(test)],
        cwd=BACKEND,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == (1 if fails else 0), done.stdout
    assert ("the hash of a password in the log" in done.stdout) is fails
    assert not fails or "1 passed, 1 error" in done.stdout
