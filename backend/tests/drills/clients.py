"""A client that notes in the journal what it sends and what it is answered."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.conftest import PASSWORD, SETUP_CODE
from tests.drills.journal import UNAVAILABLE, Entry, Journal, Outcome

ANSWER_SECONDS = 60.0
AGAIN_SECONDS = 0.2


@dataclass
class Retry:
    """A request whose answer did not come, to be sent again with its key."""

    entry: Entry
    method: str
    url: str
    request: dict[str, Any]


class Client:
    """Somebody with an account and a team of their own."""

    def __init__(self, name: str, base_url: str, journal: Journal) -> None:
        self.name = name
        self.journal = journal
        self.url = f"{base_url}/api/v1"
        self.token = ""
        self.random = random.Random(name)  # noqa: S311 - what they do next
        self.retries: list[Retry] = []
        self._client = httpx.AsyncClient(
            base_url=self.url, timeout=ANSWER_SECONDS, trust_env=False
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def register(self, *, first: bool) -> None:
        body = {"username": self.name, "email": f"{self.name}@example.org"}
        body |= {"password": PASSWORD, **({"setup_code": SETUP_CODE} if first else {})}
        answer = await self._client.post("/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        await self.sign_in()

    async def send(
        self,
        entry: Entry,
        method: str,
        url: str,
        **request: Any,
    ) -> httpx.Response | None:
        """Send a request and note its end; give the answer if it is a success."""
        headers = dict(request.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            answer = await self._client.request(method, url, headers=headers, **request)
        except httpx.TransportError as error:
            entry.said = repr(error)
            entry.outcome, entry.ended = Outcome.unknown, time.monotonic()
            await asyncio.sleep(AGAIN_SECONDS)
            return None
        entry.ended = time.monotonic()
        entry.status = answer.status_code
        if answer.is_success:
            entry.outcome = Outcome.acknowledged
            if answer.content:
                entry.answer = answer.json()
            return answer
        entry.retry_after = answer.headers.get("retry-after")
        entry.said = answer.text[:300]
        is_known = answer.status_code not in UNAVAILABLE and answer.status_code < 500
        entry.outcome = Outcome.refused if is_known else Outcome.unknown
        if answer.status_code == 401:
            self.token = ""
        return None

    async def once(
        self, entry: Entry, method: str, url: str, **request: Any
    ) -> httpx.Response | None:
        """Send what has one effect however often it is sent; note it to do so."""
        key = uuid4().hex
        request["headers"] = {**request.get("headers", {}), "Idempotency-Key": key}
        if "files" in request:
            # Else the same form is another body each time that it is sent.
            form = f"multipart/form-data; boundary={key}"
            request["headers"]["Content-Type"] = form
        answer = await self.send(entry, method, url, **request)
        if answer is None and entry.may_be_there and self.random.random() < 0.5:
            self.retries.append(Retry(entry, method, url, request))
        return answer

    async def sign_in(self) -> None:
        entry = self.journal.begin(self.name, "sign in")
        form = {"username": self.name, "password": PASSWORD}
        self.token = ""
        answer = await self.send(entry, "POST", "/auth/token", data=form)
        if answer is not None:
            self.token = answer.json()["access_token"]
            self.refresh_token = answer.json()["refresh_token"]

    async def is_refused(self, token: str) -> bool:
        """Ask whether a token of a session that has ended is good for nothing."""
        answer = await self._client.get(
            "/users/me", headers={"Authorization": f"Bearer {token}"}
        )
        return answer.status_code == 401

    async def read(self, url: str, **query: Any) -> Any:
        """Read when all is well."""
        if not self.token:
            await self.sign_in()
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self._client.get(url, params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()
