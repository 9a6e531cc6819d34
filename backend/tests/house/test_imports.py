"""A folder of the backend imports only what stands below it.

The order is that of docs/ARCHITECTURE.md, written out: for each folder or file of the
package, which others it may use.
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "roster"

FOUNDATION = {"settings", "core"}
RECORDS = FOUNDATION | {"audit", "jobs", "mail", "instance"}
PEOPLE = RECORDS | {"users", "auth", "teams"}
COMPONENTS = PEOPLE | {
    "lint",
    "search",
    "blobs",
    "uploads",
    "repositories",
    "components",
}
REGISTRY = COMPONENTS | {"secrets", "promotions", "collections"}
DOMAINS = REGISTRY | {
    "imports",
    "upstreams",
    "exports",
    "samples",
    "audit_trail",
    "bulk",
    "live",
    "job_view",
    "stats",
    "usage",
    "usage_view",
    "retention",
    "drift",
}
MAY_USE: dict[str, set[str]] = {
    "settings": set(),
    "core": {"settings"},
    "audit": FOUNDATION,
    "jobs": FOUNDATION,
    "mail": FOUNDATION | {"jobs"},
    "instance": FOUNDATION | {"audit"},
    "users": RECORDS,
    "auth": RECORDS | {"users"},
    "teams": RECORDS | {"users", "auth"},
    "audit_trail": PEOPLE,
    # Pure functions on text: they know nothing of this application.
    "lint": set(),
    "search": PEOPLE,
    "blobs": PEOPLE,
    "uploads": PEOPLE | {"blobs"},
    "components": COMPONENTS - {"components"},
    "samples": set(),
    "usage": FOUNDATION,
    "usage_view": REGISTRY | {"usage"},
    "fetching": FOUNDATION | {"uploads", "components"},
    "secrets": COMPONENTS,
    "promotions": COMPONENTS,
    "collections": COMPONENTS | {"promotions", "exports", "usage"},
    "repositories": PEOPLE,
    "imports": COMPONENTS | {"samples", "secrets", "fetching"},
    "upstreams": COMPONENTS | {"fetching", "imports"},
    "exports": COMPONENTS | {"usage"},
    "drift": COMPONENTS,
    "bulk": REGISTRY,
    "live": REGISTRY | {"imports"},
    "job_view": PEOPLE | {"live"},
    "stats": REGISTRY | {"imports", "live", "usage"},
    "retention": REGISTRY | {"imports", "usage"},
    # What git and other tools read, outside the API.
    "git": REGISTRY | {"exports", "usage"},
    "marketplaces": REGISTRY | {"exports", "usage", "git"},
    "ops": DOMAINS,
    "tables": DOMAINS | {"ops"},
    "job_kinds": DOMAINS,
    "api": DOMAINS | {"ops", "git", "marketplaces"},
    "main": DOMAINS | {"api", "ops", "job_kinds", "git"},
    "worker": DOMAINS | {"job_kinds"},
    "import_check": COMPONENTS,
    "serve": DOMAINS | {"main"},
    # What watches the processes that serve needs none of what they are made of.
    "supervisor": set(),
    "process": {"main", "serve"},
    "upkeep": DOMAINS,
    "backup": DOMAINS | {"serve", "tables", "upkeep"},
    "telling": FOUNDATION | {"backup", "serve", "upkeep"},
    "cli_backup": DOMAINS | {"backup", "serve", "telling"},
    "cli_server": DOMAINS | {"main", "serve", "telling", "upkeep", "worker"},
    # What people use at home: it shares the rules with the server, and nothing else.
    "client": {"lint", "components"},
    # It names the modules of commands, and imports none before it is called.
    "cli": {"client"},
    "__main__": {"cli"},
}
# An account is answered together with its teams, and register makes one of each: these
# files translate for all three domains, and nothing else uses them.
EDGES = {
    "users/routes.py": PEOPLE,
    "users/admin_routes.py": PEOPLE,
    "instance/routes.py": PEOPLE,
    "auth/routes.py": PEOPLE,
    "auth/registration_routes.py": PEOPLE,
    "auth/api_token_routes.py": PEOPLE,
    "auth/device_routes.py": PEOPLE,
}
# `from roster import __version__`
PACKAGE_ITSELF = "__init__"


def imported_by(tree: ast.Module) -> set[str]:
    """Name the parts of `roster` that a module imports, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write the whole name"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {
            name.split(".")[1]
            for name in names
            if name.startswith("roster.") and name != "roster.__version__"
        }
    return found


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = {
    path.relative_to(PACKAGE).as_posix(): path
    for path in PACKAGE.rglob("*.py")
    if part_of(path) != PACKAGE_ITSELF
}


def test_every_part_has_a_place_in_the_order() -> None:
    assert {part_of(path) for path in FILES.values()} <= set(MAY_USE)


def test_no_two_parts_use_each_other() -> None:
    for part, others in MAY_USE.items():
        assert all(part not in MAY_USE[other] for other in others)


def test_only_the_list_of_routes_uses_the_edges() -> None:
    edges = {name.removesuffix(".py").replace("/", ".") for name in EDGES}
    users = {
        name
        for name, path in FILES.items()
        if any(f"roster.{edge} import" in path.read_text() for edge in edges)
    }
    assert users == {"api.py"}


@pytest.mark.parametrize("part", sorted({part_of(path) for path in FILES.values()}))
def test_it_uses_only_what_stands_below_it(part: str) -> None:
    wrong = [
        f"{name} imports roster.{used}"
        for name, path in FILES.items()
        if part_of(path) == part
        for used in imported_by(ast.parse(path.read_text()))
        if used not in EDGES.get(name, MAY_USE[part]) | {part}
    ]
    assert not wrong
