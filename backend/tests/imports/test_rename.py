import pytest
import yaml

from roster.components.kinds import KINDS
from tests.imports.conftest import agent, broken

AGENT = KINDS["agent"]


def renamed(data: bytes, name: str = "new-name") -> bytes:
    return AGENT.rename(AGENT.parse(data, "file.md"), data, name)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"name: reviewer", b"name: new-name"),
        (b"name:   reviewer   ", b"name:   new-name   "),
        (b'name: "reviewer"', b"name: new-name"),
        (b"name: 'Re: viewer'", b"name: new-name"),
        (b"name: reviewer # ours", b"name: new-name # ours"),
        (b'"name": reviewer', b'"name": new-name'),
        (b"name: >-\n  reviewer", b"name: new-name"),
        (b"name:", b"name: new-name"),
    ],
)
def test_only_the_value_changes(line: bytes, expected: bytes) -> None:
    data = agent(body="name: reviewer\n").replace(b"name: reviewer", line, 1)
    result = renamed(data)
    assert result == data.replace(line, expected, 1)
    assert AGENT.parse(result).name == "new-name"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_stays(encoding: str) -> None:
    data = agent(body="Café.\r\nÜber.\n").decode().encode(encoding)
    result = renamed(data)
    expected = agent("new-name", body="Café.\r\nÜber.\n").decode().encode(encoding)
    assert result == expected


def test_a_broken_file_stays_broken_and_is_renamed() -> None:
    data = broken().replace(b"\n", b"\r\n")
    assert renamed(data) == data.replace(b"name: planner", b"name: new-name")


def test_a_missing_name_is_added() -> None:
    data = b"---\r\ndescription: Does a thing.\r\n---\r\nDo it.\r\n"
    assert renamed(data) == b"---\r\nname: new-name\r\n" + data[5:]


def test_the_same_name_changes_nothing() -> None:
    assert renamed(agent("same"), "same") == agent("same")


@pytest.mark.parametrize("name", ["123", "null", "true", "1e3", "0x1f", "no"])
def test_a_name_that_yaml_would_read_otherwise(name: str) -> None:
    result = renamed(agent(), name)
    assert yaml.safe_load(result.decode().split("---")[1])["name"] == name
    assert AGENT.parse(result).name == name


@pytest.mark.parametrize(
    ("data", "name"), [(agent(), "Not A Name"), (b"No front matter.\n", "fine")]
)
def test_what_cannot_be_renamed(data: bytes, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        renamed(data, name)
