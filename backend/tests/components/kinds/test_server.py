import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.components.kinds import Parsed
from roster.components.kinds.server import SERVER
from roster.components.kinds.server_values import take_out
from roster.lint.findings import apply

KEY = "q7Rz2LmX9vKc4TnB"
GOOD = {
    "command": "npx",
    "args": ["-y", "@acme/tickets@1.4.2", "--root", "${ROOT:-.}"],
    "env": {"TICKETS_TOKEN": "${TICKETS_TOKEN}"},
}


def parse(values: Any, path: str | None = "tickets.json") -> Parsed:
    text = values if isinstance(values, str) else json.dumps(values, indent=2)
    return SERVER.parse(text.encode(), path)


def rules(parsed: Parsed) -> list[str]:
    return [finding.rule for finding in parsed.findings]


def mended(parsed: Parsed, rule: str) -> Any:
    [finding] = [finding for finding in parsed.findings if finding.rule == rule]
    assert finding.fix is not None
    return json.loads(apply(parsed.text, [finding.fix]))


def test_a_sound_server_is_read_whole() -> None:
    text = json.dumps({"mcpServers": {"tickets": {**GOOD, "x-more": [1, {"b": 2}]}}})
    parsed = parse(text, ".mcp.json")
    assert parsed.ok
    assert rules(parsed) == ["manifest.unknown-key"]
    assert (parsed.kind, parsed.name, parsed.display_name) == (
        "server",
        "tickets",
        None,
    )
    assert list(parsed.manifest) == ["command", "args", "env", "x-more"]
    assert parsed.facets == {"transport": ["stdio"], "command": ["npx"]}
    assert parsed.summary == "Starts npx @acme/tickets@1.4.2"
    assert [(r.name, r.required, r.default) for r in parsed.references] == [
        ("TICKETS_TOKEN", True, None),
        ("ROOT", False, "."),
    ]
    assert parsed.secrets == []
    assert parsed.encoded() == text.encode()
    assert Parsed.model_validate_json(parsed.model_dump_json()) == parsed


@pytest.mark.parametrize(
    ("document", "path", "name", "shown"),
    [
        ({"mcpServers": {"a": GOOD}}, None, "a", None),
        ({"mcpServers": {"My Tools": GOOD}}, None, "my-tools", "My Tools"),
        ({"mcpServers": {"工具": GOOD}}, "tools.json", "tools", "工具"),
        ({"servers": {"a": GOOD}, "inputs": []}, ".vscode/mcp.json", "a", None),
        ({"a": GOOD}, ".mcp.json", "a", None),
        (GOOD, "tickets.json", "tickets", None),
        (GOOD, "servers/tickets.md", "tickets", None),
        (GOOD, "tickets/.mcp.json", "tickets", None),
        (GOOD, "tickets/mcp.json", "tickets", None),
        (GOOD, ".vscode/mcp.json", None, None),
        (GOOD, None, None, None),
    ],
)
def test_names(
    document: Any, path: str | None, name: str | None, shown: str | None
) -> None:
    parsed = parse(document, path)
    assert (parsed.name, parsed.display_name) == (name, shown)
    assert parsed.ok is (name is not None)
    assert parsed.manifest == GOOD
    assert (rules(parsed) == ["manifest.name-missing"]) is (name is None)


@pytest.mark.parametrize(
    ("text", "rule", "objection"),
    [
        ("{", "json.invalid", "not valid JSON"),
        ("[]", "server.missing", "no server"),
        ('{"mcpServers": {}}', "server.missing", "no server"),
        ('{"a": {"b": 1}}', "server.missing", "no server"),
        (
            '{"mcpServers": {"a": {"command": "x"}, "b": {"command": "y"}}}',
            "server.missing",
            "2 servers",
        ),
        ('{"args": []}', "server.target-missing", "no command"),
        ('{"command": 3}', "server.target-missing", "no command"),
    ],
)
def test_what_is_no_server_cannot_be_published(
    text: str, rule: str, objection: str
) -> None:
    parsed = parse(text)
    assert not parsed.ok
    assert rule in rules(parsed)
    assert parsed.objection is not None
    assert objection in parsed.objection
    assert parsed.target == ""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (GOOD, []),
        ({"type": "http", "url": "https://mcp.acme.example"}, []),
        ({"type": "sse", "url": "http://localhost:8000/sse"}, []),
        ({"type": "http", "url": "http://[::1]:8000"}, []),
        ({"type": "http", "url": "http://127.0.0.2"}, []),
        ({"type": "http", "url": "http://${HOST}/mcp"}, []),
        ({"type": "http", "url": "http://mcp.acme.example"}, ["server.plain-http"]),
        ({"httpUrl": "http://acme.example"}, ["server.plain-http"]),
        ({"url": "https://mcp.acme.example"}, ["server.type"]),
        ({"type": "grpc", "url": "https://acme.example"}, ["server.type"]),
        ({"type": "stdio", "url": "https://acme.example"}, ["server.type"]),
        ({"type": "http", "command": "x"}, ["server.type"]),
        ({"command": "x", "url": "https://acme.example"}, ["server.target-twice"]),
        ({"command": "x", "args": "y"}, ["manifest.value-type"]),
        ({"command": "x", "env": {"PORT": 1}}, ["manifest.value-type"]),
        ({"command": "x", "environment": {}}, ["manifest.unknown-key"]),
        ({"command": "x", "disabled": True}, []),
        ({"command": "npx -y x"}, ["server.shell"]),
        ({"command": "a && b"}, ["server.shell"]),
        ({"command": "C:\\Program Files\\x.exe"}, []),
        ({"command": "${HOME}/bin/x"}, []),
        ({"command": "/bin/sh", "args": ["-c", "x | y"]}, ["server.shell"]),
        ({"command": "cmd", "args": ["/c", "npx", "x"]}, []),
        ({"command": "npx", "args": ["-y", "x"]}, ["server.unpinned-package"]),
        ({"command": "npx", "args": ["@a/b@latest"]}, ["server.unpinned-package"]),
        ({"command": "npx", "args": ["-p", "a@1.0.0", "b"]}, []),
        ({"command": "npx", "args": ["--package=a", "b"]}, ["server.unpinned-package"]),
        ({"command": "npx", "args": ["./local.js"]}, []),
        ({"command": "uvx", "args": ["a"]}, ["server.unpinned-package"]),
        ({"command": "uvx", "args": ["--from", "a==1.2", "b"]}, []),
        ({"command": "uvx", "args": ["--python", "3.12", "a@1.2"]}, []),
        (
            {"command": "uvx", "args": ["--from", "git+https://h/a@0123abc", "b"]},
            [],
        ),
        ({"command": "npx", "args": ["--yes"]}, []),
        ({"command": "x", "env": {"A_KEY": "<your key>"}}, ["server.placeholder"]),
        ({"command": "x", "env": {"A_KEY": "YOUR_API_KEY"}}, ["server.placeholder"]),
        ({"command": "x", "env": {"A": "${env:B}"}}, ["server.reference"]),
        ({"command": "x", "env": {"A": "$BEE"}}, ["server.reference"]),
        ({"command": "x", "args": ["${input:key}"]}, ["server.reference"]),
        ({"command": "x", "args": ["${{ secrets.X }}"]}, ["server.reference"]),
        ({"command": "x", "args": ["${CLAUDE_PLUGIN_ROOT}/y"]}, []),
    ],
)
def test_rules(values: Any, expected: list[str]) -> None:
    assert rules(parse(values)) == expected


@pytest.mark.parametrize(
    ("values", "key", "place"),
    [
        ({"env": {"ACME_API_KEY": KEY}}, "ACME_API_KEY", "env"),
        ({"env": {"DB": f"postgres://u:{KEY}@h/x"}}, "DB", "env"),
        ({"env": {"A": f"ghp_{KEY}{KEY}{KEY}"}}, "A", "env"),
        ({"headers": {"Authorization": f"Bearer {KEY}"}}, "AUTHORIZATION", "headers"),
        ({"headers": {"X-Api-Key": KEY}}, "X_API_KEY", "headers"),
        ({"args": ["--api-key", KEY]}, "API_KEY", "args"),
        ({"args": [f"--auth-token={KEY}"]}, "AUTH_TOKEN", "args"),
        ({"args": ["--verbose", f"ghp_{KEY}{KEY}{KEY}"]}, "VERBOSE", "args"),
        ({"url": f"https://acme.example/mcp?api_key={KEY}&v=2"}, "API_KEY", "url"),
        ({"url": f"https://u:{KEY}@acme.example/mcp"}, "URL_SECRET", "url"),
        ({"env": {"APP_PASSWORD": 'with "quotes" no'}}, None, None),
        ({"env": {"APP_PASSWORD": 'with"quotes"in'}}, "APP_PASSWORD", "env"),
        ({"env": {"ACME_KEY": KEY}}, "ACME_KEY", "env"),
        ({"env": {"CACHE_KEY": "tickets-cache"}}, None, None),
        ({"env": {"MAX_TOKENS": "4096409640"}}, None, None),
        ({"env": {"TOKEN": "12345678"}}, None, None),
        ({"env": {"TOKEN": "short"}}, None, None),
        ({"env": {"TOKEN": "${TOKEN}"}}, None, None),
        ({"env": {"TOKEN": "your-token-here"}}, None, None),
        ({"env": {"TOKEN_FILE": "/run/secrets/token"}}, None, None),
        ({"headers": {"Authorization": "Bearer ${TOKEN}"}}, None, None),
        ({"url": "https://acme.example/mcp?page=twelve-pages"}, None, None),
    ],
)
def test_literal_secrets_are_found_and_taken_out(
    values: Any, key: str | None, place: str | None
) -> None:
    text = json.dumps({"command": "x", **values})
    parsed = parse(text)
    assert [(secret.key, secret.place) for secret in parsed.secrets] == (
        [(key, place)] if key else []
    )
    assert ("server.literal-secret" in rules(parsed)) is (key is not None)
    assert "secret.literal" not in rules(parsed)
    if key is None:
        return
    assert KEY not in json.dumps([f.model_dump() for f in parsed.findings])
    cleaned, taken = take_out(parsed, [key])
    again = SERVER.parse(cleaned)
    assert again.secrets == []
    assert key in {reference.name for reference in again.references}
    restored = cleaned.decode().replace(f"${{{key}}}", json.dumps(taken[key])[1:-1])
    assert json.loads(restored) == json.loads(text)
    assert mended(parsed, "server.literal-secret") == json.loads(cleaned)
    assert take_out(parsed, []) == (text.encode(), {})


def test_each_secret_has_a_name_of_its_own() -> None:
    args = ["--token", KEY, "--token", KEY[::-1], "--token", KEY]
    parsed = parse({"command": "x", "args": args})
    assert [secret.key for secret in parsed.secrets] == ["TOKEN", "TOKEN_2", "TOKEN"]
    cleaned, taken = take_out(parsed, ["TOKEN"])
    assert json.loads(cleaned)["args"][1::2] == ["${TOKEN}", KEY[::-1], "${TOKEN}"]
    assert taken == {"TOKEN": KEY}


def test_many_values_of_one_name_are_numbered() -> None:
    args = [arg for n in range(3_000) for arg in ("--token", f"{KEY}{n:05}")]
    parsed = parse({"command": "x", "args": args})
    assert len({secret.key for secret in parsed.secrets}) == 3_000


@pytest.mark.parametrize("number", ["9" * 310, "9" * 5_000, "1e999"])
def test_a_number_that_nothing_holds_is_a_finding(number: str) -> None:
    parsed = parse('{"command": "x", "timeout": ' + number + "}")
    [finding] = parsed.findings
    assert (finding.rule, finding.line) == ("json.invalid", 1)
    assert "a number is larger or longer" in finding.message


def test_the_target_is_what_secrets_are_handed_to() -> None:
    target = parse(GOOD).target
    shown = {"description": "Reads tickets.", "title": "Tickets", **GOOD}
    assert parse(shown).target == target
    assert parse({"mcpServers": {"other": GOOD}}).target == target
    assert parse(json.dumps(GOOD)).target == target
    there = {"type": "http", "url": "https://a.example"}
    changed: list[dict[str, Any]] = [
        {**GOOD, "command": "uvx"},
        {**GOOD, "args": ["x"]},
        {**GOOD, "cwd": "/srv"},
        {**GOOD, "envFile": "/srv/env"},
        {**GOOD, "env": {"NODE_OPTIONS": "--require /srv/x.js"}},
        {**GOOD, "env": {"npm_config_registry": "https://b.example"}},
        there,
        {**there, "url": "https://b.example"},
        {**there, "type": "sse"},
        {**there, "httpUrl": "https://b.example"},
        {**there, "serverUrl": "https://b.example"},
        {**there, "headersHelper": "/srv/helper"},
        {**there, "oauth": {"authServerMetadataUrl": "https://b.example"}},
        {**there, "headers": {"Host": "b.example"}},
        {"mcpServers": {"x": there}, "servers": {"x": GOOD}},
    ]
    targets = [parse(values).target for values in changed]
    assert len({target, *targets}) == len(changed) + 1
    assert json.loads(target)["args"] == GOOD["args"]


def test_a_key_that_stands_twice_is_of_the_target() -> None:
    once = '{"type": "http", "url": "https://a.example"}'
    twice = once.replace('"url"', '"url": "https://b.example", "url"')
    assert parse(twice).manifest == parse(once).manifest
    assert parse(twice).target != parse(once).target


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ('{"command": "x",}', '{"command": "x"}'),
        ('// ours\n{"command": "x"}', '\n{"command": "x"}'),
        ('\ufeff{"command": "x"}', '{"command": "x"}'),
    ],
)
def test_what_strict_readers_refuse_is_repaired(text: str, repaired: str) -> None:
    parsed = parse(text)
    assert parsed.ok
    assert parsed.repaired == repaired.encode()
    assert parsed.encoded() == text.encode()
    assert SERVER.mend(parsed, set()) == repaired.encode()
    assert parse(repaired).findings == []


def test_fixes_are_offered() -> None:
    typed = mended(parse({"url": "https://a.example"}), "server.type")
    assert typed == {"type": "http", "url": "https://a.example"}
    named = mended(parse({"mcpServers": {"My X": GOOD}}), "manifest.name-invalid")
    assert list(named["mcpServers"]) == ["my-x"]
    written = mended(parse({"command": "x", "args": ["$BEE"]}), "server.reference")
    assert written["args"] == ["${BEE}"]
    called = mended(parse({"command": "x", "Env": {}}), "manifest.unknown-key")
    assert called == {"command": "x", "env": {}}
    twice = parse('{"command": "x", "command": "y"}')
    assert rules(twice) == ["json.duplicate-key"]
    assert twice.manifest == {"command": "y"}


def test_it_is_renamed_where_its_key_stands() -> None:
    data = b'{ "mcpServers": {"old": {"command": "old"}} }\r\n'
    parsed = SERVER.parse(data)
    assert SERVER.rename(parsed, data, "new") == data.replace(b'"old":', b'"new":')
    assert SERVER.rename(parsed, data, "old") == data
    bare = b'{"command": "x"}'
    assert SERVER.rename(SERVER.parse(bare), bare, "new") == bare
    for broken in (b"{", b"[]"):
        with pytest.raises(ValueError, match="name"):
            SERVER.rename(SERVER.parse(broken), broken, "new")
    with pytest.raises(ValueError, match="name"):
        SERVER.rename(parsed, data, "Not A Name")


def test_a_file_with_several_is_split() -> None:
    several = {"mcpServers": {"a": {"command": "x"}, "B b": {"url": "u"}, "b b": {}}}
    parts = SERVER.split(json.dumps(several).encode())
    assert [name for name, _ in parts] == ["a", "b-b", "b-b-2"]
    read = [SERVER.parse(data) for _, data in parts]
    assert [(one.name, one.display_name) for one in read] == [
        ("a", None),
        ("b-b", "B b"),
        ("b-b-2", None),
    ]
    beside = {"theme": "dark", "mcpServers": {"a": {"command": "x"}}}
    [(name, data)] = SERVER.split(json.dumps(beside).encode())
    assert (name, json.loads(data)) == ("a", {"mcpServers": {"a": {"command": "x"}}})
    whole: list[Any] = [{"mcpServers": {"a": GOOD}}, GOOD, []]
    for one in whole:
        assert SERVER.split(json.dumps(one).encode()) == []
    assert SERVER.split(b"{") == SERVER.split(b"\0") == []


def test_it_is_composed() -> None:
    data = SERVER.compose({"name": "a", **GOOD}, "")
    parsed = SERVER.parse(data)
    assert (parsed.name, parsed.manifest) == ("a", GOOD)
    assert SERVER.parse(SERVER.compose(GOOD, ""), "b.json").name == "b"
    assert SERVER.export_path("a") == ".claude/servers/a.json"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (".mcp.json", b"{}"),
        (".vscode/mcp.json", b"{}"),
        ("config/tools.json", b'{"mcpServers": {}}'),
        ("tickets.json", b'{"command": "npx", "args": []}'),
        ("tickets.json", b'{"type": "http", "url": "https://a.example"}'),
    ],
)
def test_it_is_recognised(path: str, data: bytes) -> None:
    assert SERVER.recognise(path, data)
    assert not SERVER.recognise("package.json", b'{"name": "x", "command": "y"}')


@given(text=st.text(max_size=40) | st.binary(max_size=40))
def test_nothing_makes_it_crash(text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode(errors="replace")
    parsed = SERVER.parse(data, "a.json")
    assert parsed.refused is not None or parsed.encoded() == data


@given(
    st.dictionaries(
        st.sampled_from(["type", "command", "args", "env", "url", "headers", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=12),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_any_values_are_kept(values: dict[str, Any]) -> None:
    text = json.dumps({"mcpServers": {"a": values}}).replace("\\u0000", "x")
    parsed = parse(text)
    assert parsed.name == "a"
    assert parsed.manifest == json.loads(text)["mcpServers"]["a"]
