import httpx

from roster import __version__
from roster.settings import Settings
from tests.conftest import Connect, SignUp, StartApp


async def test_what_an_app_must_know_before_anybody_is_signed_in(
    anonymous: httpx.AsyncClient, settings: Settings, sign_up: SignUp
) -> None:
    answer = await anonymous.get("/instance")

    assert answer.status_code == 200
    assert answer.json() == {
        "name": "Roster",
        "version": __version__,
        "setup_required": True,
        "registration": "open",
        "public_read": False,
        "token_max_days": settings.token_max_days,
        "mail": False,
        "samples_available": True,
        "limits": {
            "upload_bytes": settings.upload_bytes,
            "import_files": settings.import_files,
            "file_bytes": settings.file_bytes,
        },
    }
    await sign_up("ada")
    after = await anonymous.get("/instance")
    assert after.json() == answer.json() | {"setup_required": False}
    assert after.headers["etag"] != answer.headers["etag"]


async def test_settings_show(start_app: StartApp, connect: Connect) -> None:
    app = await start_app(registration="closed", samples=False, file_bytes=4096)

    instance = (await connect(app).get("/instance")).json()

    assert instance["registration"] == "closed"
    assert instance["samples_available"] is False
    assert instance["limits"]["file_bytes"] == 4096
