"""What Roster itself writes into a TAR, beside what all do."""

SUBMODULE = "ROSTER.submodule"
"""The entry stands for another repository at this commit."""
CUT = "ROSTER.size"
"""The file is so large that only its beginning is there, or nothing."""
