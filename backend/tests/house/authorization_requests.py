"""A request to every operation that its right caller would get done."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from uuid import uuid4

from roster.auth.device_schemas import DEVICE_GRANT
from roster.auth.models import MailPurpose
from roster.components.kinds import KINDS, Kind
from tests.components.conftest import agent_file
from tests.components.skills import packed, skill_file
from tests.conftest import PASSWORD
from tests.house.authorization_devices import add_device
from tests.house.authorization_jobs import add_job
from tests.house.authorization_world import World
from tests.house.upstream_rows import add_repository, follow

Parts: TypeAlias = dict[str, Any]
NEW_PASSWORD = "a longer horse battery"


def _json(**fields: Any) -> Parts:
    return {"json": fields}


def _new() -> str:
    return f"new-{uuid4().hex[:20]}"


def _agent(world: World) -> Parts:
    return _json(team=world.team.slug, content=agent_file(_new()))


def _revision(_world: World) -> Parts:
    return _json(content=agent_file("reviewer", body=f"{uuid4()}\n"))


def _draft(world: World) -> Parts:
    return _json(content="---\n", base_digest=world.secrets["digest"])


def _upload(world: World) -> Parts:
    file = ("files", ("a.md", agent_file(_new())))
    return {"data": {"team": world.team.slug}, "files": [file]}


def _archive(_world: World) -> Parts:
    return {"content": packed({"SKILL.md": skill_file()})}


def _collection(world: World) -> Parts:
    return _json(team=world.team.slug, name=_new())


def _entries(world: World) -> Parts:
    return _json(entries=[{"component_id": world.ids["component_id"], "number": 1}])


def _account(_world: World) -> Parts:
    name = _new()
    address = f"{name}@example.org"
    return _json(username=name, email=address, password=PASSWORD)


def _sign_in(world: World) -> Parts:
    return {"data": {"username": world.names()["owner"], "password": PASSWORD}}


def _component(kind: Kind) -> Callable[[World], Parts]:
    return lambda world: _json(**world.new_component(kind))


PARTS: Mapping[str, Callable[[World], Parts]] = {
    **{f"create_{kind.name}": _component(kind) for kind in KINDS.values()},
    "create_agent": _agent,
    "lint": _revision,
    "change_components": lambda world: _json(
        action="delete", items=[{"id": world.ids["component_id"]}]
    ),
    "update_component": lambda _: _json(visibility="internal"),
    "publish_revision": _revision,
    "diff_revisions": lambda _: {"params": {"against": 1}},
    "move_label": lambda _: _json(number=1),
    "save_draft": _draft,
    "merge_draft": lambda world: _json(
        content="---\n", latest_digest=world.secrets["digest"]
    ),
    "publish_draft": lambda _: _json(),
    "begin_component": lambda world: _json(
        kind="agent", team=world.team.slug, name=_new()
    ),
    "deprecate_component": lambda _: _json(message="Old."),
    "rename_component": lambda _: _json(name=_new()),
    "transfer_component": lambda world: _json(team=world.owner.home.slug),
    "resolve_reference": lambda world: {
        "params": {"ref": f"agent:{world.team.slug}/reviewer@1"}
    },
    "find_drift": lambda _: _json(files=[{"path": "a.md", "sha256": "0" * 64}]),
    "yank_revision": lambda _: _json(reason="Wrong."),
    "restore_revision": lambda _: _json(),
    "redact_blob": lambda world: _json(team=world.team.slug, reason="A password."),
    "put_draft_file": lambda _: {"content": b"x"},
    "move_draft_file": lambda _: _json(path="docs/moved.md"),
    "put_draft_tree": _archive,
    "write_secret": lambda _: _json(value="the-value-itself"),
    "reveal_secret": lambda _: _json(reason="To see it."),
    "create_collection": _collection,
    "update_collection": lambda _: _json(title="Kit"),
    "rename_collection": lambda _: _json(name="tools"),
    "delete_collection": lambda _: {"params": {"confirm": "kit"}},
    "duplicate_collection": _collection,
    "replace_entries": _entries,
    "add_entries": _entries,
    "change_entry": lambda _: _json(number=1),
    "move_entry": lambda _: _json(before=None),
    "make_release": lambda _: _json(notes="Now"),
    "sign_in": _sign_in,
    "refresh": lambda world: _json(refresh_token=world.owner.refresh()),
    "register": _account,
    "verify_email": lambda world: _json(token=world.secrets[MailPurpose.verify_email]),
    "ask_for_password_reset": lambda world: _json(email=world.owner.user.email),
    "confirm_password_reset": lambda world: _json(
        token=world.secrets[MailPurpose.reset_password], new_password=NEW_PASSWORD
    ),
    "change_password": lambda _: _json(
        current_password=PASSWORD, new_password=NEW_PASSWORD
    ),
    "set_up_totp": lambda _: _json(password=PASSWORD),
    "confirm_totp": lambda _: _json(code="123456"),
    "remove_totp": lambda _: _json(password=PASSWORD),
    "replace_recovery_codes": lambda _: _json(password=PASSWORD),
    "create_api_token": lambda _: _json(name="Token", scopes=["read"]),
    "start_device_sign_in": lambda _: _json(client_name="roster"),
    "redeem_device_code": lambda world: _json(
        grant_type=DEVICE_GRANT, device_code=world.secrets["device"]
    ),
    "approve_device": lambda _: _json(scopes=["read"]),
    "update_me": lambda _: _json(display_name="Somebody"),
    "update_user": lambda _: _json(is_active=False),
    "create_team": lambda _: _json(slug=_new(), name="Team"),
    "update_team": lambda _: _json(name="Team of teams"),
    "delete_team": lambda world: {"params": {"confirm": world.team.slug}},
    "set_member": lambda _: _json(role="editor"),
    "transfer_team": lambda world: _json(username=world.names()["editor"]),
    "create_invitation": lambda _: _json(role="viewer"),
    "inspect_invitation": lambda world: _json(token=world.secrets["invitation"]),
    "accept_invitation": lambda world: _json(token=world.secrets["invitation"]),
    "open_promotion": lambda _: _json(label="beta", number=1),
    "roll_back_label": lambda _: _json(),
    "change_promotion": lambda _: _json(message="Reworded."),
    "comment_on_promotion": lambda _: _json(body="Tried it."),
    "protect_label": lambda _: _json(approvals=0),
    "update_policy": lambda _: _json(token_max_days=100),
    "create_instance_invitation": lambda _: _json(),
    "create_import": _upload,
    "create_samples_import": lambda world: _json(team=world.team.slug),
    "create_lock_import": _upload,
    "create_repository_import": lambda world: _json(
        team=world.team.slug, url=f"https://git.example.org/{_new()}.git"
    ),
    "decide_import_files": lambda _: _json(decision="skip"),
    "decide_import_file": lambda _: _json(decision="skip"),
    "update_repository": lambda _: _json(every="week"),
    "change_upstream": lambda _: _json(is_pinned=True),
    "take_update": lambda world: _json(
        latest_digest=world.secrets["digest"],
        update_digest=world.secrets.get("update", "0" * 64),
    ),
    "create_export": lambda world: _json(components=[world.ids["component_id"]]),
    "list_usages": lambda world: {"params": {"id": world.ids["component_id"]}},
    "listen": lambda _: {"params": {"follow": "false"}},
    "watch_jobs": lambda _: {"params": {"follow": "false"}},
    "watch_job": lambda _: {"params": {"follow": "false"}},
    "list_audit_events": lambda world: {"params": {"team": world.team.slug}},
}
NEEDS_COMPONENT = frozenset(
    {
        "redact_blob",
        "create_export",
        "list_usages",
        "save_draft",
        "resolve_reference",
        "change_components",
    }
)


async def _add_component(world: World, operation: str, path: str) -> None:
    if operation == "redact_blob":
        await world.add_unique()
    elif "/draft/files" in path or path.endswith("/draft/tree"):
        await world.add_skill()
    elif kind := KINDS.get(operation.removeprefix("read_")):
        await world.add_one(kind)
    else:
        await world.add_component()
    if operation in {"unyank_revision", "undeprecate_component", "restore_revision"}:
        await world.live_on(operation)


async def prepare(world: World, operation: str, path: str) -> None:
    """Add to the world what this operation is about."""
    in_collection = "collection_id" in path or operation == "find_collection"
    if "component_id" in path or in_collection or operation in NEEDS_COMPONENT:
        await _add_component(world, operation, path)
    if in_collection:
        await _prepare_collection(world, operation, path)
    if "repository_id" in path or "/upstream" in path:
        await _prepare_upstream(world)
    if "/secrets" in path:
        await world.add_server()
    if operation == "restore_component":
        await world.delete_component()
    if operation == "revoke_instance_invitation":
        await world.invite_into_instance()
    if operation == "roll_back_label":
        await world.take_label_away()
    if "promotion_id" in path:
        await world.add_promotion()
    if operation in {"protect_label", "unprotect_label"}:
        await world.protect_label()
    await _prepare_work(world, operation, path)


async def _prepare_work(world: World, operation: str, path: str) -> None:
    if "import_id" in path:
        await world.add_import(tree="/tree/" in path)
    if "/auth/device/" in path:
        await add_device(world, approved=operation == "redeem_device_code")
    if "job_id" in path:
        await add_job(world, ended=operation == "retry_job")


async def _prepare_upstream(world: World) -> None:
    if "component_id" not in world.ids:
        await world.add_component()
    component_id = world.ids["component_id"]
    repository_id = await add_repository(world.app, component_id, world.team.slug)
    world.ids["repository_id"] = str(repository_id)
    world.secrets["update"] = await follow(world.app, component_id, repository_id)


async def _prepare_collection(world: World, operation: str, path: str) -> None:
    await world.add_collection()
    if "{number}" in path:
        await world.add_release()
    if operation == "restore_collection":
        await world.delete_collection()


def address(world: World, operation: str, path: str) -> str:
    own = {}
    if operation == "remove_user_factors":
        own["user_id"] = str(world.people["gone"].user.id)
    if operation == "find_collection":
        own |= {"team": world.team.slug, "name": "kit"}
    if operation == "read_exported_file":
        own["path"] = ".claude/agents/reviewer.md"
    return path.format_map({**world.ids, **own})


def parts(world: World, operation: str) -> Parts:
    return PARTS[operation](world) if operation in PARTS else {}
