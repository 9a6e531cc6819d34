"""Skills as people have them: folders and archives."""

import io
import zipfile
from collections.abc import Mapping

SKILL = (
    "---\nname: {name}\ndescription: Writes release notes from commits.\n---\n"
    "Read [the style](references/style.md) and run `scripts/collect.sh`.\n"
)
FILES = {
    "references/style.md": b"# Style\n\nShort sentences.\n",
    "scripts/collect.sh": b"#!/bin/sh\ngit log\n",
    "assets/logo.png": b"\x89PNG\r\n\x1a\n\x00\xff",
}


def skill_file(name: str = "release-notes") -> bytes:
    return SKILL.format(name=name).encode()


def packed(files: Mapping[str, bytes], *, runs: tuple[str, ...] = ()) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(path)
            info.create_system, info.compress_type = 3, zipfile.ZIP_DEFLATED
            info.external_attr = (0o100755 if path in runs else 0o100644) << 16
            archive.writestr(info, content)
    return data.getvalue()
