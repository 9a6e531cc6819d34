"""Interactive documentation, with every file of it from this origin."""

import asyncio
import gzip
from functools import cache
from importlib import resources

from starlette.responses import HTMLResponse, Response

from roster.core.errors import NotFound

# What Swagger UI needs; it sets styles on elements, which only 'unsafe-inline' would
# cover in attributes of markup, and it does so by script, which needs nothing.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Roster API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="documentation"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
  layout: "BaseLayout",
});
"""
START_NAME = "start.js"
MEDIA_TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
    START_NAME: "text/javascript",
}


def page() -> HTMLResponse:
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@cache
def _compressed(name: str) -> bytes:
    if name == START_NAME:
        return gzip.compress(START.encode())
    packaged = resources.files("fastapi_swagger.resources").joinpath(name)
    return gzip.compress(packaged.read_bytes())


async def file(name: str, *, compressed: bool) -> Response:
    """Serve one file of the documentation page.

    Raises:
        NotFound: The page has no such file.
    """
    if name not in MEDIA_TYPES:
        raise NotFound("The documentation has no such file.")
    content = await asyncio.to_thread(_compressed, name)
    headers = {"Cache-Control": "public, max-age=3600", "Vary": "Accept-Encoding"}
    if compressed:
        headers["Content-Encoding"] = "gzip"
    else:
        content = await asyncio.to_thread(gzip.decompress, content)
    return Response(content, headers=headers, media_type=MEDIA_TYPES[name])
