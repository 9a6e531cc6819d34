"""Names of files that were made up to break something, or to look like another."""

import pytest

from tests.imports.conftest import Importer
from tests.services.apps import settled


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a\x00b.md", "Read a\ufffdb.md"),
        ("a\u202edm.b.md", "Read a\ufffddm.b.md"),
        ("a\u2028Stored 9 files.md", "Read a Stored 9 files.md"),
    ],
)
async def test_the_job_is_called_by_what_can_be_shown(
    importer: Importer, name: str, title: str
) -> None:
    line = b'Content-Disposition: form-data; name="files"; filename="'
    line += name.encode("utf-8", "surrogatepass") + b'"\r\n\r\n'
    team = b'Content-Disposition: form-data; name="team"\r\n\r\nada\r\n'
    body = b"--B\r\n" + team + b"--B\r\n" + line + b"hello\r\n--B--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=B"}

    answer = await importer.client.post("/imports", content=body, headers=headers)

    assert answer.status_code == 201, answer.text
    job = await importer.client.get(f"/jobs/{answer.json()['job']['id']}")
    assert job.json()["title"] == title
    made = await settled(importer.client, f"/imports/{answer.json()['id']}")
    assert made.json()["state"] == "failed"
