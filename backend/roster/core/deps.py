"""What the application keeps for its requests, as dependencies."""

from typing import Annotated

from fastapi import Depends, Request

from roster.settings import Settings


def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings)]
