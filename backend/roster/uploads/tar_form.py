"""What Roster itself writes into a TAR, beside what all do."""

SUBMODULE = "ROSTER.submodule"
"""The entry stands for another repository at this commit."""
CUT = "ROSTER.size"
"""The file has that many bytes; only its beginning is there."""
HEAD_BYTES = 64 * 1024
"""How much of a file that is too large is looked at to tell what it is."""
