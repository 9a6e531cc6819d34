"""Takes the steps of a Dockerfile outside Docker, in a folder for each stage.

Absolute paths of an image are those of its folder here, and what the image is built
from is this machine. Steps run as a person without rights, except for two kinds:

- making users and giving folders to them takes root: it is left out;
- installing packages takes minutes and a network: what stands in the lock is linked
  from the environment of the tests, at the very version, and nothing else is. Of the
  system's packages there are those of PostgreSQL: as the tests have them.

As root, they run as nobody, who may read all (else this Python might be out of reach)
and write only what is theirs.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path

from packaging.markers import Marker

from tests.deploy.conftest import BACKEND
from tests.deploy.stand import lay_out
from tests.services.postgres import programs_folder

ROOT = BACKEND.parent
PLACES = re.compile(
    r"(?<![\w/.:])/(?=(?:venv|app|data|build|srv|config|etc/caddy|usr/lib/postgresql)"
    r"(?:[/\s:\"']|$))"
)
PINNED = re.compile(r"^([\w.-]+)==(\S+?)(?: *; *(.+?))? \\$", re.MULTILINE)
AS_NOBODY = [
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
    "--bounding-set=-all,+dac_read_search",
]
LEFT_OUT = re.compile(r"^useradd ")
INSTALLING = re.compile(r"^(\S+)/bin/pip install .*--require-hashes .* -r (\S+)$")
OF_THE_SYSTEM = re.compile(r"^apt-get update .*--no-install-recommends .* && rm -rf ")
PROGRAMS = re.compile(r'"postgresql-client-(\d+)=\1\.\*"')
BUILDING = re.compile(r"^npm ci |^npx --no-install vite build$")
"""`make` does them with the same files, and the journeys look at what comes of it."""


def without_rights(command: list[str]) -> list[str]:
    return [*AS_NOBODY, *command] if os.geteuid() == 0 else command


@dataclass
class Stage:
    """One image, as a folder."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    user: str = "0"
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """Commands that were taken as done."""

    def place(self, path: str) -> Path:
        """Find a path of the image here."""
        return self.folder / os.path.normpath(f"{self.directory}/{path}").lstrip("/")

    def here(self, text: str) -> str:
        return PLACES.sub(f"{self.folder}/", text)

    def variables(self) -> dict[str, str]:
        outer = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        given = {"PATH": outer, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        for name, value in self.environment.items():
            given[name] = self.here(value.replace("$PATH", outer))
        return given

    def run(self, command: str) -> None:
        if OF_THE_SYSTEM.match(command):
            # No step of these may be taken here: they are about the machine itself.
            self.taken.append(command)
            [version] = PROGRAMS.findall(command)
            self.place(f"/usr/lib/postgresql/{version}").mkdir(parents=True)
            here = self.place(f"/usr/lib/postgresql/{version}/bin")
            here.symlink_to(programs_folder())
            return
        for step in re.split(r"\s+&&\s+", command):
            self._step(step)

    def _step(self, step: str) -> None:
        if LEFT_OUT.match(step) or BUILDING.match(step):
            self.taken.append(step)
            if step.endswith("vite build"):
                lay_out(self.place("dist"))
                give_away(self.place("dist"))
        elif installing := INSTALLING.match(step):
            link_packages(
                self.place(installing[2]), Path(self.here(f"{installing[1]}/"))
            )
        else:
            own = re.sub(r" -[og] \d+", "", self.here(step))
            subprocess.run(  # noqa: S603 - steps of our Dockerfiles
                without_rights(["sh", "-euc", own]),
                cwd=self.place(""),
                env=self.variables(),
                check=True,
            )

    def seal(self) -> None:
        """Let nobody write what the image holds, but into the folders of its user."""
        kept = {"data", "config"}
        for path in self.folder.iterdir():
            if path.name not in kept:
                mine = os.geteuid() == 0
                owner = "0:0" if mine else f"{os.getuid()}:{os.getgid()}"
                _change("chown", "--no-dereference", owner, path)
                _change("chmod", "go-w" if mine else "a-w", path)


def give_away(path: Path) -> None:
    """Let it be of the one who takes the steps."""
    if os.geteuid() == 0:
        _change("chown", "--no-dereference", "65534:65534", path)


def _change(program: str, *arguments: object) -> None:
    *options, path = map(str, arguments)
    subprocess.run([program, "--recursive", *options, path], check=True)  # noqa: S603 - as named


def link_packages(lock: Path, environment: Path) -> None:
    """Put what a lock names, and nothing else, where pip would."""
    [target] = environment.glob("lib/python*/site-packages")
    for name, version, marker in PINNED.findall(lock.read_text()):
        if marker and not Marker(marker).evaluate():
            continue
        found = distribution(name)
        assert found.version == version, f"{name} is not the one of the lock"
        parts = {path.parts[0] for path in found.files or ()} - {"..", "__pycache__"}
        for part in parts:
            source = Path(str(found.locate_file(part)))
            if not (target / part).exists():
                (target / part).symlink_to(source)


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", dockerfile.read_text()))
    lines = [line for line in text.splitlines() if line.strip()]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


class Build:
    """Takes all steps; the stages are there by name, the last one as `final`."""

    def __init__(self, dockerfile: Path, folder: Path) -> None:
        self._folder = folder
        self.stages: dict[str, Stage] = {}
        for word, rest in instructions(dockerfile):
            getattr(self, f"_{word.lower()}", self._note)(rest)

    @property
    def final(self) -> Stage:
        return list(self.stages.values())[-1]

    def _from(self, rest: str) -> None:
        name = rest.split(" AS ")[1] if " AS " in rest else "final"
        stage = Stage(self._folder / name)
        stage.folder.mkdir(parents=True)
        self.stages[name] = stage
        give_away(stage.folder)

    def _workdir(self, rest: str) -> None:
        self.final.directory = rest
        self.final.place("").mkdir(parents=True, exist_ok=True)
        give_away(self.final.place(""))

    def _copy(self, rest: str) -> None:
        *sources, target = rest.split()
        source_folder = ROOT
        if sources[0].startswith("--from="):
            other = self.stages[sources.pop(0).removeprefix("--from=")]
            source_folder = other.folder
        to = Path(self.final.here(target)) if target[0] == "/" else None
        to = to or self.final.place(target)
        for source in sources:
            path = source_folder / source.lstrip("/")
            into = to / path.name if target.endswith("/") else to
            into.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(
                    path, into, symlinks=True, dirs_exist_ok=True, ignore=NOT_COPIED
                )
            else:
                shutil.copy(path, into)
        give_away(self.final.folder)

    def _run(self, rest: str) -> None:
        self.final.run(rest)

    def _env(self, rest: str) -> None:
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            self.final.environment[name] = value

    def _user(self, rest: str) -> None:
        self.final.user = rest
        self.final.seal()

    def _cmd(self, rest: str) -> None:
        self.final.command = [self.final.here(part) for part in json.loads(rest)]

    def _healthcheck(self, rest: str) -> None:
        self.final.check = json.loads(rest[rest.index("CMD ") + 4 :])

    def _note(self, _rest: str) -> None:
        """ARG, EXPOSE and VOLUME change nothing here."""


NOT_COPIED = shutil.ignore_patterns(
    "__pycache__", "node_modules", "dist*", "e2e*", ".browser", ".lock", "coverage"
)
