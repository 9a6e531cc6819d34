"""Pure functions on bytes and text: what a definition file says and what is wrong.

Nothing here does I/O, knows HTTP or touches the database. To add a rule: one entry
in `rules.py`, and one function where its subject is checked: `text_checks.py` for the
text of any file, `components/kinds/agent_checks.py` for an agent's manifest and body.
"""
