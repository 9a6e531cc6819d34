import pytest

from roster.auth.devices import device_name, name_device

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Mobile Safari on iOS"),
        (CHROME, "Chrome on Windows"),
        ("curl/8.9.1", "curl"),
        ("our-deploy-tool/2.0 (build 7)", "our-deploy-tool"),
        ("(Windows NT 10.0)", "Windows"),
        ("", "Unknown device"),
        ("<script>", "Unknown device"),
    ],
)
def test_a_client_has_a_name_for_people(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


async def test_a_name_is_no_longer_than_its_column() -> None:
    name = await name_device("\x00" + "tool" * 100)

    assert name == "tool" * 25
