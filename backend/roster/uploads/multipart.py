"""Read a multipart upload as it arrives, into one file on disk.

Starlette's own form parser keeps each part below its spool size in memory, and
opens a file for each part above it: for an upload of thousands of files that is
either all of it in memory or thousands of descriptors.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from roster.core.errors import Invalid, Malformed, TooLarge, UnsupportedMediaType
from roster.uploads.spool import Span, Spool

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FLUSH_BYTES = 512 * 1024
MAX_HEADER_BYTES = 16 * 1024
INCOMPLETE = "The upload is not a complete multipart message; send it again."
FILES, TEAM = "files", "team"
FIELDS = {TEAM: 1024}
"""The fields of text of a form, and how long each may be."""


@dataclass(frozen=True, slots=True)
class Part:
    """One uploaded file: the path that its sender gave, and its bytes' place."""

    path: str
    span: Span


@dataclass
class Upload:
    fields: dict[str, str]
    parts: list[Part]

    @property
    def team(self) -> str:
        return self.fields[TEAM]


@dataclass
class _Form:
    """Callbacks of the multipart parser; they only move bytes between buffers."""

    max_files: int
    lengths: Mapping[str, int]
    offset: int = 0
    pending: bytearray = field(default_factory=bytearray)
    parts: list[Part] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    _header: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)
    _disposition: bytes = b""
    _name: str = ""
    _path: str | None = None
    _start: int = 0
    _text: bytearray = field(default_factory=bytearray)
    complete: bool = False

    def on_part_begin(self) -> None:
        self._disposition = b""
        self._text.clear()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = _text_of(options.get(b"name", b""))
        filename = options.get(b"filename")
        self._path = None if filename is None else _text_of(filename)
        self._start = self.offset + len(self.pending)
        if self._name != FILES and self._name not in self.lengths:
            known = f"{', '.join(self.lengths)} and {FILES}"
            raise Invalid.field(
                self._name or FILES,
                f"There is no field {self._name!r} here; send {known}.",
                "extra_forbidden",
            )
        if self._name == FILES and self._path is None:
            raise Invalid.field(FILES, "Send files here, with file names.", "file_type")
        if self._name != FILES and self._path is not None:
            raise Invalid.field(self._name, "Send this as text.", "string_type")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._path is not None:
            self.pending += data[start:end]
            return
        self._text += data[start:end]
        if len(self._text) > self.lengths[self._name]:
            raise Invalid.field(self._name, "This is too long.", "string_too_long")

    def on_part_end(self) -> None:
        if self._path is None:
            if self._name in self.fields:
                raise Invalid.field(self._name, "Send this once.", "repeated")
            self.fields[self._name] = _text_of(bytes(self._text)).strip()
            return
        size = self.offset + len(self.pending) - self._start
        if not self._path and not size:
            return  # a browser sends this for a file field that was left empty
        if len(self.parts) == self.max_files:
            raise TooLarge(
                f"These are more than {self.max_files:,} files; upload fewer at once."
            )
        self.parts.append(Part(self._path, Span(self._start, size)))

    def on_end(self) -> None:
        self.complete = True


def _text_of(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _parser(request: Request, form: _Form) -> MultipartParser:
    content_type = request.headers.get("content-type", "")
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise UnsupportedMediaType("Send the files as multipart/form-data.")
    boundary = options.get(b"boundary")
    if not boundary:
        raise Malformed("The Content-Type names no boundary.")
    callbacks: MultipartCallbacks = {
        "on_part_begin": form.on_part_begin,
        "on_part_data": form.on_part_data,
        "on_part_end": form.on_part_end,
        "on_header_field": form.on_header_field,
        "on_header_value": form.on_header_value,
        "on_header_end": form.on_header_end,
        "on_headers_finished": form.on_headers_finished,
        "on_end": form.on_end,
    }
    return MultipartParser(boundary, callbacks, max_header_size=MAX_HEADER_BYTES)


async def receive(
    request: Request,
    spool: Spool,
    *,
    max_files: int,
    max_bytes: int,
    fields: Mapping[str, int] = FIELDS,
) -> Upload:
    """Move the uploaded files to the spool, at the pace at which they arrive.

    Raises:
        Invalid: A field is missing, unknown, or of the wrong sort.
        Malformed: The body is not the multipart message that it says it is.
        TooLarge: There are more files or bytes than allowed.
    """
    form = _Form(max_files, fields)
    try:
        parser = _parser(request, form)
        async for chunk in _chunks(request, max_bytes):
            parser.write(chunk)
            if len(form.pending) >= FLUSH_BYTES:
                await _flush(form, spool)
        parser.finalize()
    except FormParserError as error:
        raise Malformed(INCOMPLETE) from error
    if not form.complete:
        raise Malformed(INCOMPLETE)
    await _flush(form, spool)
    if not form.fields.get(TEAM):
        raise Invalid.field(TEAM, "Say which team it goes into.", "missing")
    if not form.parts:
        raise Invalid.field(FILES, "Choose at least one file.", "missing")
    return Upload(form.fields, form.parts)


async def receive_raw(request: Request, spool: Spool, max_bytes: int) -> Span:
    """Move a body to the spool that is one file.

    Raises:
        Malformed: It ends too early.
        TooLarge: It has more bytes than allowed.
    """
    start = spool.size
    pending = bytearray()
    async for chunk in _chunks(request, max_bytes):
        pending += chunk
        if spool.size - start + len(pending) > max_bytes:
            raise TooLarge(f"The file is larger than the {max_bytes:,} bytes allowed.")
        if len(pending) >= FLUSH_BYTES:
            await run_in_threadpool(spool.append, pending)
            pending.clear()
    await run_in_threadpool(spool.append, pending)
    return Span(start, spool.size - start)


async def _chunks(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except HTTPException as error:
        if error.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise
        message = f"The upload is larger than the {max_bytes:,} bytes that are taken."
        raise TooLarge(message) from error
    except ClientDisconnect as error:  # no fault of ours, so nothing for its log
        raise Malformed(INCOMPLETE) from error


async def _flush(form: _Form, spool: Spool) -> None:
    if form.pending:
        await run_in_threadpool(spool.append, form.pending)
        form.offset += len(form.pending)
        form.pending.clear()
