"""What the application keeps for its requests, as dependencies."""

from typing import Annotated

from fastapi import Depends, Request

from roster.settings import Settings


async def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings)]


async def get_app_address(request: Request, settings: SettingsDep) -> str:
    """Where people open the app, without a slash at the end, to begin links with."""
    return (settings.public_url or str(request.base_url)).rstrip("/")


AppAddressDep = Annotated[str, Depends(get_app_address)]
