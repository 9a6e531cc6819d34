"""One instance, as commands ask it."""

import json
import time
import weakref
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urljoin

import urllib3
from urllib3.exceptions import HTTPError

from roster.client.config.addresses import API, origin_of
from roster.client.config.instances import Chosen
from roster.client.exits import Exit, Trouble
from roster.client.http.answers import Answer, problem_of, strange
from roster.client.http.pools import AGENT, Trust, away, pool_for

TRIES = 4
LONGEST_WAIT = 30.0
MOST_REDIRECTS = 5
MOST_BYTES = 256 * 1024 * 1024
"""Of an answer that is held in memory, unpacked."""
PIECE_BYTES = 64 * 1024
PASSING = frozenset({429, 502, 503, 504})
MOVED = frozenset({301, 302, 303, 307, 308})
OLDEST, TOO_NEW = (0, 1), (2, 0)
"""The instances that this program speaks with: from the one to before the other."""

Query = Mapping[str, str | int | bool | Iterable[str] | None]
Body = bytes | Iterable[bytes] | None


class Api:
    """Ask an instance, patiently, and in the name of one token.

    Args:
        chosen: Which, and as whom.
        trust: Whose certificates count.
        wait: Lets time pass between two tries.
    """

    def __init__(
        self,
        chosen: Chosen,
        trust: Trust,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.chosen = chosen
        self._pool = pool_for(chosen.address, trust)
        weakref.finalize(self, self._pool.clear)
        self._trust = trust
        self._wait = wait
        self._is_known = False

    # --- what commands ask --------------------------------------------------------

    def get(self, path: str, query: Query | None = None) -> Any:
        """Read JSON.

        Raises:
            Trouble: It is not to be had.
        """
        return self.read(path, query).json()

    def read(self, path: str, query: Query | None = None) -> Answer:
        """Read bytes, and their headers."""
        return self.ask("GET", path, query=query)

    def send(
        self, method: str, path: str, values: Any = None, *, if_match: str | None = None
    ) -> Any:
        """Change something; gives the JSON that comes back, or None."""
        headers = {"If-Match": if_match} if if_match else {}
        body = None
        if values is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(values).encode()
        answer = self.ask(method, path, headers=headers, body=body)
        return answer.json() if answer.data else None

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: Body = None,
    ) -> Answer:
        """Send any request; what failed on the way is tried again if that is safe."""
        self.meet()
        return self._tried(method, self._address(path, query), headers or {}, body)

    @contextmanager
    def stream(
        self, path: str, query: Query | None = None
    ) -> Generator[urllib3.BaseHTTPResponse]:
        """Open an answer that may be large; it is not tried again once it comes."""
        self.meet()
        address = self._address(path, query)
        response = self._open("GET", address, {}, None)
        try:
            if response.status != HTTPStatus.OK:
                raise self._refused(self._whole(response))
            yield response
        except HTTPError as error:
            raise away(self.chosen.address, error) from None
        finally:
            # What is left of it would take the place of another answer.
            response.close()

    def meet(self) -> None:
        """Find out whether this is a Roster that we can speak with, once.

        Raises:
            Trouble: It is none, or too old or too new.
        """
        if self._is_known:
            return
        answer = self._tried("GET", self._address("/instance", None), {}, None)
        found = answer.json()
        if not isinstance(found, dict) or found.get("name") != "Roster":
            raise strange()
        _compare(str(found.get("version", "")))
        self._is_known = True

    # --- how -----------------------------------------------------------------------

    def _address(self, path: str, query: Query | None) -> str:
        pairs: list[tuple[str, str]] = []
        for name, value in (query or {}).items():
            if value is None:
                continue
            if isinstance(value, bool):
                pairs.append((name, str(value).lower()))
            elif isinstance(value, str | int):
                pairs.append((name, str(value)))
            else:
                pairs += [(name, one) for one in value]
        asked = f"?{urlencode(pairs)}" if pairs else ""
        return f"{self.chosen.address}{API}{path}{asked}"

    def _tried(
        self, method: str, address: str, headers: Mapping[str, str], body: Body
    ) -> Answer:
        tries = TRIES if method == "GET" else 1
        for left in reversed(range(tries)):
            pause = 0.5 * 2 ** (tries - 1 - left)
            try:
                response = self._open(method, address, headers, body)
                answer = self._whole(response)
            except Trouble as trouble:
                if not left or trouble.code is not Exit.network:
                    raise
                self._wait(pause)
                continue
            if answer.status in PASSING and left:
                self._wait(min(LONGEST_WAIT, max(pause, _told(answer))))
                continue
            if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                raise self._refused(answer)
            return answer
        raise strange()  # pragma: no cover - the last try returns or raises

    def _open(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: Body,
    ) -> urllib3.BaseHTTPResponse:
        """Send one request, and follow where it leads; the token stays at home."""
        home = origin_of(self.chosen.address)
        for _ in range(MOST_REDIRECTS):
            own = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **headers}
            is_home = origin_of(address) == home
            if self.chosen.token and is_home:
                own["Authorization"] = f"Bearer {self.chosen.token}"
            pool = self._pool if is_home else self._elsewhere(address)
            try:
                response = pool.request(
                    method,
                    address,
                    headers=own,
                    body=body,
                    redirect=False,
                    preload_content=False,
                )
            except HTTPError as error:
                raise away(self.chosen.address, error) from None
            target = response.headers.get("Location")
            if response.status not in MOVED or not target:
                return response
            response.close()
            if method != "GET":
                break
            address = urljoin(address, target)
        raise Trouble(
            Exit.network,
            f"{self.chosen.address} sends everybody on to another address: use that "
            "one with `roster login`.",
        )

    def _elsewhere(self, address: str) -> urllib3.PoolManager:
        pool = pool_for(address, self._trust)
        weakref.finalize(self, pool.clear)
        return pool

    def _whole(self, response: urllib3.BaseHTTPResponse) -> Answer:
        """Read an answer to its end, but not without end."""
        pieces, size = [], 0
        try:
            for piece in response.stream(PIECE_BYTES, decode_content=True):
                pieces.append(piece)
                size += len(piece)
                if size > MOST_BYTES:
                    response.close()
                    raise strange()
        except HTTPError as error:
            raise away(self.chosen.address, error) from None
        response.release_conn()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, b"".join(pieces))

    def _refused(self, answer: Answer) -> Trouble:
        token, place = self.chosen.token, self.chosen.place
        return problem_of(answer, token=token, place=place)


def part(text: str) -> str:
    """One part of a path, whatever is in it."""
    return quote(text, safe="")


def _told(answer: Answer) -> float:
    """How long the server wants us to wait."""
    try:
        return float(answer.headers.get("retry-after", "0"))
    except ValueError:
        return 0.0


def _compare(version: str) -> None:
    try:
        found = tuple(int(number) for number in version.split(".")[:2])
    except ValueError:
        raise strange() from None
    if found < OLDEST:
        raise Trouble(
            Exit.version,
            f"The instance is too old for this roster (it is {version}): use the "
            "roster of its version, or have it upgraded.",
        )
    if found >= TOO_NEW:
        raise Trouble(
            Exit.version,
            f"The instance is too new for this roster (it is {version}): upgrade "
            "yours.",
        )
