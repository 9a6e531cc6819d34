"""Device sign-in: a code here, a browser there, and a token in the end."""

import json
import webbrowser
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from roster.client.config.instances import Chosen
from roster.client.device import SLOWER, Clock, sign_in
from roster.client.exits import Exit, Trouble
from roster.client.http.api import Api
from roster.client.http.pools import Trust
from roster.client.saying import Say
from tests.client.conftest import Cli
from tests.client.instances import Instance
from tests.conftest import PASSWORD


@dataclass
class Time:
    """It passes at once, and somebody does something in each pause."""

    person: Iterator[None] | None = None
    passed: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.passed.append(seconds)
        if self.person is not None:
            next(self.person, None)

    def clock(self) -> Clock:
        return Clock(now=lambda: sum(self.passed), sleep=self.sleep)


@dataclass
class Browser:
    """Ada, signed in to the app in her browser."""

    client: httpx.Client

    def decide(self, said: str, how: str, **values: Any) -> None:
        code = said.split("enter the code ")[1].split(maxsplit=1)[0]
        answer = self.client.post(f"/auth/device/{code}/{how}", json=values)
        assert answer.status_code == 204, answer.text


@pytest.fixture
def browser(instance: Instance) -> Generator[Browser]:
    with httpx.Client(base_url=f"{instance.address}/api/v1") as client:
        form = {"username": "ada", "password": PASSWORD}
        token = client.post("/auth/token", data=form).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield Browser(client)


def api(instance: Instance) -> Api:
    return Api(Chosen(instance.address, None, ""), Trust())


def test_a_person_lets_the_device_in(
    instance: Instance,
    browser: Browser,
    stranger: Cli,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def person() -> Iterator[None]:
        said = capsys.readouterr().out
        assert f"{instance.settings.app_url}/device" in said
        yield
        scopes = {"scopes": ["read"], "teams": None, "expires_in_days": 30}
        browser.decide(said, "approval", **scopes)
        yield

    time = Time(person())
    token = sign_in(
        api(instance), ["read", "write"], Say(), browser=False, clock=time.clock()
    )
    assert token.startswith("rst_")
    result = stranger.run("login", instance.address, "--token-stdin", stdin=token)
    assert result.exit_code == 0, result.output
    assert stranger.json("whoami")["scopes"] == ["read"]


def test_a_person_refuses(
    instance: Instance, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    def person() -> Iterator[None]:
        browser.decide(capsys.readouterr().out, "denial")
        yield

    with pytest.raises(Trouble) as caught:
        sign_in(
            api(instance), ["read"], Say(), browser=False, clock=Time(person()).clock()
        )
    assert caught.value.code is Exit.sign_in
    assert "refused" in caught.value.sentence


class Answers:
    """What a server says, one after the other."""

    def __init__(self, *answers: Any) -> None:
        self.answers = iter(answers)

    def send(self, _method: str, _path: str, _values: Any) -> Any:
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def error(name: str) -> Trouble:
    from roster.client.http.answers import ProblemTrouble  # noqa: PLC0415 - used here

    return ProblemTrouble(Exit.refused, name, {"error": name})


BEGUN = {
    "device_code": "d",
    "user_code": "AAAA-BBBB",
    "verification_uri": "https://roster.test/device",
    "verification_uri_complete": "https://roster.test/device?code=AAAA-BBBB",
    "expires_in": 60,
    "interval": 5,
}


def signed_in(*answers: Any, browser: bool = False) -> tuple[str, list[float]]:
    time = Time()
    fake: Any = Answers(BEGUN, *answers)
    token = sign_in(fake, ["read"], Say(), browser=browser, clock=time.clock())
    return token, time.passed


def test_it_asks_more_slowly_when_it_is_told_to() -> None:
    lost = Trouble(Exit.network, "The connection broke.")
    done = {"access_token": "rst_a", "scope": "read"}
    token, passed = signed_in(
        error("authorization_pending"), error("slow_down"), lost, done
    )
    assert token == "rst_a"
    assert passed == [5, 5, 5 + SLOWER, 5 + 2 * SLOWER]


@pytest.mark.parametrize("name", ["expired_token", "access_denied", "invalid_grant"])
def test_it_ends_when_it_is_told_to(name: str) -> None:
    with pytest.raises(Trouble) as caught:
        signed_in(error(name))
    assert caught.value.code is Exit.sign_in


def test_it_ends_when_nobody_comes() -> None:
    with pytest.raises(Trouble) as caught:
        signed_in(*[error("authorization_pending")] * 20)
    assert "in time" in caught.value.sentence


def test_another_problem_is_said_as_it_is() -> None:
    with pytest.raises(Trouble) as caught:
        signed_in(error("unsupported_grant_type"))
    assert caught.value.sentence == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("environment", "opened"),
    [({"DISPLAY": ":0"}, 1), ({}, 0), ({"DISPLAY": ":0", "SSH_CONNECTION": "x"}, 0)],
    ids=json.dumps,
)
def test_a_browser_is_opened_where_somebody_would_see_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], opened: int
) -> None:
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "CI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    signed_in({"access_token": "rst_a"}, browser=True)
    assert addresses == [BEGUN["verification_uri_complete"]] * opened
