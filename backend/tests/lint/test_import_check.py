import json
from pathlib import Path

import pytest

from roster import import_check

KEYS = [
    "files",
    "agents",
    "accepted",
    "refused",
    "crashed",
    "strict_yaml_ok",
    "repaired",
    "valid_after_repair",
    "roundtrip_identical",
    "examples",
    "seconds",
]
GOOD = "---\nname: {name}\ndescription: \"user: 'x' assistant: 'y'\"\n---\nBody\n"
BROKEN = "---\nname: {name}\ndescription: Use: it\n---\nBody\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "agents").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "agents/good.md").write_text(GOOD.format(name="good"))
    (tmp_path / "agents/broken.md").write_text(BROKEN.format(name="broken"))
    (tmp_path / "agents/nothing.md").write_text("")
    (tmp_path / "agents/title.md").write_text("# Title\n")
    (tmp_path / "README.md").write_text("# Read me\n")
    (tmp_path / ".git/config").write_text("x")
    (tmp_path / "link.md").symlink_to(tmp_path / "agents/good.md")
    return tmp_path


def run(
    capsys: pytest.CaptureFixture[str],
    *arguments: str | Path,
) -> tuple[int, dict[str, int], str]:
    status = import_check.main([str(argument) for argument in arguments])
    out = capsys.readouterr().out
    return status, json.loads(out.splitlines()[-1]), out


def test_a_folder_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, counts, out = run(capsys, folder, "--list-refused")
    assert status == 0
    assert list(counts) == KEYS
    assert counts | {"seconds": 0} == {
        "files": 5,
        "agents": 4,
        "accepted": 2,
        "refused": 2,
        "crashed": 0,
        "strict_yaml_ok": 1,
        "repaired": 1,
        "valid_after_repair": 1,
        "roundtrip_identical": 4,
        "examples": 1,
        "seconds": 0,
    }
    assert "1  readme" in out
    assert "refused: agents/nothing.md: The file is empty" in out
    assert "yaml.invalid" in out


def test_a_manifest_decides_what_is_an_agent(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "MANIFEST.tsv").write_text(
        "path\tkind\tstrict_yaml_ok\n"
        "agents/good.md\tagent\t0\n"
        "agents/broken.md\tskill\t0\n"
        "agents/title.md\tagent-nofm\t-\n",
    )
    _, counts, out = run(capsys, folder, "--list", "frontmatter.missing")
    assert (counts["agents"], counts["accepted"]) == (2, 1)
    assert "verdict 1, the manifest says 0: agents/good.md" in out
    assert "frontmatter.missing: agents/title.md" in out


def test_a_manifest_may_lie_elsewhere(
    folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path_factory.mktemp("lists") / "list.tsv"
    path.write_text("path\tkind\nagents/good.md\tagent\n")
    _, counts, _ = run(capsys, folder, "--manifest", path)
    assert counts["agents"] == 1


def test_many_files_are_shared_among_processes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in range(201):
        text = BROKEN.format(name=f"a{number}")
        (tmp_path / f"a{number}.md").write_text(text)
    _, counts, _ = run(capsys, tmp_path)
    assert counts["valid_after_repair"] == 201


def test_a_file_that_cannot_be_read_counts_as_a_crash(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.md").write_text(GOOD)
    (outcome,) = import_check._check_all([(tmp_path, "gone.md", "agent", True)])
    assert outcome.outcome == "crashed"
    assert "FileNotFoundError" in outcome.reason
    options = import_check._options([str(tmp_path)])
    import_check._report([outcome], import_check.Listed(), options)
    assert "crashed: gone.md" in capsys.readouterr().out
    assert import_check._summary([outcome], 0.0)["crashed"] == 1


def test_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert import_check.main(["no-such-folder"]) == 2
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("repaired", "manifest", "valid"),
    [
        (b"---\na: b\n---\n", {"a": "b"}, True),
        (b"---\na: b\n---\n", {"a": "c"}, False),
        (b"---\na: b: c\n---\n", {"a": "b: c"}, False),
        (b"no front matter", {}, True),
        (b"no front matter", {"a": "b"}, False),
    ],
)
def test_repaired_files_are_checked_from_outside(
    repaired: bytes,
    manifest: dict[str, str],
    valid: bool,
) -> None:
    assert import_check._is_valid(repaired, manifest) is valid
