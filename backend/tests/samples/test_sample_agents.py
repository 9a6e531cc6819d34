from collections import Counter

import pytest

from roster.components.kinds import kind_of
from roster.components.kinds.agent import AGENT
from roster.samples import files

FILES = dict(files())
PARSED = {path: AGENT.parse(data, path) for path, data in FILES.items()}
BROKEN = {
    "agents/accessibility-auditor.md": "manifest.name-missing",
    "agents/api-contract-keeper.md": "yaml.invalid",
    "agents/dependency-gardener.md": "yaml.duplicate-key",
    "agents/flaky-test-hunter.md": "manifest.literal-newline",
    "agents/release-announcer.md": "file.mojibake",
}


def test_there_are_about_a_dozen() -> None:
    assert 12 <= len(FILES) <= 15
    assert list(FILES) == sorted(FILES)


@pytest.mark.parametrize("path", FILES)
def test_every_sample_can_be_published(path: str) -> None:
    assert kind_of(path, FILES[path]) is AGENT
    assert PARSED[path].ok
    assert len(PARSED[path].body) > 400


@pytest.mark.parametrize("path", sorted(FILES.keys() - BROKEN.keys()))
def test_sound_samples_have_no_findings(path: str) -> None:
    assert PARSED[path].findings == []


@pytest.mark.parametrize(("path", "rule"), BROKEN.items())
def test_broken_samples_show_what_they_are_for(path: str, rule: str) -> None:
    parsed = PARSED[path]
    assert rule in {finding.rule for finding in parsed.findings}
    fixes = {index for index, f in enumerate(parsed.findings) if f.fix}
    mended = AGENT.parse(AGENT.mend(parsed, fixes), path)
    assert mended.strict_yaml_ok is True
    assert mended.findings == []


def test_two_samples_share_a_name() -> None:
    names = Counter(parsed.name for parsed in PARSED.values())
    assert [name for name, count in names.items() if count > 1] == ["code-reviewer"]


def test_the_mojibake_of_the_sample_has_one_reading() -> None:
    parsed = PARSED["agents/release-announcer.md"]
    garbled = [f for f in parsed.findings if f.rule == "file.mojibake"]
    assert len(garbled) == 9
    assert all(finding.fix for finding in garbled)
