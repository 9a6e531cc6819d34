"""What the checks share: front matter, types and servers, read without any leniency."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

Values = dict[str, Any]
Rule = Callable[[Any], bool]
_MATTER = re.compile(
    r"---\n(?P<block>.*?)^---(?:\n|\Z)(?P<body>.*)", re.DOTALL | re.MULTILINE
)
DESCRIPTION = 1024
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
SKILL_PATH = re.compile(r"(?P<folder>.+)/(?P<name>[^/]+)/SKILL\.md\Z")


class _Loader(yaml.SafeLoader):
    """YAML 1.2, as what these tools are written in reads it: yes is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in known
        if tag != "tag:yaml.org,2002:timestamp"
        and (tag != "tag:yaml.org,2002:bool" or first in "tTfF")
    ]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class RefusedError(Exception):
    """A reader refuses the file."""


def matter(data: bytes, *, is_needed: bool = True) -> tuple[Values, str]:
    """The front matter and the text of a file.

    Raises:
        RefusedError: A strict reader finds none, or cannot read it.
    """
    text = data.decode()  # a UnicodeDecodeError fails the test as it should
    if text.startswith("\ufeff"):
        raise RefusedError("it begins with a byte order mark")
    found = _MATTER.match(text.replace("\r\n", "\n"))
    if found is None:
        if is_needed or text.startswith("---"):
            raise RefusedError("it has no front matter")
        return {}, text
    if "---" in found["block"]:
        raise RefusedError("three hyphens end its front matter too early")
    try:
        values = yaml.load(found["block"], _Loader)  # noqa: S506  # it is a safe one
    except yaml.YAMLError as error:
        raise RefusedError(f"its YAML is not valid: {error}") from error
    if not isinstance(values, dict):
        raise RefusedError("its front matter is no map")
    return values, found["body"]


def mistyped(values: Values, rules: Mapping[str, Rule]) -> Iterator[str]:
    for key, rule in rules.items():
        if key in values and not rule(values[key]):
            yield f"{key} is {values[key]!r}"


def unknown(values: Values, known: Mapping[str, Rule]) -> Iterator[str]:
    for key in values.keys() - known.keys():
        yield f"{key} is not known"


def is_said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_map(value: Any) -> bool:
    return isinstance(value, dict)


def are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def maps_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, str) for one in value.values()
    )


def one_of(*allowed: Any) -> Rule:
    return lambda value: value in allowed


def either(*rules: Rule) -> Rule:
    return lambda value: any(rule(value) for rule in rules)


def skills(path: str, data: bytes, is_described: Rule = is_said) -> Iterator[str]:
    """What is wrong with the main file of a skill, for whoever looks at its name."""
    place = SKILL_PATH.match(path)
    if place is None:
        return
    try:
        values, _ = matter(data)
    except RefusedError as error:
        yield f"{path}: {error}"
        return
    if values.get("name") != place["name"] or not NAME.match(place["name"]):
        yield f"{path}: name is {values.get('name')!r}"
    said = values.get("description")
    if not is_described(said) or len(str(said)) > DESCRIPTION:
        yield f"{path}: description is {said!r}"


def document(data: bytes) -> Values:
    """A JSON object.

    Raises:
        RefusedError: It is none.
    """
    try:
        values = json.loads(data)
    except ValueError as error:
        raise RefusedError(f"it is no JSON: {error}") from error
    if not isinstance(values, dict):
        raise RefusedError("it is no object")
    return values
