"""Components as JSON straight from rows, in the words of `ComponentPublic`.

Tests hold each byte against what the model would say.
"""

from typing import Any

import orjson
from sqlalchemy import ScalarSelect, and_, func, select
from sqlmodel import col

from roster.components.models import Component, Label, Yank
from roster.components.rows import AnySelect
from roster.components.schemas import HealthLevel
from roster.core.direct import AnyRow, Values
from roster.teams.access import ALLOWED, Verb
from roster.teams.models import Role

Shown = dict[str, Any]

_MAY = {
    role: {"edit": Verb.edit in verbs, "manage": Verb.manage in verbs}
    for role, verbs in ((str(role), ALLOWED[role]) for role in Role)
}
_MAY_NOTHING = {"edit": False, "manage": False}
_ERROR, _WARNING, _INFO, _FINE = (level.value for level in HealthLevel)


def dumps(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def labels_column(dialect: str) -> ScalarSelect[Any]:
    """The labels of the component of a row, as JSON."""
    parts = (col(Label.name), col(Label.number), col(Yank.number).is_not(None))
    if dialect == "postgresql":
        collected = func.json_agg(func.json_build_array(*parts))
    else:
        collected = func.json_group_array(func.json_array(*parts))
    return (
        select(collected)
        .select_from(Label)
        .outerjoin(
            Yank,
            and_(
                col(Yank.component_id) == Label.component_id,
                col(Yank.number) == Label.number,
            ),
        )
        .where(col(Label.component_id) == Component.id)
        .correlate(Component.__table__)  # type: ignore[attr-defined] # SQLModel does not say it
        .scalar_subquery()
    )


def with_labels(statement: AnySelect, dialect: str) -> AnySelect:
    return statement.add_columns(labels_column(dialect).label("labels"))


def shown(row: AnyRow, values: Values) -> Shown:
    """What `rows.public` says of a row, in its order."""
    return shown_to_all(row, values) | shown_to_caller(
        row.role,
        has_draft=row.draft_id is not None,
        upstream_state=row.upstream_state,
    )


def shown_to_caller(
    role: str | None, *, has_draft: bool, upstream_state: str | None
) -> Shown:
    """The fields at the end, which depend on who asks."""
    return {
        "permissions": _MAY_NOTHING if role is None else _MAY[role],
        "draft": has_draft,
        "upstream_state": upstream_state,
    }


def shown_to_all(row: AnyRow, values: Values) -> Shown:
    """The fields before these; a successor is shown to those who may see it."""
    uuid, time, number = values.uuid, values.time, row.latest_number
    facets = values.json(row.facets)
    team_id = uuid(row.team_id)
    return {
        "id": uuid(row.id),
        "kind": row.kind,
        "team": {"id": team_id, "slug": row.team_slug, "name": row.team_name},
        "name": row.name,
        "display_name": row.display_name,
        "reference": f"{row.kind}:{row.team_slug}/{row.name}",
        "description": row.description,
        "visibility": row.visibility,
        "licence": row.licence,
        "etag": f'"v{row.version}"',
        "latest": _latest(row, values) if number else None,
        "labels": _labels(row, values),
        "model": (facets.get("model") or (None,))[0],
        "tools": facets.get("tool"),
        "health": _health(row.errors, row.warnings, row.infos),
        "description_tokens": row.description_tokens,
        "body_tokens": row.body_tokens,
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
        "deleted_at": row.deleted_at and time(row.deleted_at),
        "deletion_reason": row.deletion_reason,
        "deprecation": _deprecation(row, values) if row.deprecated_at else None,
        "published": row.published_at is not None,
    }


def _latest(row: AnyRow, values: Values) -> Shown:
    return {
        "number": row.latest_number,
        "digest": row.latest_digest,
        "published_at": values.time(row.published_at),
        "author": {
            "id": values.uuid(row.latest_author_id),
            "username": row.username,
            "display_name": row.author_name,
        },
    }


def _labels(row: AnyRow, values: Values) -> list[Shown]:
    found = values.json(row.labels) if row.labels else []
    if len(found) > 1:
        found.sort()
    return [
        {"name": name, "number": number, "yanked": bool(yanked)}
        for name, number, yanked in found
    ]


def _health(errors: int, warnings: int, infos: int) -> Shown:
    level = _ERROR if errors else _WARNING if warnings else _INFO if infos else _FINE
    return {"worst": level, "errors": errors, "warnings": warnings, "infos": infos}


def _deprecation(row: AnyRow, values: Values) -> Shown:
    successor = None
    if row.successor_id is not None:
        name = f"{row.successor_kind}:{row.successor_team}/{row.successor_name}"
        successor = {"id": values.uuid(row.successor_id), "reference": name}
    return {
        "at": values.time(row.deprecated_at),
        "message": row.deprecation_message or "",
        "successor": successor,
    }
