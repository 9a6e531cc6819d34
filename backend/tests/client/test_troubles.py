"""Whatever is in the way: one sentence, and the exit code that docs/cli.md names."""

import base64
import errno
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from roster.client.config.instances import Chosen
from roster.client.exits import Exit, Trouble
from roster.client.guarding import guarded
from roster.client.http.api import Api
from roster.client.http.pools import Trust
from tests.client.conftest import Cli
from tests.client.fakes import INSTANCE, Asked, Reply, answering, passing_on
from tests.client.instances import Instance, agent, token_of


def one_sentence(said: str) -> str:
    *before, last = said.splitlines()
    assert last.startswith("roster: ")
    assert all(line.endswith("…") or line.startswith("Warning") for line in before)
    return last


def jwt(**claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"rst_eyJhIjoxfQ.{body}.c2lnbg"


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("nonsense", "no API token"),
        (jwt(exp=1), "expired on 1970-01-01"),
        (jwt(exp=2**33), "not one of this instance"),
    ],
)
def test_tokens_that_are_no_good(
    instance: Instance, stranger: Cli, token: str, said: str
) -> None:
    stranger.env |= {"ROSTER_URL": instance.address, "ROSTER_TOKEN": token}
    result = stranger.run("whoami")
    assert result.exit_code == 3
    assert said in one_sentence(result.stderr)
    assert "ROSTER_TOKEN" in result.stderr


def test_a_token_that_was_revoked(instance: Instance, stranger: Cli) -> None:
    stranger.env |= {
        "ROSTER_URL": instance.address,
        "ROSTER_TOKEN": token_of(instance.address, ["read"], revoke=True),
    }
    result = stranger.run("whoami")
    assert result.exit_code == 3
    assert "revoked" in one_sentence(result.stderr)


def test_nobody_is_signed_in(instance: Instance, stranger: Cli) -> None:
    result = stranger.run("whoami", "--url", instance.address)
    assert (result.exit_code, "roster login" in result.stderr) == (3, True)
    assert stranger.run("search", "x").exit_code == 3


def test_a_token_that_may_not(instance: Instance, cli: Cli, folder: Path) -> None:
    cli.env["ROSTER_TOKEN"] = token_of(instance.address, ["read"])
    (folder / "a.md").write_text(agent("a"))
    result = cli.run("push", str(folder))
    assert result.exit_code == 4
    assert "scope" in one_sentence(result.stderr)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as place:
        port: int = place.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("address", "code", "said"),
    [
        ("http://127.0.0.1:{port}", 6, "Nothing answers"),
        ("http://roster.invalid", 6, "There is no roster.invalid"),
        ("ftp://roster.example.org", 2, "no address"),
        ("https://ada:secret@roster.example.org", 2, "Leave the user"),
        ("http://[bad", 2, "no address"),
    ],
)
def test_addresses_where_nothing_is(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, address: str, code: int, said: str
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    url = address.format(port=closed_port())
    result = cli.run("search", "x", "--url", url)
    assert result.exit_code == code
    assert said in one_sentence(result.stderr)
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"name": "Roster", "version": "0.0.9"}', "too old"),
        (b'{"name": "Roster", "version": "2.0.0"}', "too new"),
        (b'{"name": "Roster", "version": "odd"}', "no Roster"),
        (b'{"name": "Gitea"}', "no Roster"),
        (b"<html>Welcome</html>", "no Roster"),
    ],
)
def test_instances_of_another_age(cli: Cli, body: bytes, said: str) -> None:
    with answering(lambda _: Reply(body=body)) as fake:
        result = cli.run("search", "x", "--url", fake.address)
    assert result.exit_code == 7
    assert said in one_sentence(result.stderr)


def test_a_page_that_is_not_found_is_no_roster(cli: Cli) -> None:
    with answering(lambda _: Reply(404, b"not here")) as fake:
        assert cli.run("search", "x", "--url", fake.address).exit_code == 7


def api(address: str, wait: Callable[[float], None] = time.sleep) -> Api:
    return Api(Chosen(address, "rst_a", "file"), Trust(), wait=wait)


def test_it_is_patient_with_reads() -> None:
    replies = [
        Reply(body=INSTANCE),
        Reply(503, b"", {"Retry-After": "7"}),
        Reply(429, b"", {"Retry-After": "odd"}),
        Reply(body=b"{}"),
    ]
    waited: list[float] = []
    with answering(lambda _: replies.pop(0)) as fake:
        assert api(fake.address, wait=waited.append).get("/x") == {}
    assert waited == [7, 1]


def test_writes_are_sent_once() -> None:
    replies = [Reply(body=INSTANCE), Reply(503, b"")]
    with answering(lambda _: replies.pop(0)) as fake:
        with pytest.raises(Trouble) as caught:
            api(fake.address).send("POST", "/x", {})
        assert [one.method for one in fake.asked] == ["GET", "POST"]
    assert caught.value.code is Exit.network


def test_the_token_stays_at_home() -> None:
    with answering(lambda _: Reply(body=b'{"ok": 1}')) as elsewhere:

        def lead(asked: Asked) -> Reply:
            if asked.path.endswith("/instance"):
                return Reply(body=INSTANCE)
            if asked.path.endswith("/here"):
                return Reply(302, b"", {"Location": "/api/v1/there"})
            if asked.path.endswith("/there"):
                return Reply(body=b'{"ok": 2}')
            return Reply(302, b"", {"Location": f"{elsewhere.address}/x"})

        with answering(lead) as home:
            asking = api(home.address)
            assert asking.get("/away") == {"ok": 1}
            assert asking.get("/here") == {"ok": 2}
            assert home.asked[-1].headers["authorization"] == "Bearer rst_a"
            with pytest.raises(Trouble):
                asking.send("POST", "/away", {"secret": 1})
    assert [one.method for one in elsewhere.asked] == ["GET"]
    assert "authorization" not in elsewhere.asked[0].headers


def test_redirects_without_an_end() -> None:
    def lead(asked: Asked) -> Reply:
        return Reply(302, b"", {"Location": asked.path})

    with answering(lead) as fake, pytest.raises(Trouble) as caught:
        api(fake.address, wait=lambda _: None).get("/x")
    assert caught.value.code is Exit.network


def test_a_proxy_of_the_environment(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/instance"):
            return Reply(body=INSTANCE)
        return Reply(body=b'{"items": [], "next_cursor": null}')

    with answering(answer) as proxy:
        monkeypatch.setattr(
            "roster.client.http.pools.getproxies",
            lambda: {"http": proxy.address.replace("http://", "http://me:pw@")},
        )
        result = cli.run("search", "x", "--url", "http://roster.test")
        assert result.exit_code == 0, result.output
        assert "can be read on the way" in result.stderr
        assert proxy.asked[0].path == "http://roster.test/api/v1/instance"
        assert proxy.asked[0].headers["proxy-authorization"].startswith("Basic ")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of localhost, which nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path / "certificate.pem"
    place.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return place


def test_certificates_are_checked(
    cli: Cli, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/instance"):
            return Reply(body=INSTANCE)
        return Reply(body=b"[]")

    monkeypatch.setattr("time.sleep", lambda _: None)
    with answering(answer, certificate=certificate) as fake:
        result = cli.run("targets", "--url", fake.address)
        assert result.exit_code == 6, result.output
        assert "--ca-bundle" in one_sentence(result.stderr)
        trusted = ("--ca-bundle", str(certificate))
        assert cli.run("targets", "--url", fake.address, *trusted).exit_code == 0
        wrong = ("--ca-bundle", __file__)
        assert cli.run("targets", "--url", fake.address, *wrong).exit_code == 2


def test_a_folder_that_is_a_file(instance: Instance, cli: Cli, folder: Path) -> None:
    instance.add("agent", "critic", agent("critic"))
    instance.collect("kit", ["critic"])
    instance.release("kit")
    place = folder / "file"
    place.write_text("mine")
    result = cli.run("pull", "ada/kit", "--dir", str(place))
    assert result.exit_code == 10
    assert "where a folder is needed" in one_sentence(result.stderr)
    assert place.read_text() == "mine"


def test_a_disk_that_is_full(folder: Path, cli: Cli) -> None:
    result = cli.run("lint", str(folder), "--output", "/dev/full")
    assert result.exit_code == 10
    assert "full" in one_sentence(result.stderr)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "full"),
        (errno.EROFS, "may not be written"),
        (errno.EACCES, "may not be written"),
        (errno.ENOTDIR, "stands where a folder"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_a_file_system_says(
    capsys: pytest.CaptureFixture[str], code: int, said: str
) -> None:
    with pytest.raises(typer.Exit) as caught, guarded():
        raise OSError(code, os.strerror(code), "/srv/x")
    assert caught.value.exit_code == 10
    assert said in one_sentence(capsys.readouterr().err)


def test_a_mistake_of_ours_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(typer.Exit) as caught, guarded():
        raise KeyError("a secret")
    assert caught.value.exit_code == 70
    assert "secret" not in one_sentence(capsys.readouterr().err)
    monkeypatch.setenv("ROSTER_TRACE", "1")
    with pytest.raises(typer.Exit), guarded():
        raise KeyError("where")
    assert "Traceback" in capsys.readouterr().err


@pytest.fixture
def _can_be_stopped() -> Iterator[None]:
    """What a shell starts in the background ignores SIGINT, and so would ours."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_can_be_stopped")
def test_whoever_stops_it_leaves_nothing_half(
    instance: Instance, cli: Cli, folder: Path
) -> None:
    instance.add("agent", "slow", agent("slow"))
    instance.collect("slowly", ["slow"])
    instance.release("slowly")
    stopped = threading.Event()

    def hang(asked: Asked, _reply: Reply) -> None:
        if "/export?" in asked.path:
            started.send_signal(signal.SIGINT)
            stopped.wait(60)

    with answering(passing_on(instance.address, hang)) as fake:
        started = cli.start(
            "pull", "ada/slowly", "--dir", str(folder), "--url", fake.address
        )
        _, said = started.communicate()
        stopped.set()
    assert started.returncode == 130, said
    assert "Traceback" not in said
    assert [path.name for path in folder.rglob("*.md")] == []
    assert not list(folder.glob(".roster/*.next"))


def test_tokens_in_a_file_that_others_may_read(
    instance: Instance, stranger: Cli
) -> None:
    words = ("login", instance.address, "--token-stdin")
    assert stranger.run(*words, stdin="\n").exit_code == 2
    assert stranger.run(*words, stdin=f"{instance.token}\n").exit_code == 0
    kept = Path(stranger.env["XDG_CONFIG_HOME"], "roster", "tokens.json")
    kept.chmod(0o644)
    result = stranger.run("whoami")
    assert result.exit_code == 10
    assert "chmod 600" in result.stderr
    kept.chmod(0o600)
    kept.write_text("odd")
    assert stranger.run("whoami").exit_code == 10
