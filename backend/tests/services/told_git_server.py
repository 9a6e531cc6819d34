"""A git server that is told what to commit, one line of JSON after the other.

The journeys in a browser run it: each line names a repository and its files, and is
answered with the address of the repository and the commit's id. Null removes a file.

    {"repository": "harbour", "files": {"agents/pilot.md": "…"}, "token": null}
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.services.git_server import GitServer, git_server


def answer(server: GitServer, line: str) -> str:
    told = json.loads(line)
    name = told["repository"]
    repository = server.repositories.get(name)
    if repository is None:
        repository = server.add(name, token=told.get("token"))
    commit = repository.commit(told["files"])
    return json.dumps({"url": repository.url, "commit": commit})


def main() -> None:
    with TemporaryDirectory() as root, git_server(Path(root)) as server:
        for line in sys.stdin:
            sys.stdout.write(f"{answer(server, line)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
