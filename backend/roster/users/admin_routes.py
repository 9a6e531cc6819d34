"""Accounts, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Response, status

from roster.auth.deps import AdminDep
from roster.core.caching import ConditionalRoute, IfMatch, require_match, version_tag
from roster.core.db import SessionDep
from roster.core.deps import AppAddressDep
from roster.core.errors import (
    Conflict,
    Forbidden,
    LastAdmin,
    NotFound,
    NotSignedIn,
    Stale,
    problems,
)
from roster.core.idempotency import SHOWN_ONCE, without_key
from roster.core.paging import Page
from roster.teams import account_changes, accounts
from roster.teams.account_schemas import (
    ResetLink,
    UserAdmin,
    UserAdminUpdate,
    UserQuery,
)
from roster.users.models import User
from roster.users.service import version_of

router = APIRouter(
    prefix="/users",
    route_class=ConditionalRoute,
    tags=["users"],
    responses=problems(NotSignedIn, Forbidden),
)
one = APIRouter(
    prefix="/{user_id}", route_class=ConditionalRoute, responses=problems(NotFound)
)

UserId = Annotated[UUID, Path(description="Id of the account.")]


async def get_account(user_id: UserId, _actor: AdminDep, session: SessionDep) -> User:
    return await accounts.find(session, user_id)


async def get_locked_account(
    user_id: UserId, actor: AdminDep, session: SessionDep
) -> User:
    return await account_changes.locked(session, user_id, actor=actor)


Account = Annotated[User, Depends(get_account)]
LockedAccount = Annotated[User, Depends(get_locked_account)]


async def _answer(session: SessionDep, user: User, response: Response) -> UserAdmin:
    response.headers["ETag"] = version_tag(version_of(user))
    [described] = await accounts.describe(session, [user])
    return described


@router.get("", summary="List accounts, as administrator")
async def list_users(
    query: Annotated[UserQuery, Query()], _actor: AdminDep, session: SessionDep
) -> Page[UserAdmin]:
    return await accounts.page_of(session, query)


@one.get("", summary="Read an account, as administrator")
async def read_user(
    user: Account, session: SessionDep, response: Response
) -> UserAdmin:
    return await _answer(session, user, response)


@one.patch(
    "",
    summary="Promote, demote, deactivate or reactivate an account",
    responses=problems(LastAdmin, Stale),
)
async def update_user(
    data: Annotated[UserAdminUpdate, Body(examples=[{"is_active": False}])],
    user: LockedAccount,
    actor: AdminDep,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> UserAdmin:
    """Deactivating ends all sessions and API tokens of the account at once.

    Its personal team and what it made stay where they are; its invitations are
    revoked. An instance keeps at least one active administrator.
    """
    if if_match is not None:
        require_match(if_match, version_of(user))
    await account_changes.change(session, user, data, actor=actor)
    return await _answer(session, user, response)


@one.post(
    "/reset",
    summary="Make a link by which a person sets a new password",
    responses=problems(Conflict),
)
@without_key(SHOWN_ONCE)
async def reset_user(
    user: LockedAccount,
    actor: AdminDep,
    session: SessionDep,
    address: AppAddressDep,
    response: Response,
) -> ResetLink:
    response.headers["Cache-Control"] = "no-store"
    page = f"{address}/reset"
    return await account_changes.make_reset_link(session, user, page, actor=actor)


@one.delete(
    "/factors",
    summary="Remove the second factor of a person who lost it",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(Conflict),
)
async def remove_user_factors(
    user: LockedAccount, actor: AdminDep, session: SessionDep
) -> None:
    await account_changes.remove_second_factor(session, user, actor=actor)


router.include_router(one)
