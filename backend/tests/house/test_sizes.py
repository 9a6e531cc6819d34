"""Files and functions stay small enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.committed import files, name_of

PYTHON_FILE = 400
PYTHON_FUNCTION = 50
TYPESCRIPT_FILE = 300
GENERATED = {"frontend/src/api/schema.d.ts", "frontend/src/routeTree.gen.ts"}
# Migrations say in one go what a table is, and are not changed afterwards.
MIGRATIONS = "backend/migrations/versions/"


def longer_than(limit: int, paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        lines = len(path.read_text().splitlines())
        if lines > limit:
            found.append(f"{name_of(path)} has {lines} lines")
    return found


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def test_python_files() -> None:
    assert not longer_than(PYTHON_FILE, files("*.py"))


def test_python_functions() -> None:
    long = [
        f"{name_of(path)}: {name} has {lines} lines"
        for path in files("*.py")
        if not name_of(path).startswith(MIGRATIONS)
        for name, lines in functions(path)
        if lines > PYTHON_FUNCTION
    ]
    assert not long


def test_typescript_files() -> None:
    written = [
        path for path in files("*.ts", "*.tsx") if name_of(path) not in GENERATED
    ]
    assert not longer_than(TYPESCRIPT_FILE, written)
