import socket
from urllib.parse import urlsplit

import pytest
from redis import Redis

from tests.services.valkey import ValkeyServer


def test_what_is_kept_ages(valkey: ValkeyServer) -> None:
    with Redis.from_url(valkey.url.get_secret_value()) as client:
        client.set("short", "1", ex=10)
        client.set("long", "1", ex=100)

        valkey.age(10)

        assert client.exists("short") == 0
        assert 80 < int(client.ttl("long")) <= 90


def test_the_server_ends_with_its_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROSTER_TEST_REDIS_URL", raising=False)
    server = ValkeyServer.start()
    port = urlsplit(server.url.get_secret_value()).port
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) == 0

    server.stop()

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
