"""Whatever a client does in whatever order, the registry does what its model does."""

import httpx
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.clients.conftest import Serve
from tests.clients.registry import Registry
from tests.conftest import PASSWORD, SETUP_CODE

# Always the same steps: a failure must be everybody's.
LIMITS = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_registry_does_what_its_model_does(serve: Serve) -> None:
    address = serve()
    with httpx.Client(base_url=f"{address}/api/v1", timeout=30) as client:
        body = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
        client.post("/auth/register", json=body | {"setup_code": SETUP_CODE})
        form = {"username": "ada", "password": PASSWORD}
        signed_in = client.post("/auth/token", data=form).json()
        client.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
        machine = type("Registry", (Registry,), {"client": client})
        run_state_machine_as_test(machine, settings=LIMITS)
