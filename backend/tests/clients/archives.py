"""Let schemathesis send an archive as it sends any other file.

A file of its own, because the command is given one (`SCHEMATHESIS_HOOKS`).
"""

import schemathesis

schemathesis.serializer.alias("application/zip", "application/octet-stream")
