"""Structured logs: one event a line, with the request id on each.

JSON where a program reads them, readable text where a person does. Whatever a request
brought along, it can neither begin a line of its own nor colour a terminal, and what
looks like a secret is taken out.
"""

import json
import logging
import re
import sys
import time
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import orjson
import structlog
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import ExcInfo, Processor

from roster.core import tracing
from roster.settings import Settings

Event = MutableMapping[str, Any]
_access = structlog.get_logger("roster.access")
LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
REMOVED = "[removed]"
REQUEST = "request"
"""The event of the one line of each request."""
_MARKS = ("eyJ", "rst_", "://", "$2", "$bcrypt", "gAAAAA", "earer ")
"""Looked for first: most lines hold none of them."""
_SECRETS = re.compile(
    r"(?:rst_)?eyJ[\w-]{8,}(?:\.[\w-]*){0,2}"  # tokens
    r"|(?<=://)[^/\s@\"']*(?=@)"  # who and password in an address
    r"|\$(?:2[aby]|bcrypt[\w-]*)\$[^\s\"',]+"  # hashes of passwords
    r"|gAAAAA[\w-]{20,}=*"  # what is encrypted
    r"|(?<=[Bb]earer )[^\s\"',]+"
)
_BEFORE_CODE = "/auth/device/"
_CODE = re.compile(rf"(?<={_BEFORE_CODE})(?!token(?:/|$))[^/]+")
"""What a device shows, as the path names it: who knows it may let the device in."""
_SECRET_NAMES = re.compile(r"(?i)passw|secret|authorization|cookie|(?:^|_)token$")


class Lines:
    """Writes one line at a time; a full disk is no reason to fail a request."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def msg(self, line: bytes) -> None:
        with suppress(OSError, ValueError):
            self._file.write(line)
            self._file.flush()

    debug = info = warning = error = critical = exception = msg


@dataclass(slots=True)
class _Requests:
    """How the lines of requests are written."""

    level: int = logging.INFO
    as_json: bool = False


_requests = _Requests()


def configure(settings: Settings) -> None:
    level = LEVELS[settings.log_level]
    log_format = log_format_of(settings)
    rendering = _rendering(log_format)
    _requests.level, _requests.as_json = level, log_format == "json"
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _stamp, *rendering],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: Lines(sys.stderr.buffer),
        cache_logger_on_first_use=settings.environment != "test",
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(foreign(settings))
    logging.basicConfig(handlers=[handler])
    # What libraries write at finer levels holds parameters, and so hashes and digests.
    logging.getLogger().setLevel(max(level, logging.WARNING))


def tell_request(event: Event, *, failed: bool) -> None:
    """Write the line of a request: as JSON past structlog, which costs twice the rest.

    Args:
        event: What is said of it, with all that other lines get from its context.
        failed: Whether that is the server's fault.
    """
    if _BEFORE_CODE in event["path"]:
        event["path"] = _CODE.sub(REMOVED, event["path"])
    method = "warning" if failed else "info"
    if not _requests.as_json:
        getattr(_access, method)(event.pop("event"), **event)
    elif LEVELS[method] >= _requests.level:
        line = _as_json(None, method, _stamp(None, method, event))
        Lines(sys.stderr.buffer).msg(line)


def foreign(settings: Settings) -> logging.Formatter:
    """Make what writes the lines of libraries in the way of our own."""
    return _Foreign(_rendering(log_format_of(settings)))


def log_format_of(settings: Settings) -> Literal["text", "json"]:
    if settings.log_format is not None:
        return settings.log_format
    person = settings.environment == "development" or sys.stderr.isatty()
    return "text" if person else "json"


class _Foreign(logging.Formatter):
    def __init__(self, rendering: list[Processor]) -> None:
        super().__init__()
        self._rendering = rendering

    def format(self, record: logging.LogRecord) -> str:
        event: Any = {"event": record.getMessage(), "logger": record.name}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        structlog.contextvars.merge_contextvars(None, record.levelname.lower(), event)
        event = _stamp(None, record.levelname.lower(), event)
        for process in self._rendering:
            event = process(None, record.levelname.lower(), event)
        line: bytes = event
        return line.decode().removesuffix("\n")


_second = 0
_second_text = ""


def _stamp(_logger: Any, method: str, event: Event) -> Event:
    """Add level and time; the text of a second is made once in it."""
    global _second, _second_text  # noqa: PLW0603 - kept between lines
    now = time.time()
    second = int(now)
    if second != _second:
        _second_text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        _second = second
    tracer = tracing.current()
    if tracer is not None and (trace_id := tracer.trace_id()):
        event["trace_id"] = trace_id
    event["level"] = method
    event["timestamp"] = f"{_second_text}.{int((now - second) * 1e6):06d}Z"
    return event


def _rendering(log_format: Literal["text", "json"]) -> list[Processor]:
    # Tracebacks without the values of variables: some of those are secrets.
    if log_format == "json":
        trace = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        return [trace, _as_json]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=_indented_traceback
    )
    return [_printable, console, _as_line]


def scrubbed(text: str) -> str:
    """Take out what looks like a token, a password in an address, or a hash."""
    if any(mark in text for mark in _MARKS):
        return _SECRETS.sub(REMOVED, text)
    return text


def _as_json(_logger: Any, _method: str, event: Event) -> bytes:
    if event["event"] == REQUEST:
        # One for each request: all but the path is of our own making.
        event["path"] = scrubbed(event["path"])
        line = orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)
        if line.isascii():
            return line
    _remove_named(event)
    try:
        text = orjson.dumps(event, default=repr).decode()
    except TypeError:  # a lone surrogate, as names of files may hold
        text = json.dumps(event, default=repr)
    if not text.isprintable():
        # Separators of lines and controls of terminals that JSON need not escape.
        text = json.dumps(event, default=repr)
    return f"{scrubbed(text)}\n".encode()


def _remove_named(event: Event) -> None:
    for key in event:
        if key not in _KNOWN and _SECRET_NAMES.search(key):
            event[key] = REMOVED


_KNOWN = frozenset(
    {
        *("event", "level", "timestamp", "request_id", "trace_id", "user", "job"),
        *("method", "path", "route", "status", "ms", "kind", "error", "exception"),
    }
)
"""Names that are no secrets': most lines have no others."""


def _printable(_logger: Any, _method: str, event: Event) -> Event:
    _remove_named(event)
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            event[key] = _escaped(value)
    return event


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode()


def _indented_traceback(sio: Any, exc_info: ExcInfo) -> None:
    """Write a traceback whose lines cannot be taken for lines of the log."""
    trace = logging.Formatter().formatException(exc_info)
    lines = (
        line if line.isprintable() else _escaped(line) for line in trace.split("\n")
    )
    sio.write("\n".join(f"  | {line}" for line in lines))


def _as_line(_logger: Any, _method: str, text: Any) -> bytes:
    return f"{scrubbed(str(text))}\n".encode(errors="backslashreplace")
