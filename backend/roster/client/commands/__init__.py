"""One file for each command, or for few that belong together."""
