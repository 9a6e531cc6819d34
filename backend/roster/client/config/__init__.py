"""Which Roster is meant, and what it is signed in with."""
