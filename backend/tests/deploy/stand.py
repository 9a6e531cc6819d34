"""What docker-compose.yml starts, as processes of this machine.

Caddy with the very Caddyfile of the image, two API processes, two workers, a Valkey and
a PostgreSQL. They share a data folder, as the containers share a volume.
"""

import json
import os
import re
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from roster.settings import Settings
from tests.deploy.conftest import (
    BACKEND,
    SECONDS,
    Program,
    Run,
    environment_of,
    programs,
    roster,
)
from tests.services.postgres import free_port

FRONTEND = BACKEND.parent / "frontend"
CADDY = Path(sys.executable).with_name("caddy")
DRAIN_SECONDS = 3
MARK = "__CSP_NONCE__"
INDEX = f"""<!doctype html>
<meta property="csp-nonce" nonce="{MARK}">
<script type="module" src="/assets/app-1a2b3c.js" nonce="{MARK}"></script>
"""
FILES = {
    "index.html": INDEX,
    "favicon.svg": "<svg/>",
    "assets/app-1a2b3c.js": "plain",
    "assets/app-1a2b3c.js.br": "of brotli",
    "assets/app-1a2b3c.js.gz": "of gzip",
    ".vite/manifest.json": "{}",
}


@dataclass
class Stand:
    proxy: Program
    place: str
    """Where Caddy listens, as a host and port."""
    apis: list[Program]
    ports: list[int]
    workers: list[Program]

    def address_of(self, number: int) -> str:
        return f"http://127.0.0.1:{self.ports[number]}"


def nonce_step() -> tuple[str, str]:
    """Give what the image build replaces in the page, and by what."""
    text = (FRONTEND / "Dockerfile").read_text()
    step = re.search(r"&& sed -i 's/(\w+)/(.+)/g' dist/index\.html", text)
    assert step is not None
    return step[1], step[2]


def lay_out(folder: Path) -> None:
    """Write a small app as the build does."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def build_site(folder: Path) -> None:
    """Write a small app as it lies in the image."""
    lay_out(folder)
    index = folder / "index.html"
    index.write_text(index.read_text().replace(*nonce_step()))


def answers(address: str) -> bool:
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=5) as answer:
            status: int = answer.status
            return status == 200
    except OSError:
        return False


def wait_for(address: str) -> None:
    end = time.monotonic() + SECONDS
    while not answers(address):
        assert time.monotonic() < end, address
        time.sleep(0.1)


def _caddy(run: Run, site: Path, ports: list[int], place: int) -> Program:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(site.parent),
        "XDG_DATA_HOME": str(site.parent / "caddy"),
        "ROSTER_SITE": f":{place}",
        "ROSTER_HTTP_PORT": str(place),
        "ROSTER_ALIVE_PORT": str(free_port()),
        "ROSTER_SITE_DIR": str(site),
        "ROSTER_API": " ".join(f"127.0.0.1:{port}" for port in ports),
    }
    config = str(FRONTEND / "web" / "Caddyfile")
    return run([str(CADDY), "run", "--config", config], environment)


def _worker(run: Run, environment: dict[str, str], queues: str) -> Program:
    command = roster("worker", "--queues", queues, "--concurrency", "1")
    return run(command, environment)


@contextmanager
def standing(folder: Path, settings: Settings) -> Generator[Stand]:
    site = folder / "site"
    build_site(site)
    environment = environment_of(
        settings,
        ROSTER_DRAIN_SECONDS=str(DRAIN_SECONDS),
        ROSTER_TRUSTED_PROXIES="127.0.0.1",
    )
    ports, place = [free_port(), free_port()], free_port()
    with programs(folder) as run:
        first = run(roster("serve", "--port", str(ports[0])), environment)
        second = run(roster("serve", "--port", str(ports[1])), environment)
        proxy = _caddy(run, site, ports, place)
        for port in ports:
            wait_for(f"http://127.0.0.1:{port}/health/ready")
        workers = [
            _worker(run, environment, "default,upkeep"),
            _worker(run, environment, "imports"),
        ]
        wait_for(f"http://127.0.0.1:{place}/health/ready")
        yield Stand(proxy, f"127.0.0.1:{place}", [first, second], ports, workers)


def data_of(lines: list[str]) -> list[dict[str, Any]]:
    """Read the events of a stream."""
    return [json.loads(line[5:]) for line in lines if line.startswith("data:")]
