"""What a database, a disk or a connection that fails means to who sent the request.

What another try may mend is 503, with when to make it; what only the administrator can
mend, because nothing can be stored any more, is 507. Either way nothing was stored.
"""

import errno
import sqlite3
from dataclasses import dataclass
from socket import gaierror

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from roster.core import errors
from roster.core.errors import Problem
from roster.core.groups import UndoneError

SOON, LATER = "2", "30"
"""Seconds after which to try again: what is busy, and what somebody has to mend."""


@dataclass(frozen=True, slots=True)
class Fault:
    reason: str
    """As the figures name it: away, busy, timeout, full or conflict."""
    problem: Problem


_NO_ROOM = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.ENOMEM}
)
_NOT_WRITTEN = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
_ON_SQLITE = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "full",
    sqlite3.SQLITE_INTERRUPT: "timeout",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_IOERR: "away",
    sqlite3.SQLITE_CANTOPEN: "away",
    sqlite3.SQLITE_PROTOCOL: "busy",
    sqlite3.SQLITE_NOMEM: "busy",
}
_ON_POSTGRES = {
    "25006": "full",  # a replica, or set to read alone
    "25P03": "timeout",
    "40001": "conflict",
    "40P01": "conflict",
    "53100": "full",
    "53200": "busy",
    "53300": "busy",
    "53400": "busy",
    "55P03": "timeout",
    "57014": "timeout",
    "57P01": "away",
    "57P02": "away",
    "57P03": "away",
    "57P04": "away",
    "57P05": "away",
    "58030": "full",
}
_AWAY = "08"
"""How PostgreSQL's states of lost connections begin."""
_SAID = {
    "away": "The database is out of reach; try again in a moment.",
    "busy": "The database is busy; try again in a moment.",
    "conflict": "Others changed the same things just now; try again.",
    "timeout": "This took the database too long and was given up; ask for less of it.",
}


def is_no_room(error: OSError) -> bool:
    """Whether it means that nothing can be written."""
    return error.errno in _NO_ROOM


def no_room() -> errors.InsufficientStorage:
    return errors.InsufficientStorage(
        "There is no room left where this instance stores, or it may not write there. "
        "Nothing was stored: tell its administrator.",
        headers={"Retry-After": LATER},
    )


def fault_of(error: BaseException) -> Fault | None:
    """Say what failed; None if the code did."""
    reason = _reason(error)
    return None if reason is None else Fault(reason, _problem(reason))


def _problem(reason: str) -> Problem:
    if reason == "full":
        return no_room()
    return errors.Unavailable(_SAID[reason], headers={"Retry-After": SOON})


def _reason(error: BaseException) -> str | None:
    if isinstance(error, PoolTimeout):
        return "busy"
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    # Those of a disk name a file, and one that is missing is a fault of ours.
    if isinstance(error, OSError):
        if is_no_room(error):
            return "full"
        if isinstance(error, ConnectionError | gaierror | TimeoutError):
            return "away"
    return None


def _of_database(error: DBAPIError) -> str | None:
    cause = error.orig
    if hasattr(cause, "sqlite_errorcode") or isinstance(cause, UndoneError):
        return _of_sqlite(cause)
    state = str(getattr(cause, "sqlstate", None) or "")
    if state in _ON_POSTGRES:
        return _ON_POSTGRES[state]
    if state.startswith(_AWAY) or error.connection_invalidated:
        return "away"
    if isinstance(cause, OSError):
        return _reason(cause)
    # What the driver says itself, where there was no server left to say anything.
    is_lost = type(cause).__name__ == "InterfaceError" and "closed" in str(cause)
    if is_lost:
        return "away"
    return "busy" if isinstance(error, OperationalError) else None


def _of_sqlite(error: BaseException | None) -> str | None:
    if isinstance(error, UndoneError):
        return "busy"
    code: int = getattr(error, "sqlite_errorcode", 0)
    if code in _NOT_WRITTEN:
        return "full"
    return _ON_SQLITE.get(code & 0xFF)
