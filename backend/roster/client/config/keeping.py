"""Where tokens are kept: the keyring of the system, or a file of one's own."""

import os
import stat
from pathlib import Path
from typing import Protocol

from roster.client.config import files
from roster.client.exits import Exit, Trouble

SERVICE = "roster"
KEYRING, FILE = "keyring", "file"
WITHOUT_KEYRING = "ROSTER_NO_KEYRING"
"""Set, tokens are kept in the file."""
OTHERS = 0o077


class Keeper(Protocol):
    """A place for secrets, by the address of their instance."""

    name: str

    def read(self, address: str) -> str | None: ...

    def keep(self, address: str, token: str) -> None: ...

    def forget(self, address: str) -> None: ...


class InFile:
    name = FILE

    @property
    def path(self) -> Path:
        return files.folder() / "tokens.json"

    def read(self, address: str) -> str | None:
        path = self.path
        if os.name == "posix" and path.exists():
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & OTHERS:
                raise Trouble(
                    Exit.disk,
                    f"Others may read {path}: run `chmod 600 {path}`, and revoke the "
                    "tokens in it if they may have.",
                )
        found = files.read(path).get(address)
        return found if isinstance(found, str) else None

    def keep(self, address: str, token: str) -> None:
        files.write(self.path, files.read(self.path) | {address: token})

    def forget(self, address: str) -> None:
        kept = files.read(self.path)
        if kept.pop(address, None) is not None:
            files.write(self.path, kept)


class InKeyring:
    name = KEYRING

    def read(self, address: str) -> str | None:
        # It takes a third of a second to import.
        import keyring  # noqa: PLC0415 - see above
        from keyring.errors import KeyringError  # noqa: PLC0415 - see above

        try:
            return keyring.get_password(SERVICE, address)
        except KeyringError:
            raise Trouble(
                Exit.sign_in,
                "The keyring of this system is locked: unlock it, or set "
                f"{WITHOUT_KEYRING}=1 and sign in again.",
            ) from None

    def keep(self, address: str, token: str) -> None:
        import keyring  # noqa: PLC0415 - as above

        keyring.set_password(SERVICE, address, token)

    def forget(self, address: str) -> None:
        import keyring  # noqa: PLC0415 - as above
        from keyring.errors import KeyringError  # noqa: PLC0415 - as above

        try:
            keyring.delete_password(SERVICE, address)
        except KeyringError:
            return


def called(name: str) -> Keeper:
    return InKeyring() if name == KEYRING else InFile()


def keep(address: str, token: str) -> str:
    """Keep a token in the safest place there is; gives its name."""
    if not os.environ.get(WITHOUT_KEYRING) and _keyring_works():
        try:
            InKeyring().keep(address, token)
        except Exception:  # noqa: BLE001 - of any backend, which has errors of its own
            return _in_file(address, token)
        return KEYRING
    return _in_file(address, token)


def _in_file(address: str, token: str) -> str:
    InFile().keep(address, token)
    return FILE


def _keyring_works() -> bool:
    """Whether there is one: on a server or in a container there is none."""
    import keyring  # noqa: PLC0415 - as above
    from keyring.backends import fail  # noqa: PLC0415 - as above

    try:
        return not isinstance(keyring.get_keyring(), fail.Keyring)
    except Exception:  # noqa: BLE001 - of any backend, which has errors of its own
        return False
