import httpx
import pytest


@pytest.mark.parametrize("slug", ["me", "new"])
async def test_names_that_mean_something_else_are_refused(
    ada: httpx.AsyncClient, slug: str
) -> None:
    made = await ada.post("/teams", json={"slug": slug, "name": "Ours"})
    renamed = await ada.post("/teams", json={"slug": "ours", "name": "Ours"})
    moved = await ada.patch(
        "/teams/ours",
        json={"slug": slug},
        headers={"If-Match": renamed.headers["etag"]},
    )

    for answer in (made, moved):
        assert answer.status_code == 409
        assert answer.json()["errors"][0]["loc"] == "slug"
