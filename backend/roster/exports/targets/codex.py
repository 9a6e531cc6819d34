"""Target `codex`: .codex of a project for agents and servers, .agents for skills."""

from roster.components.foreign import model_names, placeholders
from roster.exports import agent_parts, command_parts, spelling, toml, writing
from roster.exports.layout import go_through, servers
from roster.exports.ledger import Ledger
from roster.exports.pages import page_of
from roster.exports.sheet import Sheet, is_texts
from roster.exports.shipment import Item, Shipment
from roster.exports.skill_files import MAIN, put_skill
from roster.exports.targets.base import Exported, Fate, Target

TOOL = "Codex"
_SERVERS = ".codex/config.toml"
_SKILLS = ".agents/skills"
_POLICY = "agents/openai.yaml"
_ASKED_FOR = {"policy": {"allow_implicit_invocation": False}}
_WITHOUT = "it runs on the model of the session"
_REFUSED = "Codex refuses an agent with a key that it does not know."
_EFFORTS = frozenset({"low", "medium", "high", "xhigh"})
_SANDBOXES = frozenset({"read-only", "workspace-write", "danger-full-access"})
_SEARCHES = frozenset({"cached", "disabled", "live"})
_BY_HAND = "disable-model-invocation"


def export(shipment: Shipment) -> Exported:
    ledger = Ledger()
    taken = {item.name for item in shipment.items if item.kind == "skill"}
    puts = {
        "agent": _agent,
        "skill": _skill,
        "command": lambda ledger, item: _command(ledger, item, taken),
    }
    go_through(ledger, shipment, puts)
    made = servers(ledger, shipment, _SERVERS, spelling.codex)
    if made:
        ledger.add(_SERVERS, toml.dump({"mcp_servers": made}).lstrip(b"\n"))
    return ledger.exported()


def _agent(ledger: Ledger, item: Item) -> None:
    sheet = Sheet(ledger, item, f".codex/agents/{item.name}.toml", TOOL)
    sheet.call()
    sheet.describe()
    agent_parts.model(sheet, model_names.to_codex, _WITHOUT)
    _effort(sheet)
    _sandbox(sheet)
    sheet.keep("nickname_candidates", is_texts)
    sheet.keep("web_search", lambda one: isinstance(one, str) and one in _SEARCHES)
    body = writing.page({}, sheet.body).decode()
    if not body.strip():
        body = str(sheet.out["description"])
        why = "Codex wants instructions: these are the description."
        sheet.say(Fate.approximated, "body", why)
    sheet.out["developer_instructions"] = body
    agent_parts.own_servers(sheet, spelling.codex, "mcp_servers")
    sheet.drop_known(agent_parts.NOTHING_FOR)
    sheet.drop_rest(_REFUSED)
    sheet.say_how()
    ledger.add(sheet.path, toml.dump(sheet.out), item, item.mode)


def _effort(sheet: Sheet) -> None:
    effort = sheet.left.get("effort")
    key = "model_reasoning_effort"
    if isinstance(effort, str) and effort in _EFFORTS | {"max"}:
        del sheet.left["effort"]
        sheet.left.pop(key, None)
        sheet.out[key] = "xhigh" if effort == "max" else effort
        fate = Fate.approximated if effort == "max" else Fate.renamed
        sheet.say(fate, "effort", "Codex calls it so.", key)
    sheet.keep(key, lambda one: isinstance(one, str) and one in _EFFORTS | {"minimal"})


def _sandbox(sheet: Sheet) -> None:
    """Codex knows no tools of an agent, but where it may write."""
    key = "sandbox_mode"
    if agent_parts.only_reads(sheet) and key not in sheet.left:
        sheet.out[key] = "read-only"
        agent_parts.plan_is(sheet, key)
        if "tools" in sheet.left:
            del sheet.left["tools"]
            why = "Codex can be told only that it writes nothing."
            sheet.say(Fate.approximated, "tools", why, key)
    sheet.keep(key, lambda one: isinstance(one, str) and one in _SANDBOXES)
    sheet.drop("tools", "Codex opens all tools to an agent.")


def _skill(ledger: Ledger, item: Item) -> None:
    by_hand = page_of(item).values.get(_BY_HAND) is True
    has_policy = any(file.path == _POLICY for file in item.others)
    reads = {_BY_HAND} if by_hand and not has_policy else set()
    put_skill(ledger, item, _SKILLS, TOOL, reads)
    if reads:
        path = f"{_SKILLS}/{item.name}/{_POLICY}"
        ledger.add(path, writing.yaml(_ASKED_FOR).encode(), item)
        ledger.renamed(item, "Codex reads it there.", path, _BY_HAND, _POLICY)


def _command(ledger: Ledger, item: Item, taken: set[str]) -> None:
    """Codex reads prompts of a person alone, so that a project has them as skills."""
    name = item.name
    while name in taken:
        name += "-command"
    taken.add(name)
    sheet = Sheet(ledger, item, f"{_SKILLS}/{name}/{MAIN}", TOOL)
    sheet.out["name"] = name
    shown = sheet.left.pop("name", None)
    if shown is not None or name != item.name:
        sheet.say(Fate.renamed, "name", "Codex calls it as its folder is called.", name)
    said = sheet.text("description") or item.parsed.summary.strip() or item.name
    if sheet.page.values.get("description") != said:
        why = "Codex wants one: it was made of the text."
        sheet.say(Fate.approximated, "description", why, said)
    sheet.left.pop("description", None)
    sheet.out["description"] = said
    named = command_parts.arguments(sheet)
    command_parts.fill(sheet, placeholders.left_alone(sheet.body, named))
    why = (
        "Codex has no commands of a project: it is a skill that is asked for by $name."
    )
    sheet.say(Fate.approximated, None, why, f"skill {name}")
    if sheet.left.pop(_BY_HAND, None) is not None:
        why = "Codex runs it when a person asks for it."
        sheet.say(Fate.renamed, _BY_HAND, why, _POLICY)
    sheet.drop_known(command_parts.NOTHING_FOR)
    sheet.keep_rest()
    ledger.add(sheet.path, writing.page(sheet.out, sheet.body), item, item.mode)
    policy = f"{_SKILLS}/{name}/{_POLICY}"
    ledger.add(policy, writing.yaml(_ASKED_FOR).encode(), item)


TARGET = Target(
    "codex",
    "Codex",
    "codex",
    "Agents and servers in .codex, skills and commands in .agents/skills.",
    export,
)
