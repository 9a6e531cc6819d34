"""Which plugins a tree holds, and which it only names."""

import json
from typing import Any

import pytest

from roster.components.foreign.marketplaces import remote
from roster.components.foreign.plugins import Layout, layout_of


def layout(files: dict[str, Any], *others: str) -> Layout:
    return layout_of(files, [*files, *others])


def test_a_file_is_part_of_the_nearest_plugin() -> None:
    found = layout(
        {
            ".claude-plugin/plugin.json": {"name": "outer"},
            "in/it/.claude-plugin/plugin.json": {"name": "inner", "version": "1.2"},
            "editor/.github/plugin/plugin.json": {"name": "other"},
            "bare/plugin.json": {"name": "bare"},
            "no/plugin.json": {"title": "no plugin"},
        }
    )
    notes = {
        path: plugin.note if (plugin := found.around(path)) else None
        for path in ("a.md", "in/it/agents/a.md", "editor/a.md", "bare/a.md")
    }
    assert notes == {
        "a.md": "Part of the plugin outer.",
        "in/it/agents/a.md": "Part of the plugin inner 1.2.",
        "editor/a.md": "Part of the plugin other.",
        "bare/a.md": "Part of the plugin bare.",
    }
    assert layout({}).around("a.md") is None


@pytest.mark.parametrize(
    ("places", "path", "found", "kind"),
    [
        ({"agents": "./people/"}, "p/people/a.md", "document", "agent"),
        ({"agents": ["./a.md"]}, "p/a.md", "document", "agent"),
        ({"commands": "./people"}, "p/people/deep/a.md", "agent", "command"),
        ({"commands": "./people"}, "p/people/README.md", "readme", None),
        ({"commands": "./people"}, "p/people/a.txt", "document", None),
        ({"commands": "./people"}, "p/people2/a.md", "document", None),
        ({"commands": "./people"}, "q/people/a.md", "document", None),
        ({"commands": "../q"}, "q/a.md", "document", None),
        ({"commands": "../../../q"}, "q/a.md", "document", None),
        ({"commands": "./"}, "p/a.md", "document", None),
        ({"agents": ["reviewer", 7]}, "p/reviewer/a.md", "document", None),
        ({"agents": {"a": 1}}, "p/a.md", "document", None),
        ({"mcpServers": "./x.json"}, "p/x.json", "other", "server"),
        ({"mcpServers": "./x.json"}, "p/y.json", "other", None),
    ],
)
def test_a_plugin_says_where_its_components_are(
    places: dict[str, Any], path: str, found: str, kind: str | None
) -> None:
    made = layout({"p/.claude-plugin/plugin.json": {"name": "p", **places}})
    assert made.kind_at(path, found) == kind


def test_a_marketplace_speaks_for_plugins_of_the_same_tree() -> None:
    entries = [
        {"name": "here", "source": "./here", "version": "2", "agents": "./team"},
        {"name": "deep", "source": "tools/deep"},
        {"name": "top", "source": "./", "mcpServers": {"x": {"command": "x"}}},
        {"name": "gone", "source": "./gone"},
        {"name": "out", "source": "../out"},
        {"name": "absolute", "source": "/etc"},
        {"name": "nowhere"},
        {"source": "./no-name"},
        "no entry",
    ]
    found = layout(
        {".claude-plugin/marketplace.json": {"plugins": entries}},
        "here/team/a.md",
        "tools/deep/agents/a.md",
    )
    assert {root: one[0].name for root, one in found.plugins.items()} == {
        "here": "here",
        "tools/deep": "deep",
        "": "top",
    }
    assert found.kind_at("here/team/a.md", "document") == "agent"
    assert [(path, root, one.name) for path, root, one in found.inline] == [
        (".claude-plugin/marketplace.json", "", "x")
    ]
    assert [(one.name, one.reason) for _, one in found.remotes] == [
        ("gone", "The plugin gone stands in ./gone, which is not among these files."),
        ("out", "The plugin out stands in ../out, which is not among these files."),
        (
            "absolute",
            "The plugin absolute stands in /etc, which is not among these files.",
        ),
        ("nowhere", "Nothing says where the plugin nowhere stands."),
    ]


def test_a_marketplace_may_have_a_folder_for_its_plugins() -> None:
    about = {"metadata": {"pluginRoot": "./all"}, "plugins": [{"name": "a"}]}
    about["plugins"][0]["source"] = "a"  # type: ignore[index]
    found = layout({"m/.claude-plugin/marketplace.json": about}, "m/all/a/x.md")
    assert list(found.plugins) == ["m/all/a"]


@pytest.mark.parametrize(
    "given",
    [
        "./x.json",
        {f"s{number}": {"command": "x"} for number in range(1_001)},
        {"x": {"command": json.loads("[" * 90 + "]" * 90)}},
    ],
)
def test_servers_of_another_shape_are_not_taken_from_a_marketplace(given: Any) -> None:
    entry = {"name": "a", "source": "./", "mcpServers": given}
    assert layout({"marketplace.json": {"plugins": [entry]}}).inline == []


def test_a_tree_names_so_many_plugins_and_not_more() -> None:
    entries = [{"name": "a"}] * 3_000
    found = layout({f"{m}/marketplace.json": {"plugins": entries} for m in "ab"})
    assert len(found.remotes) == 5_000


@pytest.mark.parametrize("plugins", [None, {}, "x", [1, None, []]])
def test_a_marketplace_of_another_shape_says_nothing(plugins: Any) -> None:
    found = layout({"marketplace.json": {"plugins": plugins, "metadata": 1}})
    assert (found.plugins, found.remotes) == ({}, [])


@pytest.mark.parametrize(
    ("source", "words", "elsewhere"),
    [
        (
            {"source": "github", "repo": "acme/tools", "ref": "v1"},
            "stands in https://github.com/acme/tools, at v1; import it from there.",
            ("https://github.com/acme/tools", "v1", ""),
        ),
        (
            {
                "source": "url",
                "url": "https://git.example/a.git",
                "sha": "ab",
                "ref": "c",
            },
            "stands in https://git.example/a.git, at ab; import it from there.",
            ("https://git.example/a.git", "ab", ""),
        ),
        (
            {"source": "git-subdir", "url": "acme/tools", "path": "./in/it/"},
            (
                "stands in https://github.com/acme/tools, folder in/it; import it from "
                "there."
            ),
            ("https://github.com/acme/tools", "", "in/it"),
        ),
        # What signs somebody in is told to nobody.
        (
            {"source": "url", "url": "https://me:secret@git.example:8443/a?t=secret#x"},
            "stands in https://git.example:8443/a; import it from there.",
            ("https://git.example:8443/a", "", ""),
        ),
        (
            {"source": "url", "url": "git@git.example:a.git"},
            (
                "comes from a source of the kind url, which is not read here; "
                "import its files."
            ),
            None,
        ),
        (
            {"source": "url", "url": "http://git.example/a"},
            (
                "comes from a source of the kind url, which is not read here; "
                "import its files."
            ),
            None,
        ),
        (
            {"source": "url", "url": "https://[::1/a"},
            (
                "comes from a source of the kind url, which is not read here; "
                "import its files."
            ),
            None,
        ),
        (
            {"source": "npm", "package": "@acme/tools", "version": "1.0"},
            "is the npm package @acme/tools@1.0; import its files.",
            None,
        ),
        (
            {"source": "archive", "url": "https://x.example/a.zip"},
            "is an archive at https://x.example/a.zip; upload that.",
            None,
        ),
        (
            {"source": "archive"},
            "is an archive; upload that.",
            None,
        ),
        (
            {"source": ["odd"]},
            (
                "comes from a source of the kind nowhere that is named, "
                "which is not read here; import its files."
            ),
            None,
        ),
    ],
)
def test_a_plugin_that_stands_elsewhere(
    source: dict[str, Any], words: str, elsewhere: tuple[str, str, str] | None
) -> None:
    found = remote({"name": "x", "source": source})
    assert found.reason == f"The plugin x {words}"
    keys = ("url", "ref", "folder")
    expected = dict(zip(keys, elsewhere, strict=True)) if elsewhere else None
    assert found.elsewhere == expected


def test_what_is_shown_of_a_plugin_holds_no_hidden_characters() -> None:
    found = remote({"name": "a\nb\u202e", "source": "./x\u200by\n"})
    assert "\n" not in found.reason
    assert "\u200b" not in found.reason
    assert "\u202e" not in found.reason
    source = {"source": "github", "repo": "a/b", "ref": "x\0", "path": "\ud800"}
    odd = remote({"name": "\ud800", "source": source})
    assert odd.elsewhere is None
    odd.reason.encode()
