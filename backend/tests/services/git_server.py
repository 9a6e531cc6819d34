"""A real git server over http on loopback, with repositories that tests make.

The server is git's own (`git http-backend`), so that what is fetched from it is said
as the large hosts say it: protocol 2, any commit by its id. Run as a program it serves
each folder of a folder as a repository:

    python -m tests.services.git_server FOLDER [PORT]
"""

import base64
import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from tempfile import TemporaryDirectory
from threading import Thread
from typing import cast
from urllib.parse import urlsplit

from dulwich.index import commit_tree
from dulwich.objects import Blob, Commit, ObjectID, Tag
from dulwich.refs import Ref
from dulwich.repo import Repo

PLAIN, EXECUTABLE, LINK, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o160000
AUTHOR = b"Ada <ada@example.org>"
BEGIN = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that came."""

    method: str
    path: str
    authorization: str | None


@dataclass
class Repository:
    """A bare repository that is served at `url`."""

    name: str
    url: str
    folder: Path
    token: str | None = None
    """Who does not send it as the password is refused; None: anybody may read."""
    _files: dict[str, dict[str, tuple[int, ObjectID]]] = field(default_factory=dict)

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        *,
        branch: str = "main",
        message: str = "Change things",
        modes: Mapping[str, int] | None = None,
    ) -> str:
        """Commit files beside those that the branch has, and give the commit's id.

        Args:
            files: Content by path; None removes one. That of a link is its target,
                that of a submodule its commit.
            branch: Is made if it is not there.
            message: Of the commit.
            modes: Of the files that are no plain ones.
        """
        modes = modes or {}
        tree = self._files.setdefault(branch, {})
        with Repo(str(self.folder)) as repo:
            blobs = []
            for path, content in files.items():
                mode = modes.get(path, PLAIN)
                data = content.encode() if isinstance(content, str) else content
                if data is None:
                    del tree[path]
                elif mode == SUBMODULE:
                    tree[path] = (mode, ObjectID(data))
                else:
                    blob = Blob.from_string(data)
                    blobs.append((blob, None))
                    tree[path] = (mode, blob.id)
            repo.object_store.add_objects(blobs)
            entries = [(path.encode(), id_, mode) for path, (mode, id_) in tree.items()]
            root = commit_tree(repo.object_store, entries)
            ref = Ref(b"refs/heads/" + branch.encode())
            parents = [repo.refs[ref]] if ref in repo.refs else []
            commit = _commit(root, parents, message)
            repo.object_store.add_object(commit)
            repo.refs[ref] = commit.id
            return commit.id.decode()

    def commit_folder(
        self, folder: Path, *, branch: str = "main", message: str = "Add the folder"
    ) -> str:
        files, modes = {}, {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if ".git" in Path(name).parts or (path.is_dir() and not path.is_symlink()):
                continue
            if path.is_symlink():
                files[name], modes[name] = os.fsencode(path.readlink()), LINK
            else:
                files[name] = path.read_bytes()
                if path.stat().st_mode & 0o100:
                    modes[name] = EXECUTABLE
        return self.commit(files, branch=branch, message=message, modes=modes)

    def branch(self, name: str, commit: str) -> None:
        with Repo(str(self.folder)) as repo:
            repo.refs[Ref(b"refs/heads/" + name.encode())] = ObjectID(commit.encode())

    def tag(self, name: str, commit: str, *, message: str | None = None) -> None:
        """Make a tag; with a message one that is an object of its own."""
        target = ObjectID(commit.encode())
        with Repo(str(self.folder)) as repo:
            if message is not None:
                tag = Tag()
                tag.name, tag.object = name.encode(), (Commit, target)
                tag.tagger, tag.message = AUTHOR, message.encode()
                tag.tag_time, tag.tag_timezone = BEGIN, 0
                repo.object_store.add_object(tag)
                target = tag.id
            repo.refs[Ref(b"refs/tags/" + name.encode())] = target


def _commit(tree: ObjectID, parents: list[ObjectID], message: str) -> Commit:
    commit = Commit()
    commit.tree, commit.parents = tree, parents
    commit.author = commit.committer = AUTHOR
    commit.author_time = commit.commit_time = BEGIN + len(parents)
    commit.author_timezone = commit.commit_timezone = 0
    commit.message = message.encode()
    return commit


class GitServer:
    """Start with `git_server()`, or ask for the fixture of that name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repositories: dict[str, Repository] = {}
        self.requests: list[Seen] = []
        self._http = _Server(self)
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return self._http.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(
        self,
        name: str,
        files: Mapping[str, str | bytes] | Path | None = None,
        *,
        token: str | None = None,
    ) -> Repository:
        """Make a repository, with a first commit on `main` if there are files."""
        folder = self.root / f"{name}.git"
        folder.mkdir(parents=True)
        Repo.init_bare(str(folder), default_branch=b"main").close()
        url = f"{self.url}/{name}.git"
        repository = self.repositories[name] = Repository(name, url, folder, token)
        if isinstance(files, Path):
            repository.commit_folder(files)
        elif files is not None:
            repository.commit(files)
        return repository

    def start(self, port: int = 0) -> None:
        self._http.server_address = ("127.0.0.1", port)
        self._http.server_bind()
        self._http.server_activate()
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, git: GitServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self.git = git

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # the one in between asks what its name is
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]


class _Handler(BaseHTTPRequestHandler):
    """One request, as CGI has it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        git = cast("_Server", self.server).git
        authorization = self.headers.get("Authorization")
        git.requests.append(Seen(self.command, self.path, authorization))
        parts = urlsplit(self.path)
        name = parts.path.strip("/").partition(".git")[0]
        repository = git.repositories.get(name)
        if repository is None:
            self.send_error(404)
            return
        if repository.token is not None and not _opens(repository, authorization):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        length = int(self.headers.get("Content-Length") or 0)
        done = subprocess.run(
            ["git", "http-backend"],  # noqa: S607 - whichever git stands in the path
            env=self._environment(git.root, parts.path, parts.query),
            input=self.rfile.read(length),
            capture_output=True,
            check=False,  # it fails after it has said why
        )
        self._send(done.stdout)

    def _environment(self, root: Path, path: str, query: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": str(root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": self.headers.get("Content-Length", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }

    def _send(self, output: bytes) -> None:
        head, _, body = output.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().split("\r\n")]
        headers = {name: value for name, _, value in lines}
        status = headers.pop("Status", "200 OK")
        self.send_response(int(status.split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _opens(repository: Repository, authorization: str | None) -> bool:
    scheme, _, value = (authorization or "").partition(" ")
    if scheme != "Basic":
        return False
    password = base64.b64decode(value).decode().partition(":")[2]
    return password == repository.token


@contextmanager
def git_server(root: Path, port: int = 0) -> Generator[GitServer]:
    server = GitServer(root)
    server.start(port)
    try:
        yield server
    finally:
        server.stop()


def main(folder: str, port: str = "0") -> None:
    with TemporaryDirectory() as root, git_server(Path(root), int(port)) as server:
        for path in sorted(Path(folder).iterdir()):
            if path.is_dir():
                url = server.add(path.name, path).url
                sys.stdout.write(f"{url}\n")
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:3])
