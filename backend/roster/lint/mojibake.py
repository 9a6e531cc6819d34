# ruff: noqa: RUF001  # look-alike characters are the subject of this table
"""Knows what common characters look like after UTF-8 was read as Windows-1252.

The table is computed: each character that definition files really use is garbled in
every way that is known to happen. Windows-1252 leaves five bytes undefined; on the
way they were kept as control characters or dropped. Where a byte was dropped, several
characters look the same, and then nothing is proposed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Characters beyond ASCII that agent definitions use, by measure over public files:
# signs, arrows, quotes, box drawing, Western letters and Greek, then emoji.
_SIGNS = (
    "—–…•·×÷±≥≤≠≈∞→←↑↓↔⇒↳“”‘’„«»‹›′″°²³¹½¼¾§©®™€£¥µ¶†‡‰¡¿−²³Σπαβδεθλμσφωζℝℤ√∈∃∀∫≡⊥"
    "─━│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣█▼▲►◄●○■□░▇★⭐✓✔✗✘✅❌❓❗➕➖➡⬅⬆⬇⏱⏭⏸⏰⏳⏪⏮⚠⚡⚙⚖⛔☐☕♻♿♂♀ℹ✈✏✨⌘❤⚗⚰‑"
)
_LETTERS = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
    "ŒœŠšŽžŸĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĻļĽľŁłŃńŅņŇňŐőŘřŚśŞşŠšŢţŤťŪūŮůŰűŲŹźŻż"
)
_EMOJI = (
    "🎯🚀📊📋🔧🔴🟡🟢🟠🔵💡🔍🔄📝🧪🚨🔒🔗📁🎉📦📈📉🏗📚🎨🤖👥🌐🛡🧠🛠📖💻📅📱📍🚫🔥🐛🔐🐍🤝📐🚧💰🌍"
    "🏷💬💎🎭🏆🔀🔌👍🛑🧹🔎🐘🧱🎲👋📄👤📓🥈🥉🥇🔨👎🧾🐌📂🚚🧵💄🌱🔇💥📸🧑🚑🩹👔🦺🔊🔖👽💚💫🙈🚩🗑👷📌"
    "🗃🌳🔬🔓🆕👨👩😤🤯💖🎮🗺😅🪄🌈🤔💭🏃🗣🖥🔔🏁🔑🙏🚢📞📧🎥🐦🗓📜🏥🦀🕐📡🎫🙌📎📮💪👀💾🌅🔜🎪🦸"
    "🌏🌎🌙🌟📏📣📢📤📥📃📑📔📕📗📘📙🔁🔂🔃🔏🔦🔩🔮🔤🔢🔣🗂🗄🖼🕒⌛"
)
_SELECTED = "⚠ℹ⏱⏭⏸⏮⚙⚖♻♂♀✈✏✔❤➡⬅⬆⬇🛡🛠🏗🏷🗑🗃🗺🗣🖥🗓🗂🗄🖼⚗⚰⌘☕⚡⭐"
# All emoji that Unicode has, to see where a lost byte leaves a choice.
_BMP_EMOJI = (
    "‼⁉↔↕↖↗↘↙↩↪⌚⌛⌨⏏⏩⏪⏫⏬⏭⏮⏯⏰⏱⏲⏳⏸⏹⏺Ⓜ▪▫▶◀◻◼◽◾☀☁☂☃☄☎☑☔☕☘☝☠☢☣☦☪☮☯☸☹☺♈♉♊♋♌♍♎♏♐♑♒♓"
    "♟♠♣♥♦♨♾⚒⚓⚔⚕⚛⚜⚧⚪⚫⚱⚽⚾⛄⛅⛈⛎⛏⛑⛓⛩⛪⛰⛱⛲⛳⛴⛵⛷⛸⛹⛺⛽✂✉✊✋✌✍✒✖✝✡✳✴❄❇❎❔❕❣➗➰➿⤴⤵⬛⬜⭕〰〽㊗㊙"
)
_EMOJI_RANGES = (
    range(0x1F300, 0x1F650),
    range(0x1F680, 0x1F700),
    range(0x1F7E0, 0x1F7F1),
    range(0x1F90C, 0x1FB00),
)
_SEQUENCES = ("👨‍💻", "👩‍💻", "🧑‍💻", "🕵️‍♂️", "🦸‍♂️", "👁️‍🗨️")
_LOST = frozenset("\x81\x8d\x8f\x90\x9d")
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")  # that is what is replaced
_REAL = {"Å¹", "Å²", "Å³"}  # the unit with an exponent
_LEAST = 2
_EXACT_LEAST = 3  # a shorter run may be real text in some language
_MAX_IN_LINE = 200
REPLACEMENT = "\ufffd"  # what a decoder writes for bytes that it could not read


@dataclass(frozen=True)
class Garble:
    """A garbled piece at an offset, and the characters that it may have been."""

    start: int
    text: str
    candidates: tuple[str, ...]

    @property
    def proposal(self) -> str | None:
        """The one character that it must have been."""
        return self.candidates[0] if len(self.candidates) == 1 else None


def _as_cp1252(char: str) -> str:
    """UTF-8 read as Windows-1252, its undefined bytes as control characters."""
    return "".join(_byte(byte) for byte in char.encode())


def _byte(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _drop_lost(text: str) -> str:
    return "".join(char for char in text if char not in _LOST)


def _garbled(char: str) -> Iterator[str]:
    """Every way in which a character is known to come out garbled."""
    kept = _as_cp1252(char)
    latin = char.encode().decode("latin-1")
    once = {kept, _drop_lost(kept), latin}
    yield from once
    yield _drop_lost(kept).translate(_STRAIGHT)
    # A no-break space inside is often turned into a plain one.
    yield from (f"{text[:-1].replace(chr(0xA0), ' ')}{text[-1:]}" for text in once)
    twice = _as_cp1252(kept)
    yield from (twice, _drop_lost(twice))
    yield _drop_lost("".join(_as_cp1252(c) for c in _drop_lost(kept)))


def _all_emoji() -> Iterator[str]:
    yield from _BMP_EMOJI
    for codes in _EMOJI_RANGES:
        yield from (chr(code) for code in codes if unicodedata.name(chr(code), ""))


def _build() -> dict[str, tuple[str, ...]]:
    known = dict.fromkeys([*_SIGNS, *_LETTERS, *_EMOJI, *_SEQUENCES])
    known |= dict.fromkeys(f"{char}\ufe0f" for char in _SELECTED)
    found: dict[str, set[str]] = {}
    for char in known:
        for text in _garbled(char):
            if len(text) >= _LEAST and not text.isascii() and text not in _REAL:
                found.setdefault(text, set()).add(char)
    for char in _all_emoji():
        kept = _as_cp1252(char)
        lost = _drop_lost(kept)
        if lost != kept and len(lost) >= _LEAST:
            for text in (lost, lost.translate(_STRAIGHT)):
                found.setdefault(text, set()).add(char)
    for text in found:
        # A no-break space at the end may be the next character, not a lost byte's.
        if text[-1:] == "\xa0":
            found[text] |= found.get(text[:-1], set())
    return {text: tuple(sorted(chars)) for text, chars in found.items()}


TABLE = _build()
_LONGEST: dict[str, int] = {}
for _text in TABLE:
    _LONGEST[_text[0]] = max(_LONGEST.get(_text[0], 0), len(_text))
_FIRST = {REPLACEMENT, *_LONGEST, *map(chr, range(0xC2, 0xF5))}
_LEAD = re.compile(f"[{re.escape(''.join(sorted(_FIRST)))}]")
_TAIL = "".join(sorted({_byte(byte) for byte in range(0x80, 0xC0)}))
_RUN = re.compile(f"[\xe0-\xf4][{re.escape(_TAIL)}]{{2,3}}")
_EMOJI_LEAD = "ðŸ"
_ZERO_JOINER = "â€"


def find(line: str) -> list[Garble]:
    """The garbled pieces of a line, from left to right."""
    if line.isascii():
        return []
    found: list[Garble] = []
    at = 0
    while match := _LEAD.search(line, at):
        both = (_known(line, match.start()), _exact(line, match.start()))
        garble = max(filter(None, both), key=lambda one: len(one.text), default=None)
        if garble:
            found.append(garble)
            at = garble.start + len(garble.text)
            if len(found) >= _MAX_IN_LINE:
                break
        else:
            at = match.end()
    return _unjoined(found)


def _known(line: str, start: int) -> Garble | None:
    if line[start] == REPLACEMENT:
        return Garble(start, REPLACEMENT, ())
    for length in range(_LONGEST.get(line[start], 0), _LEAST - 1, -1):
        text = line[start : start + length]
        if text in TABLE:
            return Garble(start, text, TABLE[text])
    return None


def _exact(line: str, start: int) -> Garble | None:
    """A run that is UTF-8 to the last byte: nothing was lost."""
    match = _RUN.match(line, start)
    for length in range(len(match.group()) if match else 0, _EXACT_LEAST - 1, -1):
        text = line[start : start + length]
        if text.endswith("\xa0") and text[:-1] in TABLE:
            return None
        try:
            char = b"".join(_encode(c) for c in text).decode()
        except UnicodeDecodeError:
            continue
        if len(char) == 1 and char.isprintable():
            return Garble(start, text, (char,))
    return None


def _encode(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _unjoined(found: list[Garble]) -> list[Garble]:
    """No proposal for what may be a joiner between two emoji."""
    doubtful = {
        second
        for first, second in pairwise(found)
        if second.text == _ZERO_JOINER
        and first.text.startswith(_EMOJI_LEAD)
        and first.start + len(first.text) == second.start
    }
    return [
        Garble(garble.start, garble.text, ()) if garble in doubtful else garble
        for garble in found
    ]
