import json
import logging
from pathlib import Path

import httpx
import pytest
import structlog

from roster.core import log
from roster.settings import Settings
from tests.conftest import PASSWORD, SETUP_CODE, SignUp

SECRET = "a value that no log may show"
FORGED = "x\n2026-01-01 [info] all is well\r\x1b[2J\x9b2J\u2028\x85end"


def fail(secret: str) -> None:
    raise RuntimeError(len(secret))


def refuse(told: str) -> None:
    raise RuntimeError(told)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_traceback_shows_no_values(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    log.configure(
        Settings.model_validate({"environment": "test", "log_format": log_format})
    )

    try:
        fail(SECRET)
    except RuntimeError as error:
        structlog.get_logger().error("failed", exc_info=error)

    written = capsys.readouterr().err
    assert "RuntimeError" in written
    assert "in fail" in written or '"name":"fail"' in written
    assert SECRET not in written


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure(Settings(environment="test", log_format="json"))

    structlog.get_logger().info("hello", name="x\ny")

    (line,) = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["level"], event["name"]) == ("hello", "info", "x\ny")


def test_libraries_never_write_what_they_are_given() -> None:
    log.configure(Settings(environment="test", log_level="debug"))

    for library in ("aiosqlite", "asyncio", "sqlalchemy.engine", "multipart"):
        assert not logging.getLogger(library).isEnabledFor(logging.INFO)
        assert logging.getLogger(library).isEnabledFor(logging.WARNING)


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("BCDF-GHJK", "[removed]"),
        ("bcdf%20ghjk/approval", "[removed]/approval"),
        ("BCDFGHJK/denial", "[removed]/denial"),
        ("BCDFGHJK/and/what/nobody/knows", "[removed]/and/what/nobody/knows"),
        ("token", "token"),
    ],
)
async def test_the_code_that_a_device_shows_is_in_no_line(
    settings: Settings,
    sign_up: SignUp,
    capsys: pytest.CaptureFixture[str],
    log_format: str,
    place: str,
    told: str,
) -> None:
    ada: httpx.AsyncClient = await sign_up("ada")
    verbose = {"log_level": "debug", "log_format": log_format}
    log.configure(settings.model_copy(update=verbose))
    capsys.readouterr()

    await ada.post(f"/auth/device/{place}")

    written = capsys.readouterr().err
    assert f"/api/v1/auth/device/{told}" in written
    assert "ghjk" not in written.lower()


async def test_a_request_is_logged_with_its_id_and_without_secrets(
    settings: Settings,
    sign_up: SignUp,
    new_client: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    verbose = {"log_level": "debug", "log_format": "json"}
    log.configure(settings.model_copy(update=verbose))

    ada: httpx.AsyncClient = await sign_up("ada")
    headers = {"X-Request-ID": "find-me"}
    await ada.get("/teams", params={"cursor": SECRET}, headers=headers)
    await ada.get("http://roster.test/health/live", headers={"X-Request-ID": "quiet"})

    written = capsys.readouterr().err
    events = [json.loads(line) for line in written.splitlines()]
    (found,) = [event for event in events if event.get("request_id") == "find-me"]
    assert (found["method"], found["path"]) == ("GET", "/api/v1/teams")
    assert found["status"] == 422
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    for secret in (PASSWORD, SETUP_CODE, SECRET, token, "bcrypt", "quiet"):
        assert secret not in written


def lines_of(capsys: pytest.CaptureFixture[str], log_format: str) -> list[str]:
    """Log what somebody would like to be taken for lines of their own."""
    log.configure(
        Settings.model_validate({"environment": "test", "log_format": log_format})
    )
    structlog.get_logger().info("hello", path=FORGED)
    try:
        refuse(FORGED)
    except RuntimeError as error:
        structlog.get_logger().error("failed", exc_info=error)
    return capsys.readouterr().err.split("\n")


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_nobody_writes_a_line_of_their_own(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    lines = lines_of(capsys, log_format)

    assert not [line for line in lines if line.startswith("2026-01-01")]
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    "secret",
    [
        "rst_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLXdpdGgtbWFueQ",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLXdpdGgtbWFueQ",
        "$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8Sv",
        "$2b$12$n79VH0Q2TMWmt3Oqt9ukuKq4Noyk3094Y2QlB8NdRT8SvGiI4ft2",
        "gAAAAABl0x9Zq8n1o2p3q4r5s6t7u8v9w0x1y2z3A4B5C6D7E8F9G0==",
    ],
)
def test_what_looks_like_a_secret_is_taken_out(
    capsys: pytest.CaptureFixture[str], log_format: str, secret: str
) -> None:
    log.configure(
        Settings.model_validate({"environment": "test", "log_format": log_format})
    )
    logger = structlog.get_logger()

    logger.info("request", path=f"/api/v1/{secret}", status=404)
    logger.warning("away", error=f"cannot use {secret}, it said")
    logger.warning("away", error="amqp://ada:open-sesame@queue.example.org/0 is away")
    logger.warning("away", new_password="open-sesame", token="open-sesame")

    written = capsys.readouterr().err
    assert secret not in written
    assert "open-sesame" not in written
    assert written.count(log.REMOVED) == 5
    assert "queue.example.org" in written


def test_what_json_cannot_hold_is_logged_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure(Settings(environment="test", log_format="json"))

    structlog.get_logger().info("read", name="caf\udce9", place=Path("a"), wide="é")

    event = json.loads(capsys.readouterr().err)
    assert (event["name"], event["wide"]) == ("caf\udce9", "é")


def test_libraries_write_lines_of_the_same_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    foreign = log.foreign(Settings(environment="test", log_format="json"))
    record = logging.LogRecord("celery", logging.ERROR, "", 0, "a\nb", None, None)

    event = json.loads(foreign.format(record))

    assert (event["event"], event["logger"], event["level"]) == (
        "a\nb",
        "celery",
        "error",
    )


@pytest.mark.parametrize(
    ("environment", "log_format"), [("production", "json"), ("development", "text")]
)
def test_people_read_text_and_programs_json(environment: str, log_format: str) -> None:
    settings = Settings.model_validate({"environment": environment, "log_format": ""})

    assert log.log_format_of(settings) == log_format


def test_a_line_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    file = (tmp_path / "log").open("wb")
    lines = log.Lines(file)
    file.close()

    lines.info(b"lost\n")
