"""What a device shows, and what its token is called."""

import re

from roster.auth import device_codes, device_grants
from roster.auth.models import DeviceGrant
from roster.core.model import utc_now

SHOWN = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}")


def test_a_long_name_is_cut_for_its_place() -> None:
    grant = DeviceGrant(
        device_digest="",
        user_digest="",
        scopes=[],
        client_name="x" * 100,
        address="192.0.2.7",
        interval=5,
        expires_at=utc_now(),
    )
    assert device_grants.name_of(grant) == f"{'x' * 87} at 192.0.2.7"
    grant.address = ""
    assert device_grants.name_of(grant) == "x" * 100


def test_codes_are_of_letters_that_nobody_mistakes() -> None:
    codes = {device_codes.new_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(SHOWN.fullmatch(device_codes.shown(code)) for code in codes)
