"""The registry as a client sees it, beside a plain model of what it must be."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

NAMES = ("alpha", "beta", "gamma", "delta")
TEXTS = ("Look at tests.", "Look at names.", "Look at errors.")
LABELS = ("stable", "next")
ANY = {"If-Match": "*"}

names, texts = st.sampled_from(NAMES), st.sampled_from(TEXTS)
labels, picks = st.sampled_from(LABELS), st.integers(0, 5)
follows = st.sampled_from(("latest", *LABELS))

_teams = count(1)


def file_of(name: str, text: str) -> str:
    return f"---\nname: {name}\ndescription: Reviews changes.\n---\n{text}\n"


@dataclass
class Thing:
    """What is known of one component."""

    id: str
    name: str
    revisions: list[str] = field(default_factory=list)
    """The text of each file, from the first to the last."""
    yanked: set[int] = field(default_factory=set)
    labels: dict[str, int] = field(default_factory=dict)
    draft: str | None = None
    deleted: bool = False

    @property
    def latest(self) -> int:
        numbers = range(len(self.revisions), 0, -1)
        return next((n for n in numbers if n not in self.yanked), 0)

    @property
    def pointing(self) -> dict[str, int]:
        """Every label, `latest` among them."""
        return self.labels | ({"latest": self.latest} if self.latest else {})


class Registry(RuleBasedStateMachine):
    """One team of one person, and everything that they do there."""

    client: httpx.Client

    def __init__(self) -> None:
        super().__init__()
        self.things: list[Thing] = []
        self.held: dict[str, str] = {}
        """Every name that was ever published, and whose it is."""
        self.entries: list[tuple[Thing, str]] = []
        """Components of the collection, and the label that each follows."""
        self.locks: list[bytes] = []
        self.locked: list[tuple[str, int]] = []
        """Names and revisions that the newest release holds."""

    def ask(self, expected: int, method: str, path: str, **parts: Any) -> Any:
        """Send a request; `expected` is what the model says must be answered."""
        answer = self.client.request(method, path, **parts)
        asked = f"{method} {path} {parts}"
        assert answer.status_code == expected, f"{asked}: {answer.text}"
        return answer.json() if answer.content else None

    def pick(self, number: int, *, published: bool = True) -> Thing | None:
        there = [
            thing
            for thing in self.things
            if not thing.deleted and bool(thing.revisions) is published
        ]
        return there[number % len(there)] if there else None

    # --- making -----------------------------------------------------------------

    @initialize()
    def make_team(self) -> None:
        self.team = f"team-{next(_teams)}"
        self.ask(201, "POST", "/teams", json={"slug": self.team, "name": "Team"})
        body = {"team": self.team, "name": "kit"}
        self.collection = self.ask(201, "POST", "/collections", json=body)["id"]

    def _is_free(self, name: str) -> bool:
        unpublished = {t.name for t in self.things if not t.revisions}
        return name not in self.held and name not in unpublished

    @rule(name=names, text=texts)
    def create(self, name: str, text: str) -> None:
        body = {"team": self.team, "content": file_of(name, text)}
        free = self._is_free(name)
        made = self.ask(201 if free else 409, "POST", "/agents", json=body)
        if free:
            self.things.append(Thing(made["id"], name, [body["content"]]))
            self.held[name] = made["id"]

    @rule(name=names)
    def begin(self, name: str) -> None:
        body = {"kind": "agent", "team": self.team, "name": name}
        free = self._is_free(name)
        made = self.ask(201 if free else 409, "POST", "/components", json=body)
        if free:
            self.things.append(Thing(made["id"], name, draft=""))

    @rule(number=picks)
    def give_up(self, number: int) -> None:
        """What was never published goes wholly, and its name is free again."""
        if thing := self.pick(number, published=False):
            self.ask(204, "DELETE", f"/components/{thing.id}", headers=ANY)
            self.things.remove(thing)

    # --- drafts and revisions ---------------------------------------------------

    @rule(number=picks, text=texts, published=st.booleans())
    def save_draft(self, number: int, text: str, *, published: bool) -> None:
        if thing := self.pick(number, published=published):
            present = self.ask(200, "GET", f"/components/{thing.id}")["latest"]
            content = file_of(thing.name, text)
            body = {
                "content": content,
                "base_digest": present["digest"] if present else "",
            }
            new = thing.draft is None
            headers = {"If-None-Match": "*"} if new else ANY
            place = f"/components/{thing.id}/draft"
            self.ask(200, "PUT", place, json=body, headers=headers)
            thing.draft = content

    @rule(number=picks, published=st.booleans())
    def publish_draft(self, number: int, *, published: bool) -> None:
        """A draft that is based on another revision stays, and is not published."""
        thing = self.pick(number, published=published)
        if thing is None or not thing.draft:
            return
        place = f"/components/{thing.id}/draft"
        draft = self.ask(200, "GET", place)
        based = draft["base_number"] == thing.latest
        same = thing.latest and thing.revisions[thing.latest - 1] == thing.draft
        answer = self.client.post(f"{place}/publish", json={}, headers=ANY)
        if based and not same:
            assert answer.status_code == 201, answer.text
            thing.revisions.append(thing.draft)
            thing.draft = None
            self.held[thing.name] = thing.id
        else:
            assert answer.status_code in {409, 412}, answer.text
            assert self.ask(200, "GET", place)["content"] == thing.draft

    @rule(number=picks, text=texts)
    def publish(self, number: int, text: str) -> None:
        if thing := self.pick(number):
            content = file_of(thing.name, text)
            place = f"/components/{thing.id}/revisions"
            same = thing.latest and thing.revisions[thing.latest - 1] == content
            status = 409 if same else 201
            made = self.ask(
                status, "POST", place, json={"content": content}, headers=ANY
            )
            if not same:
                thing.revisions.append(content)
                thing.draft = None
                assert made["number"] == len(thing.revisions)

    @rule(number=picks, revision=picks)
    def yank(self, number: int, revision: int) -> None:
        if thing := self.pick(number):
            wanted = revision % len(thing.revisions) + 1
            place = f"/components/{thing.id}/revisions/{wanted}/yank"
            if wanted in thing.yanked:
                self.ask(204, "DELETE", place, headers=ANY)
                thing.yanked.remove(wanted)
            else:
                self.ask(200, "POST", place, json={"reason": "Wrong"}, headers=ANY)
                thing.yanked.add(wanted)

    # --- labels, names, the end -------------------------------------------------

    @rule(number=picks, revision=picks, label=labels)
    def label(self, number: int, revision: int, label: str) -> None:
        if thing := self.pick(number):
            wanted = revision % len(thing.revisions) + 1
            place = f"/components/{thing.id}/labels/{label}"
            status = 409 if wanted in thing.yanked else 200
            self.ask(status, "PUT", place, json={"number": wanted}, headers=ANY)
            if status == 200:
                thing.labels[label] = wanted

    @rule(number=picks, name=names)
    def rename(self, number: int, name: str) -> None:
        thing = self.pick(number)
        if thing is None or name == thing.name:
            return
        free = self._is_free(name) or self.held.get(name) == thing.id
        place = f"/components/{thing.id}/rename"
        body = {"name": name, "publish": False}
        self.ask(200 if free else 409, "POST", place, json=body, headers=ANY)
        if free:
            thing.name = name
            self.held[name] = thing.id

    @rule(number=picks)
    def delete(self, number: int) -> None:
        if thing := self.pick(number):
            self.ask(204, "DELETE", f"/components/{thing.id}", headers=ANY)
            thing.deleted = True

    @precondition(lambda self: any(thing.deleted for thing in self.things))
    @rule(number=picks)
    def restore(self, number: int) -> None:
        gone = [thing for thing in self.things if thing.deleted]
        thing = gone[number % len(gone)]
        self.ask(200, "POST", f"/components/{thing.id}/restore")
        thing.deleted = False

    # --- collections ------------------------------------------------------------

    @rule(numbers=st.lists(picks, max_size=3), follow=follows)
    def collect(self, numbers: list[int], follow: str) -> None:
        chosen = {t.id: t for n in numbers if (t := self.pick(n)) is not None}
        self.entries = [(thing, follow) for thing in chosen.values()]
        body = {"entries": [{"component_id": id_, "label": follow} for id_ in chosen]}
        place = f"/collections/{self.collection}/entries"
        self.ask(200, "PUT", place, json=body, headers=ANY)

    @rule()
    def release(self) -> None:
        """It needs something new to release, and all of it good."""
        lines = [
            (thing.name, thing.pointing.get(label, 0)) for thing, label in self.entries
        ]
        whole = all(
            number and number not in thing.yanked and not thing.deleted
            for (thing, _), (_, number) in zip(self.entries, lines, strict=True)
        )
        good = whole and lines and lines != self.locked
        place = f"/collections/{self.collection}/releases"
        made = self.ask(201 if good else 409, "POST", place, json={}, headers=ANY)
        if good:
            assert made["number"] == len(self.locks) + 1
            shown = [(line["name"], line["number"]) for line in made["entries"]]
            assert shown == lines
            self.locked = lines
            lock = self.client.get(f"{place}/{made['number']}/lock").content
            self.locks.append(lock)

    # --- what always holds ------------------------------------------------------

    @invariant()
    def lists_show_what_is_there(self) -> None:
        if not hasattr(self, "team"):
            return
        listed = self.ask(200, "GET", "/components", params={"team": self.team})
        shown = {
            item["id"]: (
                item["name"],
                item["latest"]["number"] if item["latest"] else 0,
                {label["name"]: label["number"] for label in item["labels"]},
            )
            for item in listed["items"]
        }
        assert shown == {
            thing.id: (thing.name, thing.latest, thing.pointing)
            for thing in self.things
            if thing.revisions and not thing.deleted
        }

    def teardown(self) -> None:
        """Look at everything, down to the bytes."""
        for number, lock in enumerate(self.locks, start=1):
            place = f"/collections/{self.collection}/releases/{number}/lock"
            assert self.client.get(place).content == lock
        for name, id_ in self.held.items():
            found = self.ask(
                200, "GET", "/resolve", params={"ref": f"agent:{self.team}/{name}"}
            )
            assert found["id"] == id_
        for thing in self.things:
            if not thing.deleted and thing.revisions:
                self._compare_revisions(thing)

    def _compare_revisions(self, thing: Thing) -> None:
        place = f"/components/{thing.id}/revisions"
        listed = self.ask(200, "GET", place)["items"]
        numbers = [item["number"] for item in listed]
        assert numbers == list(range(len(thing.revisions), 0, -1))
        assert {i["number"] for i in listed if i["yanked"]} == thing.yanked
        for number, text in enumerate(thing.revisions, start=1):
            file = self.client.get(f"{place}/{number}/files/AGENT.md")
            assert file.text == text
