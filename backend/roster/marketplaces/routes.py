"""What tools install plugins and skills from, outside the API.

These are not in the document of the API: what they look like is decided elsewhere.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import StreamingResponse

from roster.components.rows import AnyRow
from roster.core.caching import PRIVATE, VARY, conditional
from roster.core.deps import SettingsDep
from roster.core.errors import Forbidden, NotFound
from roster.core.idempotency import without_key
from roster.exports.packing import MEDIA_TYPES, Format
from roster.git import collection_history, serving
from roster.git.routes import BenchDep, find_service
from roster.git.signing_in import ReaderDep, SpokenRoute, or_sign_in
from roster.marketplaces import catalogue, listing, skills
from roster.usage.clients import client_of


def _below(prefix: str) -> APIRouter:
    return APIRouter(prefix=prefix, route_class=SpokenRoute, include_in_schema=False)


catalogues = _below("/git/{team}.git")
teams = _below("/marketplace/{team}.json")
collections = _below("/marketplace/{team}/{collection}.json")
well_known = _below(skills.PLACE)
of_teams = _below("/marketplace/{team}" + skills.PLACE)
ROUTERS = (catalogues, teams, collections, well_known, of_teams)
JSON = "application/json"
NOTHING = "Nothing is released there that you may see."
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


async def find_catalogue(
    team: str, caller: ReaderDep, bench: BenchDep
) -> Sequence[AnyRow]:
    async with bench.shelf.turns, bench.database.read() as session:
        return await or_sign_in(caller, catalogue.read(session, caller, team))


async def find_collection(
    team: str, collection: str, caller: ReaderDep, bench: BenchDep
) -> Sequence[AnyRow]:
    async with bench.shelf.turns, bench.database.read() as session:
        found = collection_history.read(session, caller, team, collection)
        return await or_sign_in(caller, found)


CatalogueDep = Annotated[Sequence[AnyRow], Depends(find_catalogue)]
CollectionDep = Annotated[Sequence[AnyRow], Depends(find_collection)]


@catalogues.get("/info/refs", dependencies=[Depends(find_service)])
async def list_names_in_catalogue(bench: BenchDep, releases: CatalogueDep) -> Response:
    return serving.advertise(await catalogue.of(bench, releases))


@catalogues.post("/git-upload-pack")
@without_key(serving.READS_ALONE)
async def fetch_catalogue(
    request: Request,
    releases: CatalogueDep,
    caller: ReaderDep,
    bench: BenchDep,
    settings: SettingsDep,
) -> Response:
    return await serving.upload(
        request, bench, settings, caller, lambda: catalogue.of(bench, releases)
    )


@catalogues.post("/git-receive-pack")
@without_key(serving.READS_ALONE)
async def push_to_catalogue() -> Response:
    raise Forbidden(serving.READ_ONLY)


@teams.get("")
async def read_marketplace_of_team(
    request: Request, bench: BenchDep, releases: CatalogueDep, settings: SettingsDep
) -> Response:
    if not releases:
        raise NotFound(NOTHING)
    data = await listing.of_team(bench, releases, settings.app_url)
    return conditional(request, Response(data, media_type=JSON))


@collections.get("")
async def read_marketplace_of_collection(
    request: Request, bench: BenchDep, releases: CollectionDep, settings: SettingsDep
) -> Response:
    if not releases:
        raise NotFound(NOTHING)
    data = await listing.of_collection(bench, releases, settings.app_url)
    return conditional(request, Response(data, media_type=JSON))


@well_known.get("/index.json")
async def list_skills_of_all(
    request: Request, caller: ReaderDep, bench: BenchDep
) -> Response:
    async with bench.shelf.turns, bench.database.read() as session:
        rows = await skills.listed(session, caller)
    data = await skills.index(bench, rows)
    return conditional(request, Response(data, media_type=JSON))


@of_teams.get("/index.json")
async def list_skills_of_team(
    request: Request, team: str, caller: ReaderDep, bench: BenchDep
) -> Response:
    async with bench.shelf.turns, bench.database.read() as session:
        rows = await or_sign_in(caller, skills.listed(session, caller, team))
    data = await skills.index(bench, rows)
    return conditional(request, Response(data, media_type=JSON))


@well_known.get("/{team}/{name}/{number}.tar.gz")
async def read_archive_of_skill(
    request: Request,
    team: str,
    name: str,
    number: Number,
    caller: ReaderDep,
    bench: BenchDep,
) -> Response:
    async with bench.shelf.turns, bench.database.read() as session:
        found = skills.find(session, caller, team, name, number)
        row = await or_sign_in(caller, found)
    packed = await skills.archive(bench, row)
    try:
        client = client_of(request.headers.get("User-Agent"))
        await skills.tell(bench, row, by=caller, client=client)
    except BaseException:
        packed.close()
        raise
    headers = packed.headers(f"{team}-{name}-{number}.tar.gz")
    headers |= {"Cache-Control": PRIVATE, "Vary": VARY}
    media_type = MEDIA_TYPES[Format.tar_gz]
    return StreamingResponse(packed.chunks(), media_type=media_type, headers=headers)
