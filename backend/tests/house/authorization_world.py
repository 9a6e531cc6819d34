"""A small world of people, tokens and things, made anew whenever it was changed."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
from fastapi import FastAPI
from jose import jwt
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.models import (
    ApiToken,
    AuthSession,
    ClientKind,
    MailPurpose,
    MailToken,
    TotpFactor,
)
from roster.auth.tokens import Tokens, digest_of, new_secret
from roster.components.draft_files import start_from
from roster.components.kind_schemas import create_example
from roster.components.kinds import Kind
from roster.components.models import Component, Draft, Label
from roster.core.actor import Scope
from roster.core.crypto import Cipher
from roster.core.model import utc_now
from roster.secrets.models import Secret
from roster.secrets.sealing import bound_to, seal
from roster.teams.models import (
    Invitation,
    LabelPolicy,
    Membership,
    Role,
    Team,
    TeamSlug,
)
from roster.users.models import User
from tests.components.conftest import agent_file
from tests.components.skills import skill_file
from tests.secrets.conftest import server_file

MEMBERS = ("owner", "editor", "viewer")
PEOPLE = (*MEMBERS, "stranger", "admin", "gone")
HOUR = timedelta(hours=1)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass
class Person:
    """Somebody with an account, and the session that they are signed in with."""

    user: User
    home: Team
    session: AuthSession
    secret: str
    tokens: Tokens

    def access(self) -> str:
        return self.tokens.access(self.user.id, self.session.id, HOUR)

    def refresh(self) -> str:
        made, expires = self.session.created_at, self.session.expires_at
        return self.tokens.refresh(
            self.session.id, self.secret, made=made, expires=expires
        )

    def api_token(self, *scopes: Scope, **fields: Any) -> tuple[ApiToken, str]:
        now = utc_now()
        row = ApiToken(
            user_id=self.user.id,
            name="Token",
            scopes=[scope.value for scope in scopes],
            expires_at=now + HOUR,
        ).sqlmodel_update(fields)
        # What is signed lasts longer, so that the row alone says when it is over.
        signed = self.tokens.api_token(
            self.user.id, row.jti, row.scopes, made=now, expires=now + 2 * HOUR
        )
        return row, signed


def sign_up(app: FastAPI, name: str, password_hash: str) -> Person:
    now = utc_now()
    user = User(
        username=name,
        email=f"{name}@example.org",
        password_hash=password_hash,
        is_admin=name.startswith("admin"),
        is_active=not name.startswith("gone"),
        email_verified_at=now,
    )
    secret = new_secret()
    signed_in = AuthSession(
        user_id=user.id,
        client=ClientKind.api,
        token_digest=digest_of(secret),
        rotated_at=now,
        last_used_at=now,
        expires_at=now + HOUR,
    )
    home = Team(slug=name, name=name, is_personal=True)
    return Person(user, home, signed_in, secret, app.state.tokens)


@dataclass
class World:
    app: FastAPI
    client: httpx.AsyncClient
    people: dict[str, Person]
    team: Team
    ids: dict[str, str] = field(default_factory=dict)
    """What stands in paths."""
    secrets: dict[str, str] = field(default_factory=dict)
    """What stands in bodies, and tokens of the owner by what they are."""

    @property
    def owner(self) -> Person:
        return self.people["owner"]

    def names(self) -> dict[str, str]:
        return {name: person.user.username for name, person in self.people.items()}

    async def _ask(self, method: str, path: str, **parts: Any) -> Any:
        headers = bearer(self.owner.access()) | {"If-Match": "*"}
        answer = await self.client.request(method, path, headers=headers, **parts)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def new_component(self, kind: Kind) -> dict[str, Any]:
        return {**create_example(kind), "team": self.team.slug}

    async def add_one(self, kind: Kind) -> None:
        """Make one of a kind."""
        body = self.new_component(kind)
        made = await self._ask("POST", f"/{kind.plural}", json=body)
        self.ids["component_id"] = made["id"]

    async def add_component(self) -> None:
        """Make one with a label, and with drafts of the members."""
        body = {"team": self.team.slug, "content": agent_file("reviewer")}
        made = await self._ask("POST", "/agents", json=body)
        self.ids["component_id"] = made["id"]
        self.secrets["digest"] = made["latest"]["digest"]
        async with self.app.state.database.write() as session:
            session.add_all(self._around_component(made))

    def _around_component(self, made: dict[str, Any]) -> list[Any]:
        id_, digest = made["id"], made["latest"]["digest"]
        revision = {"component_id": id_, "number": 1}
        drafts = [
            Draft.model_validate(
                {
                    "component_id": id_,
                    "user_id": self.people[name].user.id,
                    "content": agent_file("reviewer", body="Drafted.\n"),
                    "base_number": 1,
                    "base_digest": digest,
                }
            )
            for name in MEMBERS
        ]
        moved = {"moved_by": self.owner.user.id, "moved_at": utc_now()}
        label = Label.model_validate({**revision, "name": "stable", **moved})
        return [*drafts, label]

    async def add_server(self) -> None:
        """Make one with a secret."""
        body = {"team": self.team.slug, "content": server_file()}
        made = await self._ask("POST", "/servers", json=body)
        self.ids["component_id"] = made["id"]
        async with self.app.state.database.write() as session:
            server = await session.get_one(Component, UUID(made["id"]))
            sealed = seal(self.app.state.cipher, server, self.ids["key"], "9dKe2x")
            row = {"component_id": server.id, "key": self.ids["key"], "sealed": sealed}
            row |= {"target_digest": bound_to(server), "written_by": server.created_by}
            session.add(Secret(**row))

    async def add_unique(self) -> None:
        """Make one whose content nothing else has."""
        content = agent_file("reviewer", body=f"{uuid4()}\n")
        body = {"team": self.team.slug, "content": content}
        made = await self._ask("POST", "/agents", json=body)
        digest = hashlib.sha256(content.encode()).hexdigest()
        self.ids |= {"component_id": made["id"], "digest": digest}

    async def add_skill(self) -> None:
        """Make one with two files, and drafts of the members that hold both."""
        files = {"SKILL.md": skill_file(), "docs/style.md": b"# Style"}
        parts = [("files", (path, data)) for path, data in files.items()]
        team = {"team": self.team.slug}
        made = await self._ask("POST", "/skills", data=team, files=parts)
        self.ids |= {"component_id": made["id"], "path": "docs/style.md"}
        async with self.app.state.database.write() as session:
            component = await session.get_one(Component, UUID(made["id"]))
            for name in MEMBERS:
                user_id = self.people[name].user.id
                draft = Draft(
                    component_id=component.id, user_id=user_id, content="---\n"
                )
                session.add(draft)
                await start_from(session, draft, component, 1)

    async def show_to_all(self) -> None:
        place = f"/components/{self.ids['component_id']}"
        public = {"visibility": "public", "licence": "MIT"}
        await self._ask("PATCH", place, json=public)
        if "collection_id" in self.ids:  # never wider than its entries
            place = f"/collections/{self.ids['collection_id']}"
            await self._ask("PATCH", place, json={"visibility": "public"})

    async def add_collection(self) -> None:
        """Make one that holds the component."""
        body = {"team": self.team.slug, "name": "kit"}
        made = await self._ask("POST", "/collections", json=body)
        self.ids["collection_id"] = made["id"]
        entries = [{"component_id": self.ids["component_id"]}]
        place = f"/collections/{made['id']}/entries"
        await self._ask("PUT", place, json={"entries": entries})

    async def add_release(self) -> None:
        place = f"/collections/{self.ids['collection_id']}/releases"
        await self._ask("POST", place, json={})

    async def delete_collection(self) -> None:
        place = f"/collections/{self.ids['collection_id']}?confirm=kit"
        await self._ask("DELETE", place)

    async def live_on(self, operation: str) -> None:
        """Let happen what the operation takes back, or goes back behind."""
        place = f"/components/{self.ids['component_id']}"
        if operation == "unyank_revision":
            body: dict[str, str] = {"reason": "Wrong."}
            await self._ask("POST", f"{place}/revisions/1/yank", json=body)
        elif operation == "undeprecate_component":
            await self._ask("PUT", f"{place}/deprecation", json={"message": "Old."})
        else:
            body = {"content": agent_file("reviewer", body="Second.\n")}
            await self._ask("POST", f"{place}/revisions", json=body)

    async def delete_component(self) -> None:
        await self._ask("DELETE", f"/components/{self.ids['component_id']}")

    async def invite_into_instance(self) -> None:
        async with self.app.state.database.write() as session:
            invite(session, self, None)

    async def add_promotion(self) -> None:
        """The owner asks for a label to be moved to a revision of theirs."""
        await self.add_component()
        body = {"label": "beta", "number": 1}
        place = f"/components/{self.ids['component_id']}/promotions"
        self.ids["promotion_id"] = (await self._ask("POST", place, json=body))["id"]

    async def take_label_away(self) -> None:
        """So that there is something to go back to."""
        place = f"/components/{self.ids['component_id']}/labels/{self.ids['label']}"
        await self._ask("DELETE", place)

    async def protect_label(self) -> None:
        policy = LabelPolicy(team_id=self.team.id, label=self.ids["label"], approvals=0)
        async with self.app.state.database.write() as session:
            session.add(policy)

    async def add_import(self, *, tree: bool = False) -> None:
        files = [("files", ("a.md", agent_file(f"agent-{uuid4().hex}")))]
        if tree:
            skill = skill_file(f"skill-{uuid4().hex}").decode()
            files = [("files", ("SKILL.md", skill)), ("files", ("style.md", "# Style"))]
            self.ids["path"] = "style.md"
        data = {"team": self.team.slug}
        made = await self._ask("POST", "/imports", data=data, files=files)
        self.ids["import_id"] = made["id"]
        await self.app.state.runner.drain()
        listed = await self._ask("GET", f"/imports/{made['id']}/files")
        self.ids["file_id"] = listed["items"][0]["id"]

    def void_tokens(self) -> dict[str, str]:
        """Everything that must be worth as little as nothing."""
        owner, kid = self.owner, next(iter(self.app.state.keys.signing))
        forger = Tokens({kid: "x" * 48})
        return {
            "expired": self.secrets["expired"],
            "revoked": self.secrets["revoked"],
            "of a deactivated user": self.people["gone"].access(),
            "alg=none": _unsigned(owner.access(), kid),
            "other key": forger.access(owner.user.id, owner.session.id, HOUR),
            "other audience": owner.refresh(),
        }


def _unsigned(token: str, kid: str) -> str:
    def encoded(part: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(orjson.dumps(part)).decode().rstrip("=")

    header = {"alg": "none", "kid": kid, "typ": "JWT"}
    return f"{encoded(header)}.{encoded(jwt.get_unverified_claims(token))}."


async def make_world(
    app: FastAPI, client: httpx.AsyncClient, number: int, password_hash: str
) -> World:
    people = {name: sign_up(app, f"{name}-{number}", password_hash) for name in PEOPLE}
    world = World(app, client, people, Team(slug=f"team-{number}", name="Team"))
    async with app.state.database.write() as session:
        session.add_all(person.user for person in people.values())
        await session.flush()
        session.add_all([world.team, *(person.home for person in people.values())])
        await session.flush()
        _join(session, world)
        _add_tokens(session, world)
        _add_links(session, world)
    world.ids |= {
        "team": world.team.slug,
        "username": people["viewer"].user.username,
        "user_id": str(people["viewer"].user.id),
        "number": "1",
        "label": "stable",
        "path": "AGENT.md",
        "target": "claude-code",
        "code": "not-found",
        "key": "API_TOKEN",
    }
    return world


def _join(session: AsyncSession, world: World) -> None:
    roles = {"owner": Role.owner, "editor": Role.editor, "viewer": Role.viewer}
    for name, person in world.people.items():
        teams = {world.team.id: roles.get(name), person.home.id: Role.owner}
        session.add_all(
            Membership(user_id=person.user.id, team_id=team_id, role=role)
            for team_id, role in teams.items()
            if role is not None
        )
        session.add(TeamSlug(slug=person.home.slug, team_id=person.home.id))
        session.add(person.session)
    session.add(TeamSlug(slug=world.team.slug, team_id=world.team.id))
    gone = world.people["gone"].user.id
    session.add(Membership(user_id=gone, team_id=world.team.id, role=Role.owner))
    sealed = Cipher(world.app.state.keys.encryption).encrypt("JBSWY3DPEHPK3PXP")
    session.add(TotpFactor(user_id=gone, secret=sealed, confirmed_at=utc_now()))


def _add_tokens(session: AsyncSession, world: World) -> None:
    owner, home = world.owner, [str(world.owner.home.id)]
    made = {
        "read-token": owner.api_token(Scope.read),
        "full-token": owner.api_token(*Scope),
        "other-team": owner.api_token(*Scope, team_ids=home),
        "expired": owner.api_token(*Scope, expires_at=utc_now()),
        "revoked": owner.api_token(*Scope, revoked_at=utc_now()),
        "admin-token": world.people["admin"].api_token(*Scope),
    }
    for name, (row, signed) in made.items():
        session.add(row)
        world.secrets[name] = signed
    world.ids["token_id"] = str(made["read-token"][0].id)
    another = sign_up(world.app, "owner", "").session
    another.user_id = owner.user.id
    session.add(another)
    world.ids["session_id"] = str(another.id)


def _add_links(session: AsyncSession, world: World) -> None:
    invite(session, world, world.team)
    for purpose in (MailPurpose.verify_email, MailPurpose.reset_password):
        secret = world.secrets[purpose] = new_secret()
        row = MailToken(
            user_id=world.owner.user.id,
            purpose=purpose,
            email=world.owner.user.email,
            digest=digest_of(secret),
            expires_at=utc_now() + HOUR,
        )
        session.add(row)


def invite(session: AsyncSession, world: World, team: Team | None) -> None:
    """Invite into a team, or just into the instance."""
    secret = world.secrets["invitation"] = new_secret()
    invitation = Invitation(
        team_id=None if team is None else team.id,
        digest=digest_of(secret),
        invited_by=world.owner.user.id,
        expires_at=utc_now() + HOUR,
    )
    session.add(invitation)
    world.ids["invitation_id"] = str(invitation.id)
