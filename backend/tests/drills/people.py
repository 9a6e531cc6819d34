"""People at work: each with an account and a team, one request after the other."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.drills.clients import Client
from tests.drills.journal import AGAIN, Entry, Journal, Outcome

PAUSE_SECONDS = 0.04
LARGE = 3000
"""More bytes than the drills keep in the database."""
LABELS = ("production", "staging")
FILES = 3
"""Of an import."""
KEPT_SIGNED_OUT = 20


def text_of(name: str, mark: str, *, large: bool = False) -> str:
    filling = "All of it is to be looked at.\n" * (LARGE // 30 * large)
    return f"---\nname: {name}\ndescription: Looks at {mark}.\n---\n{mark}\n{filling}"


@dataclass
class Thing:
    """A component, with what was asked for it, in order."""

    name: str
    made: Entry
    id: str = ""
    tag: str = ""
    """What a change is to be based on; empty: it must be read first."""
    digest: str = ""
    draft_tag: str = ""
    publications: list[Entry] = field(default_factory=list)
    moves: list[Entry] = field(default_factory=list)
    drafts: list[tuple[Entry, str | None]] = field(default_factory=list)
    """What was to be the draft; nothing after a publication, which ends it."""

    @property
    def published(self) -> int:
        """How many revisions there are at least."""
        return 1 + sum(one.is_there for one in self.publications)

    @property
    def has_no_draft(self) -> bool:
        if not self.drafts:
            return True
        entry, content = self.drafts[-1]
        return entry.is_there and content is None

    def learn(self, read: dict[str, Any]) -> None:
        self.id, self.tag = read["id"], read["etag"]
        self.digest = read["latest"]["digest"]


@dataclass
class Upload:
    """An import of a few files."""

    mark: str
    made: Entry
    id: str = ""
    applied: Entry | None = None


class Person(Client):
    """Works, one request after the other, and knows what came of it."""

    def __init__(self, name: str, base_url: str, journal: Journal) -> None:
        super().__init__(name, base_url, journal)
        self.things: list[Thing] = []
        self.uploaded: list[Upload] = []
        self.signed_out: list[str] = []
        """Access tokens of sessions that are known to have ended."""
        self.lag = 0.0
        """Seconds after which what was written is read everywhere."""

    async def step(self) -> None:
        """Do one thing, of those that can be done now."""
        if not self.token:
            await self.sign_in()
        elif self.retries:
            await self._send_again()
        else:
            doing = [self._create, self._publish, self._move, self._save, self._read]
            doing += [self._list, self._import, self._change_session]
            chosen = self.random.choices(doing, (3, 5, 4, 4, 6, 2, 2, 1))
            await chosen[0]()

    async def _send_again(self) -> None:
        retry = self.retries.pop()
        entry = retry.entry
        again = self.journal.begin(self.name, entry.what + AGAIN)
        answer = await self.send(again, retry.method, retry.url, **retry.request)
        if answer is None:
            if again.may_be_there or again.status == 401:
                self.retries.append(retry)
            else:
                self.journal.wrong.append(f"{again.what} was refused: {again.said}")
            return
        entry.outcome, entry.answer = Outcome.acknowledged, again.answer

    def _whole(self) -> Thing | None:
        """Choose a component of which everything is known."""
        unsure = {id(retry.entry) for retry in self.retries}
        known = [one for one in self.things if id(one.made) not in unsure]
        return self.random.choice(known) if known else None

    async def _known(self) -> Thing | None:
        """The same, read anew where an answer did not come."""
        thing = self._whole()
        if thing is None:
            return None
        if not thing.id:
            if not thing.made.is_there:
                return None  # perhaps it is there: the end will show
            thing.id = thing.made.answer["id"]
        if not thing.tag:
            entry = self.journal.begin(self.name, "look")
            answer = await self.send(entry, "GET", f"/components/{thing.id}")
            if answer is None:
                return None
            thing.learn(answer.json())
        return thing

    async def _create(self) -> None:
        name = f"{self.name}-{len(self.things)}"
        large = self.random.random() < 0.2
        content = text_of(name, "its beginning", large=large)
        entry = self.journal.begin(self.name, "create", name=name, content=content)
        thing = Thing(name, entry)
        self.things.append(thing)
        body = {"team": self.name, "content": content, "visibility": "private"}
        answer = await self.once(entry, "POST", "/agents", json=body)
        if answer is not None:
            thing.learn(answer.json())

    async def _publish(self) -> None:
        thing = await self._known()
        if thing is None:
            return
        mark = f"change {len(thing.publications)}"
        content = text_of(thing.name, mark, large=self.random.random() < 0.2)
        entry = self.journal.begin(self.name, "publish", content=content)
        thing.publications.append(entry)
        thing.drafts.append((entry, None))
        tag, thing.tag, thing.draft_tag = thing.tag, "", ""
        answer = await self.once(
            entry,
            "POST",
            f"/components/{thing.id}/revisions",
            json={"content": content},
            headers={"If-Match": tag},
        )
        if answer is not None:
            thing.tag = answer.headers["etag"]
            thing.digest = answer.json()["digest"]

    async def _move(self) -> None:
        thing = await self._known()
        if thing is None:
            return
        number = self.random.randint(1, thing.published)
        label = self.random.choice(LABELS)
        entry = self.journal.begin(self.name, "move", label=label, number=number)
        thing.moves.append(entry)
        tag, thing.tag = thing.tag, ""
        answer = await self.send(
            entry,
            "PUT",
            f"/components/{thing.id}/labels/{label}",
            json={"number": number},
            headers={"If-Match": tag},
        )
        if answer is not None:
            thing.tag = answer.headers["etag"]

    async def _save(self) -> None:
        thing = await self._known()
        if thing is None:
            return
        content = text_of(thing.name, f"draft {len(thing.drafts)}")
        is_known = thing.draft_tag or thing.has_no_draft
        if not is_known and not await self._look_at_draft(thing):
            return
        entry = self.journal.begin(self.name, "draft")
        thing.drafts.append((entry, content))
        tag, thing.draft_tag = thing.draft_tag, ""
        answer = await self.send(
            entry,
            "PUT",
            f"/components/{thing.id}/draft",
            json={"content": content, "base_digest": thing.digest},
            headers={"If-Match": tag} if tag else {"If-None-Match": "*"},
        )
        if answer is not None:
            thing.draft_tag = answer.headers["etag"]

    async def _look_at_draft(self, thing: Thing) -> bool:
        """Ask what became of the draft whose answer did not come."""
        entry = self.journal.begin(self.name, "look")
        url = f"/components/{thing.id}/draft"
        answer = await self.send(entry, "GET", url)
        if answer is not None:
            thing.draft_tag = answer.json()["etag"]
        elif entry.status == 404:
            entry.outcome = Outcome.acknowledged  # it was not stored, and that is so
        return entry.is_there

    async def _read(self) -> None:
        thing = self._whole()
        if thing is None or not thing.id:
            return
        entry = self.journal.begin(self.name, "read")
        before = entry.sent - self.lag
        done = [one for one in thing.publications if one.is_there]
        told = 1 + sum(one.ended is not None and one.ended < before for one in done)
        most = 1 + sum(one.is_there or one.may_be_there for one in thing.publications)
        answer = await self.send(entry, "GET", f"/agents/{thing.id}")
        if answer is None:
            return
        found = answer.json()["latest"]["number"]
        if not told <= found <= most:
            self.journal.wrong.append(
                f"{thing.name} has {found} revisions for who reads it, and was told "
                f"of {told} to {most}"
            )

    async def _list(self) -> None:
        entry = self.journal.begin(self.name, "list")
        before = entry.sent - self.lag
        least = sum(
            one.made.is_there and one.made.ended is not None and one.made.ended < before
            for one in self.things
        )
        query = {"team": self.name, "limit": 1, "count": True}
        answer = await self.send(entry, "GET", "/agents", params=query)
        if answer is not None and answer.json()["total"] < least:
            total = answer.json()["total"]
            self.journal.wrong.append(f"{self.name} sees {total} of {least} agents")

    async def _import(self) -> None:
        waiting = [one for one in self.uploaded if one.id and one.applied is None]
        if not waiting:
            await self._upload()
            return
        upload = waiting[0]
        entry = self.journal.begin(self.name, "look")
        answer = await self.send(entry, "GET", f"/imports/{upload.id}")
        if answer is None or answer.json()["state"] != "preview":
            return
        upload.applied = self.journal.begin(self.name, "apply")
        url = f"/imports/{upload.id}/apply"
        await self.once(upload.applied, "POST", url)

    async def _upload(self) -> None:
        mark = f"{self.name}-upload{len(self.uploaded)}"
        files = [
            ("files", (f"{name}.md", text_of(name, mark).encode()))
            for name in (f"{mark}-{number}" for number in range(FILES))
        ]
        entry = self.journal.begin(self.name, "import", mark=mark)
        upload = Upload(mark, entry)
        self.uploaded.append(upload)
        answer = await self.once(
            entry, "POST", "/imports", data={"team": self.name}, files=files
        )
        if answer is not None:
            upload.id = answer.json()["id"]

    async def _change_session(self) -> None:
        """Sign out here, and in again."""
        entry = self.journal.begin(self.name, "sign out")
        token = self.token
        await self.send(entry, "POST", "/auth/logout")
        if entry.is_there:
            self.signed_out = [*self.signed_out[-KEPT_SIGNED_OUT:], token]
        await self.sign_in()

    async def writes(self) -> bool:
        """Change the one thing that it has, and say whether that was acknowledged."""
        if not self.things or not self.things[0].made.is_there:
            await self._create()
            return self.things[-1].made.is_there
        before = len(self.things[0].drafts)
        await self._save()
        drafts = self.things[0].drafts
        return len(drafts) > before and drafts[-1][0].is_there

    async def creates(self) -> str:
        """Make a component, and give its id."""
        await self._create()
        assert self.things[-1].made.is_there, self.things[-1].made
        return self.things[-1].id

    async def uploads(self) -> None:
        await self._upload()
        assert self.uploaded[-1].made.is_there, self.uploaded[-1].made

    async def signs_out(self) -> str:
        """End the session, and give the token that was good before."""
        token = self.token
        await self._change_session()
        assert token in self.signed_out
        return token

    async def listed(self) -> dict[str, str]:
        """Digests of all agents of the team, by their names, a page at a time."""
        found: dict[str, str] = {}
        query: dict[str, Any] = {"team": self.name, "limit": 200}
        while True:
            page = await self.read("/agents", **query)
            for item in page["items"]:
                assert item["name"] not in found, f"{item['name']} is listed twice"
                found[item["name"]] = item["latest"]["digest"]
            if page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]

    async def work(self, done: asyncio.Event) -> None:
        while not done.is_set():
            await self.step()
            await asyncio.sleep(PAUSE_SECONDS * self.random.random() * 2)


class Worker(Protocol):
    async def work(self, done: asyncio.Event) -> None:
        """Work until that is so, and finish what was begun."""


@asynccontextmanager
async def at_work(people: Sequence[Worker]) -> AsyncGenerator[None]:
    """Let them work until the block ends; each finishes what it has begun."""
    done = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for one in people:
            tasks.create_task(one.work(done))
        try:
            yield
        finally:
            done.set()
