"""Limits on what anybody may ask for, right or wrong."""

from typing import Annotated

from fastapi import Depends

from roster.auth.deps import AddressDep
from roster.auth.throttle import (
    DEVICE,
    MAIL_ADDRESS,
    MAIL_RECIPIENT,
    REGISTER,
    Counter,
    ThrottleDep,
    network_of,
    normalised,
)


async def limit_registrations(address: AddressDep, throttle: ThrottleDep) -> None:
    """Count a registration, whether or not it comes to an account.

    Raises:
        TooManyRequests: Too many came from this address.
    """
    await throttle.enter([Counter(REGISTER, network_of(address))])


async def limit_devices(address: AddressDep, throttle: ThrottleDep) -> None:
    """Count a device that asks to be signed in.

    Raises:
        TooManyRequests: Too many did from this address.
    """
    await throttle.enter([Counter(DEVICE, network_of(address))])


class MailLimit:
    """Keeps strangers from filling a mailbox."""

    def __init__(self, address: AddressDep, throttle: ThrottleDep) -> None:
        self._network = network_of(address)
        self._throttle = throttle

    async def ask(self, recipient: str) -> None:
        """Count a mail that somebody asks for.

        Raises:
            TooManyRequests: Too many were asked for from this address, or for this
                recipient, whether or not an account has it.
        """
        await self._throttle.enter(
            [
                Counter(MAIL_ADDRESS, self._network),
                Counter(MAIL_RECIPIENT, normalised(recipient)),
            ]
        )


DeviceLimit = Depends(limit_devices)
RegistrationLimit = Depends(limit_registrations)
MailLimitDep = Annotated[MailLimit, Depends()]
