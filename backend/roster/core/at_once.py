"""What was answered before is answered again in the moment its request was read.

Either by the connection itself, before anything is made for the request that only the
application needs (a task, its messages, the checks of each header that it sends), or at
the edge of the application, where somebody stands in between. Both say the same.
"""

import re
import time
from http import HTTPStatus
from typing import Protocol

from starlette.types import Scope
from uuid_utils import uuid7

from roster.core import observing, tracing
from roster.core.admission import Given, Rules, admit, left_of
from roster.core.answers import Answer, Answers, Viewer
from roster.core.caching import has_tag
from roster.core.errors import Problem
from roster.core.headers import ENCRYPTED, STRICT_TRANSPORT, Headers, as_lines
from roster.core.rate_limits import Clients

LOOKED = "looked"
"""Notes of a request what was looked up for it already."""
OK, NOT_MODIFIED = int(HTTPStatus.OK), int(HTTPStatus.NOT_MODIFIED)
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")


class Counted(Viewer, Protocol):
    """A caller who is known without asking the database."""

    client: str
    """Whom the limit on requests counts."""
    account: str


class Readers(Protocol):
    def reader(self, authorization: bytes) -> Counted | None:
        """Give who a request is from, if that is known for sure and need not be noted.

        Args:
            authorization: The header that it came with.
        """


class AtOnce:
    """Knows what may be answered without the application.

    Args:
        rules: What is let in.
        answers: What was kept.
        readers: Who may be answered so.
    """

    def __init__(self, rules: Rules, answers: Answers, readers: Readers) -> None:
        self.rules = rules
        self.clients = Clients()
        self._answers = answers
        self._readers = readers

    def look_up(
        self, scope: Scope, given: Given
    ) -> tuple[Counted | None, Answer | None]:
        """Find what was kept for a request, and who it is from, if that is known."""
        answers = self._answers
        state = scope["state"]
        # Before anything is read of what may be kept.
        state["mark"] = answers.mark
        if len(given) != len(scope["headers"]):
            return None, None
        asked = scope["path"], scope["query_string"], given.get(b"accept", b"")
        authorization = given.get(b"authorization")
        viewer = answer = None
        if authorization is None:
            answer = answers.find(asked, None)
        else:
            viewer = self._readers.reader(authorization)
            if viewer is not None:
                state["viewer"] = viewer
                state["account"] = viewer.account
                answer = answers.find(asked, viewer)
            else:
                answers.pass_by()
        if answer is None:
            state["asked"] = asked
            state["is_anonymous"] = authorization is None
        else:
            state["route"] = answer.route
        return viewer, answer

    def give(self, scope: Scope, given: Given) -> tuple[bytes, bytes, bytes] | None:
        """Answer a request here and now, with its line in the log and its figures.

        What it refuses the application refuses as well, with the words for it.

        Args:
            scope: Of a GET or a HEAD without a body.
            given: Its headers.

        Returns:
            The status with the headers that were kept, the others, and the body; None
            if it is for the application.
        """
        started = time.perf_counter()
        looked = viewer, answer = self.look_up(scope, given)
        extra = None
        if answer is not None and tracing.current() is None:
            extra = self._let_in(scope, given, viewer)
        if answer is None or extra is None:
            scope["state"][LOOKED] = looked
            return None
        observing.began()
        status = status_for(answer, given)
        is_whole = status == OK
        body = answer.body if is_whole and scope["method"] == "GET" else b""
        seconds = time.perf_counter() - started
        observing.finished(scope, status=status, seconds=seconds, sent=len(body))
        return answer.lines()[is_whole], as_lines(extra), body

    def _let_in(
        self, scope: Scope, given: Given, viewer: Counted | None
    ) -> Headers | None:
        """Give the headers that differ from answer to answer; None: it is refused."""
        try:
            admit(scope, given, self.rules)
        except Problem:
            return None
        headers = name_request(scope, given)
        client, rate = self.client(scope, given, viewer), self.rules.rate
        if client is not None and rate is not None:
            quota = rate.take(client)
            if quota.wait:
                return None
            headers += left_of(quota, rate)
        return headers

    def client(self, scope: Scope, given: Given, viewer: Counted | None) -> str | None:
        """Name whom a request counts for; None: it is not counted."""
        if self.rules.rate is None or scope["path"] in self.rules.quiet:
            return None
        peer = scope.get("client")
        return self.clients.name(
            peer[0] if peer else "",
            given.get(b"authorization"),
            None if viewer is None else viewer.client,
        )


def name_request(scope: Scope, given: Given) -> Headers:
    """Give the request an id, and the headers that differ from answer to answer."""
    asked = given.get(b"x-request-id")
    if asked is not None and _REQUEST_ID.fullmatch(asked):
        request_id = asked.decode()
    else:
        request_id = str(uuid7())
    scope.setdefault("state", {})["request_id"] = request_id
    headers = [(b"x-request-id", request_id.encode())]
    if scope["scheme"] in ENCRYPTED:
        headers.append(STRICT_TRANSPORT)
    return headers


def status_for(answer: Answer, given: Given) -> int:
    tags = given.get(b"if-none-match")
    if tags is None:
        return OK
    if tags == answer.etag or has_tag(tags.decode("latin-1"), answer.etag.decode()):
        return NOT_MODIFIED
    return OK
