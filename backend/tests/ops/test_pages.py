import re

import httpx
import pytest

from roster.core import errors

ROOT = "http://roster.test"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def test_every_problem_is_listed_and_has_a_page(
    anonymous: httpx.AsyncClient,
) -> None:
    listed = (await anonymous.get(f"{ROOT}/problems")).json()["items"]

    assert [kind["code"] for kind in listed] == list(errors.catalogue())
    for kind in listed:
        answer = await anonymous.get(f"{ROOT}/problems/{kind['code']}")
        assert answer.status_code == 200
        assert answer.json() == kind
        assert kind["description"]


async def test_a_browser_gets_a_page(anonymous: httpx.AsyncClient) -> None:
    for path in ("/problems", "/problems/not-found"):
        answer = await anonymous.get(f"{ROOT}{path}", headers=HTML)

        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert "There is nothing here" in answer.text
        policy = answer.headers["content-security-policy"]
        (nonce,) = re.findall(r'<style nonce="([^"]+)">', answer.text)
        assert f"'nonce-{nonce}'" in policy
        assert "unsafe" not in policy


async def test_an_unknown_problem_is_one_itself(anonymous: httpx.AsyncClient) -> None:
    answer = await anonymous.get(f"{ROOT}/problems/nonsense", headers=HTML)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


async def test_the_documentation_loads_nothing_from_elsewhere(
    anonymous: httpx.AsyncClient,
) -> None:
    page = await anonymous.get(f"{ROOT}/docs")

    assert page.status_code == 200
    assert "://" not in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    # No script in the page itself, which its policy would refuse.
    assert re.findall(r"<script[^>]*>([^<]*)</script>", page.text) == ["", ""]
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(files) == 4
    for file in files:
        for coding in ("gzip", "identity"):
            answer = await anonymous.get(
                f"{ROOT}{file}", headers={"Accept-Encoding": coding}
            )
            assert answer.status_code == 200
            assert len(answer.content) > 100
            assert answer.headers.get("content-encoding", "identity") == coding


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fmain.py", "__init__.py"])
async def test_the_documentation_has_no_other_files(
    anonymous: httpx.AsyncClient, name: str
) -> None:
    answer = await anonymous.get(f"{ROOT}/docs/{name}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
