"""The Dockerfiles: what a linter says of them, and their very steps, without Docker."""

import contextlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.deploy.conftest import Program, Run, client_at, until
from tests.deploy.images import PROGRAMS, ROOT, Build, Stage, without_rights
from tests.deploy.stand import MARK
from tests.services.postgres import free_port

COMPOSED = re.compile(r"image: postgres:(\d+)-alpine")
DOCKERFILES = ["backend/Dockerfile", "frontend/Dockerfile"]


@pytest.mark.parametrize("name", DOCKERFILES)
def test_a_linter_has_nothing_to_say(name: str) -> None:
    hadolint = str(Path(sys.executable).with_name("hadolint"))
    done = subprocess.run(  # noqa: S603 - a file of ours
        [hadolint, "--no-color", str(ROOT / name)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.fixture
def folder() -> Generator[Path]:
    """A place that who has no rights can get to, whatever tests begin meanwhile.

    (Each run of pytest shuts the folder that is above those of all runs.)
    """
    with tempfile.TemporaryDirectory(
        prefix="roster-images-", ignore_cleanup_errors=True
    ) as name:
        place = Path(name)
        place.chmod(0o755)
        yield place / "images"


def user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


def as_here(command: list[str], port: int) -> list[str]:
    return [part.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for part in command]


def healthy(stage: Stage, port: int) -> bool:
    done = subprocess.run(  # noqa: S603 - the check of our image
        without_rights(as_here(stage.check, port)),
        env=stage.variables(),
        cwd=stage.place(""),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def start(run: Run, stage: Stage, more: list[str], **variables: str) -> Program:
    program = ["env", "--chdir", str(stage.place("")), *stage.command, *more]
    return run(without_rights(program), {**stage.variables(), **variables})


async def test_the_image_of_the_api_is_built_and_serves(folder: Path, run: Run) -> None:
    image = Build(ROOT / "backend" / "Dockerfile", folder).final
    assert [step.split()[0] for step in image.taken] == ["apt-get", "useradd"]
    assert image.user != "0"
    port = free_port()
    here = ["--host", "127.0.0.1", "--port", str(port)]
    program = start(run, image, here)

    async def is_healthy() -> bool:
        return healthy(image, port)

    await until(is_healthy, "a healthy image")
    assert user_of(program.pid) != 0
    async with client_at(f"http://127.0.0.1:{port}") as client:
        told = await client.get("/api/v1/instance")
    assert told.is_success, told.text
    written = {path.name for path in (image.folder / "data").iterdir()}
    assert {"roster.db", "keys.json", "setup-code"} <= written
    assert "Setup code for the first account" in program.said
    await program.end()
    assert not healthy(image, port)
    assert no_bytecode(image)

    # The same image is that of the workers, which say what they lack.
    image.command = ["python", "-m", "roster", "worker"]
    worker = start(run, image, [])
    assert await worker.wait() == 1
    assert "set ROSTER_REDIS_URL" in worker.said


def test_the_image_of_the_api_can_back_up_the_database_beside_it(folder: Path) -> None:
    """It has the programs of that very version; older ones would be refused."""
    image = Build(ROOT / "backend" / "Dockerfile", folder).final
    version = COMPOSED.findall((ROOT / "docker-compose.yml").read_text())
    assert PROGRAMS.findall(image.taken[0]) == version
    program = Path(image.variables()["ROSTER_PG_DUMP"])
    assert image.folder in program.parents
    assert program.parts[-3:] == (*version, "bin", "pg_dump")
    for one in (program, program.with_name("pg_restore")):
        told = subprocess.run([one, "--version"], check=True, capture_output=True)  # noqa: S603 - see above
        assert f"(PostgreSQL) {version[0]}." in told.stdout.decode()


def no_bytecode(image: Stage) -> bool:
    return not any((image.folder / "app").rglob("__pycache__"))


async def test_the_image_of_the_app_is_built_and_serves(folder: Path, run: Run) -> None:
    image = Build(ROOT / "frontend" / "Dockerfile", folder).final
    assert image.user != "0:0"
    port, alive = free_port(), free_port()
    program = start(
        run,
        image,
        [],
        ROSTER_SITE=f":{port}",
        ROSTER_HTTP_PORT=str(port),
        ROSTER_ALIVE_PORT=str(alive),
        ROSTER_SITE_DIR=str(image.folder / "srv" / "roster"),
    )
    check = image.check[-1].replace(":8081", f":{alive}")

    async def is_healthy() -> bool:
        async with client_at("") as client:
            with contextlib.suppress(httpx.TransportError):
                return (await client.get(check)).is_success
        return False

    await until(is_healthy, "a healthy image")
    assert user_of(program.pid) != 0
    async with client_at(f"http://127.0.0.1:{port}") as client:
        page = await client.get("/")
        away = await client.get("/api/v1/instance")
    assert MARK not in page.text
    assert page.headers["Content-Security-Policy"].count("nonce-") == 1
    # What it stands before is not there.
    assert away.status_code == 503
    assert away.headers["Content-Type"] == "application/problem+json"
    assert away.headers["Retry-After"]
    assert away.json()["type"] == "/problems/unavailable"
    await program.end()


def test_what_builds_the_app_outside_builds_it_in_the_image() -> None:
    """Those steps are not taken here: they are the ones that `make` takes."""
    prepare = (ROOT / "backend" / "scripts" / "prepare.py").read_text()
    dockerfile = (ROOT / "frontend" / "Dockerfile").read_text()
    assert '"npm", "ci"' in prepare
    assert "RUN npm ci" in dockerfile
    assert '"vite"), "build"' in prepare
    assert "RUN npx --no-install vite build" in dockerfile
