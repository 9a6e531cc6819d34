"""Which licence the files of a folder are under."""

import json

import pytest

from roster.components.foreign.licence_files import (
    UNKNOWN,
    licence_of,
    nearest,
    recognised,
    tells_licence,
)

# The sentences that tell them, among words of our own.
GRANT = "Permission is hereby granted, free of charge, to any person obtaining a copy"
KEPT = (
    "The above copyright notice and this permission\n"
    "notice shall be included in all copies."
)
MIT = f"The licence of A\n\nCopyright 2026 B\n\n{GRANT} of it.\n{KEPT}\n"
FREE = (
    "Permission to use, copy, modify, and/or distribute this software for any purpose"
)
BSD = "Redistribution and use in source and binary forms are permitted."


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        (MIT, "MIT"),
        (f"{GRANT} of it.", "MIT-0"),
        (
            "                Apache License\n    Version 2.0, January 2004\n...",
            "Apache-2.0",
        ),
        ('Licensed under the Apache License, Version 2.0 (the "x")', "Apache-2.0"),
        (f"{BSD} THIS SOFTWARE IS PROVIDED BY us.", "BSD-2-Clause"),
        (f"{BSD} Neither the name of us may be used.", "BSD-3-Clause"),
        (f"{BSD} All advertising materials. Neither the name of us.", UNKNOWN),
        ("GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991", "GPL-2.0-only"),
        (
            "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n"
            + "x " * 500
            + "GNU Affero General Public License Version 3, 19 November 2007",
            "GPL-3.0-only",
        ),
        (
            "GNU AFFERO GENERAL PUBLIC LICENSE Version 3, 19 November 2007",
            "AGPL-3.0-only",
        ),
        ("GNU LESSER GENERAL PUBLIC LICENSE Version 3, 29 June 2007", "LGPL-3.0-only"),
        (
            "GNU LESSER GENERAL PUBLIC LICENSE Version 2.1, February 1999",
            "LGPL-2.1-only",
        ),
        ("Mozilla Public License Version 2.0\n====", "MPL-2.0"),
        (f"{FREE}, provided that the above copyright notice stays.", "ISC"),
        (f"{FREE} with or without fee.", "0BSD"),
        ("Creative Commons Attribution 4.0 International", "CC-BY-4.0"),
        ("Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
        ("Attribution-NonCommercial 4.0 International", UNKNOWN),
        ("CC0 1.0 Universal", "CC0-1.0"),
        (
            "This is free and unencumbered software released into the public domain.",
            "Unlicense",
        ),
        ("SPDX-License-Identifier: apache-2.0 OR mit\n", "Apache-2.0 OR MIT"),
        ("SPDX-License-Identifier: Ours\n", UNKNOWN),
        # Conditions of somebody's own, or more than one licence: nobody can say.
        (f"{MIT}\nCommons Clause License Condition v1.0", UNKNOWN),
        (MIT + "Further terms. " * 500, UNKNOWN),
        (f"{MIT}\n{BSD} Neither the name.", UNKNOWN),
        ("All rights reserved.", UNKNOWN),
        ("", UNKNOWN),
        ("\x00\x01", UNKNOWN),
    ],
)
def test_a_text_is_one_licence_or_none(text: str, spdx: str) -> None:
    assert recognised(text.encode()) == spdx


@pytest.mark.parametrize(
    ("path", "tells"),
    [
        ("LICENSE", True),
        ("a/Licence.md", True),
        ("LICENSE-MIT", True),
        ("LICENSE.txt", True),
        ("LICENSE-APACHE-2.0", True),
        ("COPYING.LESSER", True),
        ("UNLICENSE", True),
        ("package.json", True),
        (".claude-plugin/plugin.json", True),
        ("license.py", False),
        ("licenses.md", False),
        ("commands/license.md", False),
        ("README.md", False),
    ],
)
def test_which_files_say_it(path: str, tells: bool) -> None:
    assert tells_licence(path) is tells


def test_the_nearest_folder_counts() -> None:
    def manifest(licence: object) -> bytes:
        return json.dumps({"license": licence}).encode()

    found = licence_of(
        [
            ("LICENSE", MIT.encode()),
            ("package.json", manifest("ISC")),
            ("own/LICENSE.txt", b"All rights reserved."),
            ("told/LICENSE", b"Our words."),
            ("told/package.json", manifest("Apache-2.0")),
            ("closed/package.json", manifest("UNLICENSED")),
            ("old/package.json", manifest({"type": "BSD-2-Clause"})),
            ("silent/package.json", b"{}"),
            ("broken/package.json", b"{"),
            ("p/.claude-plugin/plugin.json", manifest("MPL-2.0")),
            ("both/LICENSE-MIT", MIT.encode()),
            ("both/LICENSE-APACHE", b"Apache License Version 2.0, January 2004"),
        ]
    )
    expected = {
        "a.md": "MIT",
        "deep/er/a.md": "MIT",
        "silent/a.md": "MIT",
        "broken/a.md": "MIT",
        "own/deep/a.md": None,
        "told/a.md": "Apache-2.0",
        "closed/a.md": None,
        "old/a.md": "BSD-2-Clause",
        "p/agents/a.md": "MPL-2.0",
        "both/a.md": None,
    }
    assert {path: nearest(found, path) for path in expected} == expected
    assert nearest({}, "a.md") is None
