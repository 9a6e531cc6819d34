"""What goes out to a tool comes back in: the same bytes, and what the tool can hold."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, example, given, settings

from roster.components.foreign import tool_names
from roster.components.foreign.tool_names import bare_name
from roster.components.kinds import KINDS
from roster.exports.shipment import Item
from roster.exports.targets.base import Exported
from roster.exports.targets.registry import TARGETS
from tests.exports import strategies
from tests.exports.shipments import (
    again,
    by_key,
    digests,
    item,
    lay_out,
    markdown,
    read_back,
    texts,
)

ALL = list(TARGETS)
QUICK = settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# A document that tells people of servers is not one that a tool reads them of.
_HOLDS = {"agents-md": {"agent", "skill", "command"}, "agent-skills": {"skill"}}


def held(target: str, items: tuple[Item, ...]) -> tuple[Item, ...]:
    kinds = _HOLDS.get(target, set(KINDS))
    return tuple(one for one in items if one.kind in kinds)


@pytest.mark.parametrize("target", ALL)
@QUICK
@given(strategies.shipments())
def test_the_same_bytes_come_out_again(target: str, items: tuple[Item, ...]) -> None:
    first = lay_out(target, *held(target, items))
    second = again(target, first)
    assert texts(second) | texts(first) == texts(first) | texts(second)
    assert digests(second) == digests(first)


@pytest.mark.parametrize("target", ALL)
@QUICK
@given(strategies.ANYTHING)
@example(item("skill", "a", b"\xff\xfe"))
@example(item("server", "a", b'{"mcpServers": {"a": {"command": {}, "url": []}}}'))
@example(item("agent", "a", b""))
def test_no_content_is_too_odd(target: str, one: Item) -> None:
    exported = lay_out(target, one)
    assert exported == lay_out(target, one)
    paths = [file.path for file in exported.files]
    assert paths == sorted(set(paths))
    assert {note.component for note in exported.notes} <= {one.reference, ""}
    assert all(note.why.endswith((".", "…", ":")) for note in exported.notes)


_Names = Callable[[str], str | None]
_TO: dict[str, _Names] = {
    "copilot": tool_names.to_copilot,
    "gemini": tool_names.to_gemini,
    "opencode": tool_names.to_opencode,
}
_TOOL_KEYS = {"tools", "disallowedTools"}
_RIGHTS = {*_TOOL_KEYS, "permissionMode"}
# What stands for something in the texts of these tools, and for nothing in ours.
_MARKS = re.compile(
    r"!`[^`]*\$ARGUMENTS|\$\{input:|\$\{ |\{\{args|[!@]\{|\$ARGUMENTS\["
)


def _as_it_is(name: str) -> str:
    return name


def _plain(values: Any) -> Any:
    """A manifest without what says the same as its absence, and with lists as lists."""
    return {
        key: value
        for key, value in values.items()
        if value is not None and (key, value) != ("model", "inherit")
    }


def _lost(exported: Exported, one: Item) -> set[str | None]:
    return {note.field for note in exported.losses if note.component == one.reference}


@pytest.mark.parametrize("target", ["copilot", "cursor", "opencode", "codex", "gemini"])
@QUICK
@given(strategies.agents(odd=False))
def test_what_a_tool_can_hold_of_an_agent_comes_back(target: str, one: Item) -> None:
    exported = lay_out(target, one)
    back = by_key(read_back(exported))["agent", one.name]
    lost = _lost(exported, one)
    before, after = _plain(one.parsed.manifest), _plain(back.parsed.manifest)
    named, to = KINDS["agent"].manifest, _TO.get(target, _as_it_is)
    for key, value in before.items():
        # Of tools that are named and taken away, those are left that may be used.
        both = key in _TOOL_KEYS and len(before.keys() & _RIGHTS) > 1
        if key in lost or key == "mcpServers" or both:
            continue
        told, read = named.read({key: value})[0], named.read(after)[0]
        assert _same(getattr(told, key), getattr(read, key, None), to), key
    if "body" not in lost and not _MARKS.search(one.parsed.body):
        assert back.parsed.body == one.parsed.body.replace("\r\n", "\n")


def _same(before: Any, after: Any, to: _Names) -> bool:
    """Names of tools are the same ones where the tool calls them so."""
    if not isinstance(before, list):
        return bool(before == after)
    if "*" in before:  # all are open where nothing is said
        return True
    return {to(bare_name(one)) for one in before} == {to(one) for one in after or []}


@pytest.mark.parametrize("target", ["copilot", "cursor", "opencode", "codex", "gemini"])
@QUICK
@given(strategies.skills(odd=False))
def test_a_skill_comes_back_as_it_was(target: str, one: Item) -> None:
    assume(one.parsed.ok)
    exported = lay_out(target, one)
    [back] = read_back(exported)
    assert back.main == one.main
    assert set(one.others) <= set(back.others)


@pytest.mark.parametrize("target", ["copilot", "opencode", "gemini"])
@QUICK
@given(strategies.commands(odd=False))
def test_what_a_tool_can_hold_of_a_command_comes_back(target: str, one: Item) -> None:
    exported = lay_out(target, one)
    back = by_key(read_back(exported))["command", one.name]
    lost = _lost(exported, one)
    after = back.parsed.manifest
    for key, value in _plain(one.parsed.manifest).items():
        if not [note for note in exported.notes if note.field == key]:
            assert after.get(key) == value, key
    said = {note.field for note in exported.notes}
    is_sure = target != "opencode" or "body" not in said
    if "body" not in lost and is_sure and not _MARKS.search(one.parsed.body):
        assert back.parsed.body == one.parsed.body.replace("\r\n", "\n")


@pytest.mark.parametrize("target", ["copilot", "cursor", "opencode", "codex", "gemini"])
@QUICK
@given(strategies.servers())
def test_what_a_tool_can_hold_of_a_server_comes_back(target: str, one: Item) -> None:
    exported = lay_out(target, one)
    back = by_key(read_back(exported)).get(("server", one.name))
    lost = _lost(exported, one)
    if back is None:
        assert lost
        return
    before, after = _settled(one), _settled(back)
    for key, value in before.items():
        if key not in lost and not _is_off(key, value) and "{env:" not in str(value):
            assert after.get(key) == value, key


def _settled(one: Item) -> dict[str, Any]:
    """A configuration without what is so anyway, and with the one address."""
    values = {k: v for k, v in one.parsed.manifest.items() if v not in (None, {}, [])}
    address = values.pop("httpUrl", None)
    if address and "url" not in values:
        values["url"] = address
    if values.get("command"):
        values.pop("type", None)
    return values


def _is_off(key: str, value: Any) -> bool:
    """Whether a server is on or off is told by either of two keys."""
    return key in {"enabled", "disabled"} and isinstance(value, bool)


@pytest.mark.parametrize("target", ALL)
def test_names_of_the_release_are_those_that_come_back(target: str) -> None:
    one = markdown("agent", "keeper", {"name": "Old Name", "description": "Keeps."})
    found = by_key(read_back(lay_out(target, *held(target, (one,)))))
    if target != "agent-skills":
        assert ("agent", "keeper") in found or target == "copilot"
