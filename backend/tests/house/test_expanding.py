"""A migration leaves what the version before it uses, which still runs meanwhile.

See "Upgrades without downtime" in docs/operations.md. One that takes something away
says in a constant CONTRACTS since which version nothing uses it any more.
"""

import ast
import re
from pathlib import Path

import pytest

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
LAST_BEFORE_RELEASE = 19
"""Up to this number nobody can run an older version beside."""
TAKES_AWAY = {"drop_table", "drop_column", "rename_table"}
STATEMENT = re.compile(r"\b(?:DROP\s+(?:TABLE|COLUMN)|RENAME)\b", re.IGNORECASE)
CHANGES = {"new_column_name", "type_"}


def faults_of(source: str) -> list[str]:
    """Name what the version before could not live with."""
    tree = ast.parse(source)
    named = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if "CONTRACTS" in named:
        return []
    # Steps may stand in functions and constants of their own.
    forward = [node for node in tree.body if not _is_the_way_back(node)]
    nodes = [node for part in forward for node in ast.walk(part)]
    return [fault for node in nodes for fault in _faults_in(node)]


def _is_the_way_back(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and "downgrade" in node.name


def _faults_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return STATEMENT.findall(node.value)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    name = node.func.attr
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if name in TAKES_AWAY:
        return [name]
    if name == "alter_column" and (
        given.keys() & CHANGES or given.get("nullable") == "False"
    ):
        return [name]
    if name == "add_column":
        return [name for column in node.args if _must_be_given(column)]
    return []


def _must_be_given(column: ast.expr) -> bool:
    """Whether rows cannot be added without it, as the version before does."""
    if not isinstance(column, ast.Call):
        return False
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in column.keywords}
    return given.get("nullable") == "False" and "server_default" not in given


def upgrade_with(line: str) -> str:
    return f"def upgrade() -> None:\n    {line}\n"


@pytest.mark.parametrize(
    "line",
    [
        "op.drop_column('components', 'name')",
        "op.drop_table('old')",
        "op.execute('ALTER TABLE a RENAME TO b')",
        "op.execute('''DROP\n TABLE a''')",
        "op.alter_column('a', 'b', nullable=False)",
        "op.alter_column('a', 'b', type_=sa.Text())",
        "op.add_column('a', sa.Column('b', sa.Text(), nullable=False))",
    ],
)
def test_what_takes_away_is_found(line: str) -> None:
    assert faults_of(upgrade_with(line))
    assert not faults_of(f"CONTRACTS = 'since 0.3'\n{upgrade_with(line)}")


@pytest.mark.parametrize(
    "line",
    [
        "op.add_column('a', sa.Column('b', sa.Text(), nullable=True))",
        "op.add_column('a', sa.Column('b', nullable=False, server_default='x'))",
        "op.create_table('b')",
        "op.create_index('ix_a_b', 'a', ['b'])",
        "op.execute('DROP TRIGGER a ON b')",
    ],
)
def test_what_only_adds_is_let_in(line: str) -> None:
    assert not faults_of(upgrade_with(line))


def test_migrations_only_add() -> None:
    released = [
        path
        for path in sorted(VERSIONS.glob("[0-9]*.py"))
        if int(path.name[:4]) > LAST_BEFORE_RELEASE
    ]
    faults = {path.name: faults_of(path.read_text()) for path in released}
    assert not {name: found for name, found in faults.items() if found}


def test_every_migration_can_be_read() -> None:
    # Those before the first release show that it finds something.
    faults = [faults_of(path.read_text()) for path in VERSIONS.glob("[0-9]*.py")]
    assert any(faults)
