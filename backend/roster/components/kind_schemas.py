"""What the routes of each kind take and give: its manifest is typed, the rest shared.

A manifest comes out as it is written, in its order and with keys that nobody knows.
Only what does not fit the type of its key stands beside it, so that the document
tells clients the truth about the types.
"""

from functools import cache
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, create_model
from pydantic.json_schema import JsonSchemaValue
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components import revisions
from roster.components.kinds import KINDS, Kind, Parsed
from roster.components.rows import AnyRow, public_of
from roster.components.schemas import ComponentDetail


class _SchemaOf:
    """Describe a mapping in the OpenAPI document by a model of its keys."""

    def __init__(self, kind: Kind) -> None:
        self.manifest = kind.manifest

    def __get_pydantic_json_schema__(
        self, _: Any, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(self.manifest.__pydantic_core_schema__)


def create_example(kind: Kind) -> dict[str, Any]:
    """A body that makes a component of the kind."""
    body = {"team": "platform", "content": kind.example, "message": "First version"}
    named = kind.parse(kind.example.encode()).name is not None
    return body if named else {**body, "name": "example"}


@cache
def public_model(name: str) -> type[ComponentDetail]:
    """The schema of one component of the kind of this name."""
    kind = KINDS[name]
    shown = kind.parse(kind.example.encode(), "example.md")
    fields: dict[str, Any] = {
        "manifest": (
            Annotated[dict[str, Any], _SchemaOf(kind)],
            Field(
                description="What the file says, in its order, unknown keys included.",
                examples=[shown.manifest],
            ),
        ),
        "misfits": (
            dict[str, Any],
            Field(
                description="Known keys whose value is not of their type, as written.",
                examples=[{}],
            ),
        ),
    }
    for detail in kind.details:
        field = Parsed.model_fields[detail]
        examples = [shown.model_dump(mode="json")[detail]]
        fields[detail] = (field.annotation, Field(examples=examples))
    return create_model(
        f"{kind.name.capitalize()}Public",
        __base__=ComponentDetail,
        __doc__=None,
        **fields,
    )


async def detail_of(session: AsyncSession, row: AnyRow) -> ComponentDetail:
    """A component as its kind shows it; without a revision, all of it is empty."""
    kind = KINDS[row.kind]
    model = public_model(kind.name)
    values = dict(await public_of(session, row))
    if not row.latest_number:
        empty = Parsed(kind=kind.name)
        return model(**values, **said_of(kind, empty, {}), content="")
    stored = await revisions.load(session, row, row.latest_number)
    parsed = stored.parsed
    return model(
        **values, **said_of(kind, parsed, stored.row.manifest), content=parsed.text
    )


def said_of(kind: Kind, parsed: Parsed, manifest: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a main file, but for its text.

    Args:
        kind: Of the component.
        parsed: The file.
        manifest: As it was stored with the revision.
    """
    _, wrong = kind.manifest.read(manifest)
    return {
        "manifest": {key: manifest[key] for key in manifest if key not in wrong},
        "misfits": {key: manifest[key] for key in wrong},
        "body": parsed.body,
        "findings": parsed.findings,
        "examples": parsed.examples,
        **{name: getattr(parsed, name) for name in kind.details},
    }
