"""The least that a server in Python does: Starlette alone, giving bytes it has.

Run by uvicorn as ``bench.bare:app`` with BARE_FOLDER, a folder of files by name.
"""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KEPT = {
    file.name: file.read_bytes() for file in Path(os.environ["BARE_FOLDER"]).iterdir()
}


async def give(request: Request) -> Response:
    return Response(KEPT[request.path_params["name"]], media_type="application/json")


app = Starlette(routes=[Route("/{name}", give)])
