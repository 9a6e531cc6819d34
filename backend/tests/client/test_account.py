from pathlib import Path

from tests.client.conftest import Cli
from tests.client.instances import Instance


def test_sign_in_with_a_token(stranger: Cli, instance: Instance) -> None:
    result = stranger.run(
        "login", instance.address, "--token-stdin", stdin=f"{instance.token}\n"
    )
    assert result.exit_code == 0, result.output
    kept = Path(stranger.env["XDG_CONFIG_HOME"], "roster", "tokens.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert instance.token in kept.read_text()
    found = stranger.json("whoami")
    assert (found["username"], found["token_from"]) == ("ada", "file")
    assert found["teams"] == [{"slug": "ada", "role": "owner"}]
    assert stranger.run("logout").exit_code == 0
    assert instance.token not in kept.read_text()
    assert stranger.run("whoami").exit_code == 3
