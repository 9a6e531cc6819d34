"""The files of other coding tools, turned into our own kinds.

To add a file of a tool: a class of it in `kinds.classify`, a function from its path and
bytes to `Converted`, and a line in `registry.FORMATS`. Pure functions of the CPU.
"""

from roster.components.foreign.base import Converted, Format
from roster.components.foreign.registry import FORMATS, convert, format_of

__all__ = ["FORMATS", "Converted", "Format", "convert", "format_of"]
