"""A client without a browser that asks to be signed in, as tests play it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from sqlmodel import select

from roster.auth.device_schemas import DEVICE_GRANT
from roster.auth.models import DeviceGrant
from roster.core.db import Database

CLI = {"client_name": "roster on quay", "scopes": ["read", "write"]}


@dataclass
class Device:
    client: httpx.AsyncClient
    started: dict[str, Any]

    @property
    def code(self) -> str:
        code: str = self.started["user_code"]
        return code

    @property
    def page(self) -> str:
        """What the person's browser asks about it."""
        return f"/auth/device/{self.code}"

    async def poll(self, **changes: str) -> httpx.Response:
        form = {
            "grant_type": DEVICE_GRANT,
            "device_code": self.started["device_code"],
        }
        return await self.client.post("/auth/device/token", data=form | changes)

    async def error(self) -> str:
        """Ask for the token, and give the word for why there is none."""
        answer = await self.poll()
        assert answer.status_code == 400, answer.text
        error: str = answer.json()["error"]
        return error


async def start(client: httpx.AsyncClient, **changes: Any) -> Device:
    answer = await client.post("/auth/device", json=CLI | changes)
    assert answer.status_code == 200, answer.text
    return Device(client, answer.json())


async def approve(
    person: httpx.AsyncClient, device: Device, **changes: Any
) -> httpx.Response:
    body = {"scopes": ["read"]} | changes
    return await person.post(f"{device.page}/approval", json=body)


async def let_in(person: httpx.AsyncClient, device: Device, **changes: Any) -> None:
    answer = await approve(person, device, **changes)
    assert answer.status_code == 204, answer.text


async def time_passes(database: Database, by: timedelta) -> None:
    """Let what devices wait for lie further back."""
    async with database.write() as session:
        for grant in await session.exec(select(DeviceGrant)):
            grant.expires_at -= by
            if grant.polled_at is not None:
                grant.polled_at -= by
