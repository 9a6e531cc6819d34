"""One component with what its newest revision says, in one statement."""

from functools import cache
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Uuid, and_
from sqlmodel import col

from roster.components import revisions
from roster.components.asking import Shape, shape_of, stand_in, values_of
from roster.components.building import Made
from roster.components.kind_schemas import public_model, said_of
from roster.components.kinds import KINDS, Parsed
from roster.components.models import Component, Reading, Revision
from roster.components.readings import COUNTS, Read, Readings
from roster.components.rows import AnySelect, component_rows, visible
from roster.components.schemas import ComponentDetail, ComponentPublic
from roster.components.shown import Shown, dumps, shown, with_labels
from roster.core.actor import Caller
from roster.core.answers import keep
from roster.core.caching import version_tag
from roster.core.changes import ANY_COMPONENT
from roster.core.db import Database
from roster.core.direct import AnyRow, Direct, Prepared, slot
from roster.core.topics import COMPONENT, topic

JSON = "application/json"
_OF_ALL = frozenset(ComponentPublic.model_fields)


def detail_statement(shape: Shape, dialect: str) -> AnySelect:
    """Everything that is shown of one component; `said` is null if it is to be read."""
    caller = stand_in(shape)
    statement = (
        component_rows(caller)
        .add_columns(col(Revision.id).label("revision_id"), col(Reading.said))
        .outerjoin(
            Revision,
            and_(
                col(Revision.component_id) == Component.id,
                col(Revision.number) == Component.latest_number,
            ),
        )
        .outerjoin(Reading, and_(col(Reading.revision_id) == Revision.id, COUNTS))
        .where(
            col(Component.id) == slot("component_id", Uuid()),
            visible(caller),
        )
    )
    return with_labels(statement, dialect)


async def find(direct: Direct, caller: Caller, component_id: UUID) -> AnyRow | None:
    """A component that the caller may see."""
    values = {**values_of(caller), "component_id": component_id}
    rows = await direct.fetch(_prepared(direct, caller), values)
    return rows[0] if rows else None


def _prepared(direct: Direct, caller: Caller) -> Prepared:
    shape = shape_of(caller)
    return direct.prepared(
        ("detail", shape), lambda: detail_statement(shape, direct.dialect.name)
    )


def about(row: AnyRow) -> tuple[str, ...]:
    """The topics of what is shown of a component."""
    own = topic(COMPONENT, row.id)
    # Its successor may go, or be called differently.
    return (own,) if row.deprecated_at is None else (own, ANY_COMPONENT)


async def answer(
    request: Request, row: AnyRow, database: Database, readings: Readings
) -> Response:
    """A component as its kind shows it; its answer may be given again."""
    keep(request, *about(row._replace(id=database.direct.values.uuid(row.id))))
    it_says = row.said if row.latest_number else _said_of_nothing(row.kind)
    if it_says is None:
        it_says = await _read(row, database, readings)
    headers = {"ETag": version_tag(row.version)}
    return Response(
        body(row, it_says, database.direct), media_type=JSON, headers=headers
    )


def body(row: AnyRow, said_of_it: bytes, direct: Direct) -> bytes:
    return joined(shown(row, direct.values), said_of_it)


def joined(of_all_kinds: Shown, said_of_it: bytes) -> bytes:
    """The fields of all kinds, and behind them what its file says."""
    return dumps(of_all_kinds)[:-1] + b"," + said_of_it[1:]


async def _read(row: AnyRow, database: Database, readings: Readings) -> bytes:
    """Read the file of the newest revision, and keep what it says."""
    component_id = UUID(database.direct.values.uuid(row.id))
    component = row._replace(id=component_id)
    async with database.read() as session:
        stored = await revisions.load(session, component, row.latest_number)
    it_says = said(row.kind, stored.parsed, stored.row.manifest)
    if stored.main.redaction is None:
        digest, revision_id = stored.main.digest, stored.row.id
        readings.note(Read(component_id, revision_id, row.name, digest, it_says))
    return it_says


def keep_made(readings: Readings, made: Made) -> bytes:
    """Keep what a file says that was read to be stored: nobody reads it again."""
    component, revision, content = made.component, made.revision, made.content
    it_says = said(component.kind, content.parsed, revision.manifest)
    readings.note(
        Read(component.id, revision.id, component.name, content.main.digest, it_says)
    )
    return it_says


@cache
def _said_of_nothing(kind: str) -> bytes:
    return said(kind, Parsed(kind=kind), {})


def said(kind: str, parsed: Parsed, manifest: dict[str, object]) -> bytes:
    """What is shown of a file, as the model of the kind writes it."""
    model = public_model(kind)
    fields = said_of(KINDS[kind], parsed, manifest)
    made: ComponentDetail = model.model_construct(**fields, content=parsed.text)
    return made.model_dump_json(exclude=set(_OF_ALL)).encode()
