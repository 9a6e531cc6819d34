"""Collections as repositories that git clones: read-only, over smart HTTP.

They are not in the document of the API: what is said there is git's own.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from roster.blobs.storage import StoreDep
from roster.core.db import DatabaseDep
from roster.core.deps import SettingsDep
from roster.core.errors import Forbidden
from roster.core.idempotency import without_key
from roster.git import collection_history, serving
from roster.git.history import History
from roster.git.laying import Bench
from roster.git.shelf import Shelf
from roster.git.signing_in import ReaderDep, SpokenRoute, or_sign_in

router = APIRouter(
    prefix="/git/{team}/{collection}.git",
    route_class=SpokenRoute,
    include_in_schema=False,
)


async def get_bench(request: Request, database: DatabaseDep, store: StoreDep) -> Bench:
    shelf: Shelf = request.app.state.git
    return Bench(shelf, database, store)


BenchDep = Annotated[Bench, Depends(get_bench)]


async def find_service(service: str | None = None) -> None:
    serving.require_fetch(service)


async def find_collection(
    team: str, collection: str, caller: ReaderDep, bench: BenchDep
) -> Callable[[], Awaitable[History]]:
    """Look for it at once, and make its history when that is needed."""
    async with bench.shelf.turns, bench.database.read() as session:
        releases = await or_sign_in(
            caller, collection_history.read(session, caller, team, collection)
        )
    return lambda: collection_history.of(bench, releases)


CollectionDep = Annotated[Callable[[], Awaitable[History]], Depends(find_collection)]


@router.get("/info/refs", dependencies=[Depends(find_service)])
async def list_names_in_collection(history_of: CollectionDep) -> Response:
    return serving.advertise(await history_of())


@router.post("/git-upload-pack")
@without_key(serving.READS_ALONE)
async def fetch_collection(
    request: Request,
    history_of: CollectionDep,
    caller: ReaderDep,
    bench: BenchDep,
    settings: SettingsDep,
) -> Response:
    return await serving.upload(request, bench, settings, caller, history_of)


@router.post("/git-receive-pack")
@without_key(serving.READS_ALONE)
async def push_to_collection() -> Response:
    raise Forbidden(serving.READ_ONLY)
