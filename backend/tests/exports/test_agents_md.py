"""One AGENTS.md says what there is, and where it stands."""

import json
import re

from roster.exports.targets.base import Fate
from tests.exports.shipments import item, lay_out, markdown, texts

SKILL = {"name": "fly", "description": "Flies.", "when_to_use": "At night."}
LEAD = {"name": "lead", "description": "Leads *all* <b>of</b>\n\nit.", "model": "opus"}
SERVER = {
    "mcpServers": {
        "docs": {
            "command": "npx",
            "args": ["docs`@1"],
            "env": {"TOKEN": "${TOKEN}", "AREA": "${AREA:-eu}"},
        }
    }
}
EVERYTHING = (
    markdown("agent", "lead", LEAD),
    markdown("skill", "fly", SKILL),
    markdown("command", "fix", {}, "Fix $1.\n"),
    item("server", "docs", json.dumps(SERVER).encode()),
)


def test_what_there_is_and_where() -> None:
    made = lay_out("agents-md", *EVERYTHING)
    page = texts(made)["AGENTS.md"]
    for line in (
        "# Kit",
        r"- [lead](.agents/agents/lead.md): Leads \*all\* \<b\>of\</b\> it.",
        "- [fly](.agents/skills/fly/SKILL.md): Flies. At night.",
        "- [fix](.agents/commands/fix.md): Fix $1.",
        "- `docs`: `npx docs'@1`",
        "- `TOKEN`: required",
        "- `AREA`: optional, else `eu`",
    ):
        assert line in page.splitlines()
    linked = re.findall(r"\]\(([^)]+)\)", page)
    assert set(linked) == {file.path for file in made.files} - {"AGENTS.md"}
    assert texts(made)[".agents/agents/lead.md"].encode() == EVERYTHING[0].main


def test_what_nobody_sees_to_is_told() -> None:
    made = lay_out("agents-md", *EVERYTHING)
    lost = {note.component.split(":")[0] for note in made.losses}
    assert lost == {"agent", "command", "server", "skill"}
    assert {one.name for one in made.variables} == {"TOKEN", "AREA"}


def test_it_stays_as_short_as_codex_reads_it() -> None:
    long = {"description": "word " * 100}
    many = [markdown("agent", f"agent-{n}", long) for n in range(250)]
    page = texts(lay_out("agents-md", *many))["AGENTS.md"]
    assert len(page.encode()) <= 32 * 1024
    assert "agent-249" in page


def test_that_it_got_too_long_is_told() -> None:
    many = [markdown("agent", f"agent-{n}", {"description": "D"}) for n in range(900)]
    made = lay_out("agents-md", *many)
    [told] = [note for note in made.losses if note.component == ""]
    assert (told.path, told.fate) == ("AGENTS.md", Fate.approximated)
