"""The mails about teams, and the names that are given free again."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from roster.auth.tokens import digest_of, new_secret
from roster.core.model import utc_now
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run
from roster.jobs.service import enqueue
from roster.mail.sending import mail_job, moment, send
from roster.teams import pending
from roster.teams.invitations import is_open
from roster.teams.models import Invitation, Membership, Role, Team
from roster.users.models import User


async def invitation(run: Run) -> None:
    """Make the secret of an invitation and send it, if it can still be accepted."""
    async with run.tools.database.write() as session:
        found = await session.exec(
            select(Invitation)
            .where(Invitation.id == UUID(run.payload["invitation_id"]), is_open())
            .with_for_update()
        )
        invited = found.first()
        if invited is None or invited.email is None:
            return
        secret = new_secret()
        invited.digest = digest_of(secret)
        invited.updated_at = utc_now()
        team = await session.get(Team, invited.team_id) if invited.team_id else None
        inviter = (
            await session.get(User, invited.invited_by) if invited.invited_by else None
        )
    await send(
        run,
        "invitation",
        invited.email,
        inviter=inviter.username if inviter else "An administrator",
        # Not its name: anybody could send strangers any text that fits into one.
        place=f"the team {team.slug}" if team else "Roster",
        role=invited.role.value if team else None,
        link=f"{run.tools.settings.app_url}/join#{secret}",
        expires=moment(invited.expires_at),
    )


async def ownership_taken(run: Run) -> None:
    """Ask for a notice to each owner, so that one refused mail holds no other up."""
    async with run.tools.database.write() as session:
        owners = await session.exec(
            select(Membership.user_id)
            .join(User, col(User.id) == Membership.user_id)
            .where(
                Membership.team_id == UUID(run.payload["team_id"]),
                Membership.role == Role.owner,
                Membership.user_id != UUID(run.payload["user_id"]),
                col(User.is_active),
            )
        )
        for owner_id in owners:
            payload = run.payload | {"owner_id": str(owner_id)}
            enqueue(session, "mail.ownership_notice", payload)
        await run.finish(session)


async def ownership_notice(run: Run) -> None:
    async with run.tools.database.read() as session:
        team = await session.get(Team, UUID(run.payload["team_id"]))
        admin = await session.get(User, UUID(run.payload["user_id"]))
        owner = await session.get(User, UUID(run.payload["owner_id"]))
    if team is None or admin is None or owner is None:
        return
    await send(
        run,
        "ownership_taken",
        owner.email,
        name=owner.display_name or owner.username,
        admin=admin.username,
        team=team.name,
        slug=team.slug,
        when=moment(utc_now()),
    )


async def remove_expired(run: Run) -> None:
    """Forget registrations that nobody completed, and links past their time."""
    async with run.tools.database.write() as session:
        await pending.remove_expired(session)


JOBS = [
    mail_job("invitation", invitation),
    mail_job("ownership_taken", ownership_taken),
    mail_job("ownership_notice", ownership_notice),
    JobKind(
        "registrations.remove_expired",
        remove_expired,
        every=timedelta(hours=1),
        queue=Queue.upkeep,
    ),
]
