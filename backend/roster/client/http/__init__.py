"""Asking a Roster: connections, patience, and what an answer means."""
