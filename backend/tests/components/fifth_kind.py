"""A kind that Roster does not have, and the life of one component of it.

Run as a program of its own, because routes are made once in a process: what it does
with the new kind is to put it into `KINDS`, before the first of them is made.
"""

import asyncio
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import httpx

from roster.components.kinds import KINDS, classify, markdown_checks
from roster.components.kinds.draft import Draft
from roster.components.kinds.manifest import Manifest, Words
from roster.components.kinds.markdown import MarkdownKind
from tests.services.apps import APPS, do_jobs_of


class HookManifest(Manifest):
    name: str | None = None
    description: str | None = None
    paths: Words = None


class Hook(MarkdownKind[HookManifest]):
    """What a coding tool says when some files change."""

    name = "hook"
    plural = "hooks"
    label = "Hook"
    icon = "IconWebhook"
    main = "HOOK.md"
    is_tree = False
    facets: tuple[str, ...] = ("path",)
    details: tuple[str, ...] = ()
    example = (
        "---\nname: short\ndescription: Be short.\npaths: '*.py'\n---\nBe short.\n"
    )
    manifest = HookManifest
    known = HookManifest.documented()
    checks = (markdown_checks.check_name, markdown_checks.check_body)

    def export_path(self, name: str) -> str:
        return f".claude/hooks/{name}.md"

    def recognise(self, path: str, data: bytes) -> bool:
        return classify.classify(path, data) == "cursor-rule"

    def more(self, draft: Draft, manifest: HookManifest) -> dict[str, Any]:
        assert draft.fenced
        return {"facets": {"path": manifest.paths or []}}


NEXT = Hook.example.replace("---\nBe short.", "---\nBe brief.")


async def live(settings: dict[str, Any]) -> dict[str, Any]:
    """Create, list, read, publish, label and export; what came out of it."""
    from roster.main import create_app  # noqa: PLC0415  # after the kind is known
    from roster.settings import Settings  # noqa: PLC0415

    app = create_app(Settings(**settings))
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(
        transport=transport, base_url="http://roster.test/api/v1"
    )
    APPS[client] = app
    async with app.router.lifespan_context(app), client:
        person = {"username": "ada", "password": "correct horse battery"}
        code, mail = settings["setup_code"], "ada@example.org"
        joining = {**person, "email": mail, "setup_code": code}
        (await client.post("/auth/register", json=joining)).raise_for_status()
        token = (await client.post("/auth/token", data=person)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return await _use(client)


async def _use(client: httpx.AsyncClient) -> dict[str, Any]:
    body = {"team": "ada", "content": Hook.example}
    made = await client.post("/hooks", json=body)
    id_, place = made.json()["id"], made.headers["location"]
    wanted = {"path": "*.py", "q": "short"}
    listed = (await client.get("/hooks", params=wanted)).json()
    facets = (await client.get("/hooks/facets")).json()
    read = await client.get(place.removeprefix("/api/v1"))
    second = await client.post(
        f"/components/{id_}/revisions",
        json={"content": NEXT},
        headers={"If-Match": read.headers["etag"]},
    )
    file = await client.get(f"/components/{id_}", headers={"Accept": "text/markdown"})
    zipped = await client.post("/exports", json={"components": [id_]})
    with zipfile.ZipFile(io.BytesIO(zipped.content)) as archive:
        exported = {name: archive.read(name).decode() for name in archive.namelist()}
    files = [("files", ("a.mdc", body["content"]))]
    sent = await client.post("/imports", data={"team": "ada"}, files=files)
    imported = sent.json()
    await do_jobs_of(client)
    taken = (await client.get(f"/imports/{imported['id']}/files")).json()
    return {
        "created": [made.status_code, made.json()["reference"]],
        "listed": [one["name"] for one in listed["items"]],
        "facets": facets["path"],
        "manifest": read.json()["manifest"],
        "published": [second.status_code, second.json()["number"]],
        "file": file.text,
        "exported": exported,
        "imported": [(one["kind"], one["name"]) for one in taken["items"]],
    }


if __name__ == "__main__":
    KINDS["hook"] = Hook()
    given = json.loads(Path(sys.argv[1]).read_text())
    sys.stdout.write(json.dumps(asyncio.run(live(given))))
