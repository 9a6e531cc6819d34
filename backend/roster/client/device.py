"""Signing in without a password here: device sign-in, as RFC 8628 has it."""

import os
import platform
import time
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from roster.client.exits import Exit, Trouble
from roster.client.http.answers import ProblemTrouble
from roster.client.http.api import Api
from roster.client.saying import Say

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER = 5
SHORTEST = 1
ENDS = {
    "access_denied": "You refused it in the browser: nothing was signed in.",
    "expired_token": "Nobody entered the code in time: run `roster login` again.",
    "invalid_grant": "The code is used up: run `roster login` again.",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How time passes; in a test it does at once."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


REAL = Clock()


def sign_in(
    api: Api, scopes: Sequence[str], say: Say, *, browser: bool, clock: Clock = REAL
) -> str:
    """Show a code, and wait until somebody has entered it in a browser.

    Returns:
        The API token.

    Raises:
        Trouble: They refused, or it took too long.
    """
    name = f"roster on {platform.node() or 'a computer'}"[:100]
    asked = {"client_name": name, "scopes": list(scopes)}
    begun = api.send("POST", "/auth/device", asked)
    _show(begun, say, browser=browser)
    interval = max(SHORTEST, int(begun["interval"]))
    until = clock.now() + int(begun["expires_in"])
    redeemed = {"grant_type": GRANT, "device_code": begun["device_code"]}
    while clock.now() < until:
        clock.sleep(interval)
        try:
            answer = api.send("POST", "/auth/device/token", redeemed)
        except ProblemTrouble as trouble:
            error = str(trouble.document.get("error"))
            if error in ENDS:
                raise Trouble(Exit.sign_in, ENDS[error]) from None
            if error == "slow_down":
                interval += SLOWER
            elif error != "authorization_pending":
                raise
            continue
        except Trouble as trouble:
            # A connection that broke says nothing of what was decided.
            if trouble.code is not Exit.network:
                raise
            interval += SLOWER
            continue
        return str(answer["access_token"])
    raise Trouble(Exit.sign_in, ENDS["expired_token"])


def _show(begun: dict[str, Any], say: Say, *, browser: bool) -> None:
    say.line(f"Open {begun['verification_uri']}")
    say.line(f"and enter the code {begun['user_code']}")
    complete = str(begun.get("verification_uri_complete") or begun["verification_uri"])
    if browser and _has_browser() and complete.startswith(("https://", "http://")):
        webbrowser.open(complete)
    say.note("Waiting for you …")


def _has_browser() -> bool:
    """Whether one would be seen: not over SSH, nor without a screen."""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("CI"):
        return False
    if platform.system() == "Linux":
        return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return True
