"""A machine with nothing on it: no settings, no accounts, no way but the loopback."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

NOBODY = "http://127.0.0.1:9"
"""Where nothing listens: it stands for every server that is not ours."""
SECONDS = 120
SWITCHES = {
    "ANTHROPIC_BASE_URL": NOBODY,
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "OPENAI_BASE_URL": NOBODY,
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
    "BUN_CONFIG_REGISTRY": NOBODY,
    "NPM_CONFIG_REGISTRY": NOBODY,
}
GIT = """\
[user]
name = Ada
email = ada@example.org
[advice]
detachedHead = false
"""
GEMINI = {
    "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
    "privacy": {"usageStatisticsEnabled": False},
}
CODEX = """\
check_for_update_on_startup = false
[analytics]
enabled = false
"""


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """All of it, with the command in front: why a test fails."""
        return f"{' '.join(self.command)} -> {self.code}\n{self.out}\n{self.err}"

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Sandbox:
    """A home of its own, with what clients keep there."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True)
        (self.folder / "tmp").mkdir()
        self.write(".gitconfig", GIT)
        self.write(".gemini/settings.json", json.dumps(GEMINI))
        self.write(".codex/config.toml", CODEX)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def project(self, name: str = "project") -> Path:
        """Make a folder to work in."""
        made = self.folder / name
        made.mkdir()
        return made

    def write(self, path: str, text: str) -> Path:
        """Write a file of the home, among what is in it already."""
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as there:
            there.write(text)
        return file

    @property
    def environment(self) -> Mapping[str, str]:
        found = (shutil.which(name) for name in ("node", "git"))
        programs = [str(Path(one).parent) for one in found if one]
        return {
            "HOME": str(self.home),
            "PATH": os.pathsep.join([*dict.fromkeys(programs), "/usr/bin", "/bin"]),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "NO_COLOR": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            **SWITCHES,
            **self.variables,
        }

    def run(self, *command: str | Path, cwd: Path | None = None) -> Done:
        words = tuple(str(word) for word in command)
        # Into files: some end before a pipe has taken all that they said.
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            done = subprocess.run(  # noqa: S603 - clients, with arguments of the tests
                words,
                cwd=cwd or self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                check=False,
                timeout=SECONDS,
            )
            for file in (out, err):
                file.seek(0)
            return Done(words, done.returncode, out.read(), err.read())

    def good(self, *command: str | Path, cwd: Path | None = None) -> Done:
        """Run what must succeed."""
        done = self.run(*command, cwd=cwd)
        assert done.code == 0, done.said
        return done

    def keep_token(self, address: str, token: str) -> None:
        """Let git find a token, as a helper for credentials gives it."""
        parts = urlsplit(address)
        place = f"{parts.scheme}://roster:{token}@{parts.netloc}"
        self.write(".git-credentials", f"{place}\n")
        self.write(".gitconfig", "[credential]\nhelper = store\n")
