import json
import logging

import httpx
import pytest
import structlog

from roster.core import log
from roster.settings import Settings
from tests.conftest import PASSWORD, SETUP_CODE, SignUp

SECRET = "a value that no log may show"


def fail(secret: str) -> None:
    raise RuntimeError(len(secret))


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
    assert "in fail" in written or '"name": "fail"' in written
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
