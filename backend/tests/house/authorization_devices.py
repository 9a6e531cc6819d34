"""A device that asks to be signed in, for the matrix."""

from datetime import timedelta

from roster.auth import device_codes
from roster.auth.models import DeviceGrant, DeviceState
from roster.auth.tokens import digest_of, new_secret
from roster.core.model import utc_now
from tests.house.authorization_world import World


async def add_device(world: World, *, approved: bool) -> None:
    """Let it wait for somebody; or for its token, the owner having let it in."""
    code = device_codes.new_code()
    secret = world.secrets["device"] = new_secret()
    world.ids["user_code"] = device_codes.shown(code)
    async with world.app.state.database.write() as session:
        session.add(
            DeviceGrant(
                device_digest=digest_of(secret),
                user_digest=device_codes.digest_of(code, world.app.state.tokens),
                state=DeviceState.approved if approved else DeviceState.pending,
                user_id=world.owner.user.id if approved else None,
                scopes=["read"],
                client_name="roster",
                interval=5,
                expires_at=utc_now() + timedelta(minutes=15),
            )
        )
