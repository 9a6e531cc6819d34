"""A promotion with all that decides about it: read in one statement, for one caller.

What hangs on other rows (where the label points, whether the revision is yanked, who
is still a member) is never stored with it: it is asked when it matters.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.sessions import SECOND_FACTOR
from roster.components.models import Component, Label, Revision, Yank
from roster.components.rows import AnyRow, AnySelect, fetch, visible
from roster.core.actor import Caller
from roster.promotions.models import (
    Promotion,
    PromotionApproval,
    PromotionState,
    Verdict,
)
from roster.teams.access import ALLOWED, Verb, of_member
from roster.teams.models import LabelPolicy, Membership, Role, Team
from roster.users.models import User

EDITORS = [role for role, verbs in ALLOWED.items() if Verb.edit in verbs]
EDITS = and_(
    col(User.is_active),
    or_(col(Team.require_second_factor).is_(False), SECOND_FACTOR),
    exists()
    .where(
        col(Membership.team_id) == Component.team_id,
        col(Membership.user_id) == User.id,
        col(Membership.role).in_(EDITORS),
    )
    .correlate(Component, User),
)
"""Whether the user of a statement may edit the component, as things are now."""
_POLICY = LabelPolicy.metadata.tables["label_policies"].c
_PROMOTION = Promotion.metadata.tables["promotions"].c
_OF_POLICY = "policy_"
_Author, _Ender = aliased(User), aliased(User)


@dataclass(frozen=True)
class Said:
    """One member's verdict."""

    user_id: UUID
    username: str
    display_name: str
    verdict: Verdict
    number: int
    from_number: int | None
    at: datetime
    lapsed: str | None
    """Why it does not count any more."""


@dataclass(frozen=True)
class Case:
    row: AnyRow
    policy: LabelPolicy | None
    voices: list[Said]

    @property
    def open(self) -> bool:
        return bool(self.row.state == PromotionState.open)

    @property
    def given_away(self) -> bool:
        """Whether another team has the component now than when this was opened."""
        return self.open and bool(self.row.opened_in != self.row.team_id)

    @property
    def present(self) -> int | None:
        """Where the label points; of what has ended, where it pointed then."""
        number: int | None = _present(self.row)
        return number

    @property
    def role(self) -> Role | None:
        """The caller's."""
        return Role(self.row.role) if self.row.role else None

    @property
    def of_member(self) -> bool:
        """Whether the caller is in the team, and so sees who said what."""
        return self.role is not None

    @property
    def reference(self) -> str:
        return f"{self.row.kind}:{self.row.team_slug}/{self.row.component_name}"

    @property
    def needed(self) -> int:
        return self.policy.approvals if self.policy else 0

    @property
    def state(self) -> str:
        """Name what was seen of it; where the label points belongs to it."""
        return f"{self.row.version}.{self.present or 0}"

    def standing(self, verdict: Verdict) -> list[Said]:
        return [
            said
            for said in self.voices
            if said.verdict is verdict and said.lapsed is None
        ]

    def said_by(self, user_id: UUID) -> Verdict | None:
        """What somebody says of it, as it is now."""
        for said in self.voices:
            if said.user_id == user_id and said.lapsed is None:
                return said.verdict
        return None


def _present(row: AnyRow) -> Any:
    return row.label_number if row.state == PromotionState.open else row.from_number


def joined(statement: AnySelect) -> AnySelect:
    """Select from promotions, joined with what each is about."""
    return (
        statement.select_from(Promotion)
        .join(Component, col(Component.id) == Promotion.component_id)
        .join(Team, col(Team.id) == Component.team_id)
        .join(
            Revision,
            and_(
                col(Revision.component_id) == Promotion.component_id,
                col(Revision.number) == Promotion.number,
            ),
        )
        .outerjoin(
            Yank,
            and_(
                col(Yank.component_id) == Promotion.component_id,
                col(Yank.number) == Promotion.number,
            ),
        )
        .outerjoin(
            Label,
            and_(
                col(Label.component_id) == Promotion.component_id,
                col(Label.name) == Promotion.label,
            ),
        )
        .outerjoin(
            LabelPolicy,
            and_(
                col(LabelPolicy.team_id) == Component.team_id,
                col(LabelPolicy.label) == Promotion.label,
            ),
        )
    )


def _rows(actor: Caller) -> AnySelect:
    columns = select(
        *(column for column in _PROMOTION if column.name != "team_id"),
        col(Promotion.team_id).label("opened_in"),
        *(column.label(f"{_OF_POLICY}{column.name}") for column in _POLICY),
        col(Component.kind),
        col(Component.name).label("component_name"),
        col(Component.team_id),
        col(Component.licence).label("component_licence"),
        col(Component.deprecated_at),
        col(Team.slug).label("team_slug"),
        col(Team.name).label("team_name"),
        col(Revision.author_id).label("publisher_id"),
        col(Revision.licence),
        col(Revision.errors),
        col(Revision.warnings),
        col(Yank.reason).label("yank_reason"),
        col(Label.number).label("label_number"),
        col(_Author.username),
        col(_Author.display_name),
        col(_Ender.username).label("ender_name"),
        col(_Ender.display_name).label("ender_display_name"),
        col(Membership.role),
    )
    mine = and_(col(Membership.team_id) == Component.team_id, of_member(actor))
    return (
        joined(columns)
        .join(_Author, col(_Author.id) == Promotion.author_id)
        .outerjoin(_Ender, col(_Ender.id) == Promotion.ended_by)
        .outerjoin(Membership, mine)
    )


async def cases(
    session: AsyncSession, actor: Caller, *wanted: ColumnElement[bool]
) -> list[Case]:
    """Those that the caller may see, newest first."""
    statement = _rows(actor).where(visible(actor), *wanted)
    rows = await fetch(session, statement.order_by(col(Promotion.id).desc()))
    said = await _voices(session, rows)
    return [Case(row, _policy(row), said[row.id]) for row in rows]


def _policy(row: AnyRow) -> LabelPolicy | None:
    values = {
        column.name: getattr(row, f"{_OF_POLICY}{column.name}") for column in _POLICY
    }
    return LabelPolicy(**values) if values["id"] is not None else None


async def _voices(
    session: AsyncSession, rows: Sequence[AnyRow]
) -> dict[UUID, list[Said]]:
    """What was said of each of them, oldest first."""
    found: dict[UUID, list[Said]] = defaultdict(list)
    by_id = {row.id: row for row in rows}
    if not by_id:
        return found
    statement = (
        select(
            *PromotionApproval.metadata.tables["promotion_approvals"].c,
            col(User.username),
            col(User.display_name),
            EDITS.label("edits"),
        )
        .select_from(PromotionApproval)
        .join(User, col(User.id) == PromotionApproval.user_id)
        .join(Promotion, col(Promotion.id) == PromotionApproval.promotion_id)
        .join(Component, col(Component.id) == Promotion.component_id)
        .join(Team, col(Team.id) == Component.team_id)
        .where(col(PromotionApproval.promotion_id).in_(list(by_id)))
        .order_by(col(PromotionApproval.created_at), col(User.username))
    )
    for voice in await fetch(session, statement):
        said = Said(
            user_id=voice.user_id,
            username=voice.username,
            display_name=voice.display_name,
            verdict=Verdict(voice.verdict),
            number=voice.number,
            from_number=voice.from_number,
            at=voice.created_at,
            lapsed=_lapsed(by_id[voice.promotion_id], voice),
        )
        found[voice.promotion_id].append(said)
    return found


def _lapsed(row: AnyRow, voice: AnyRow) -> str | None:
    """Say why a verdict does not count any more, if it does not.

    An approval is for one move: from this revision to that one. An objection is to the
    revision, wherever the label points.
    """
    approves = voice.verdict == Verdict.approve
    if voice.number != row.number:
        return f"It was about revision {voice.number}."
    if approves and voice.from_number != _present(row):
        return "The label moved in the meantime."
    if row.state != PromotionState.open:
        return None  # what is over is not judged again
    if not voice.edits:
        return "Who said it may not edit in the team any more."
    if approves and row.yank_reason is not None:
        return "The revision was yanked."
    return None
