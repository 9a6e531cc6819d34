"""`roster` as people and CI use it: what is in a registry, in their folders.

A client like any other: it knows the API by what is documented of it, and nothing of
the server's inside. Only `linting/` shares code with the server: its rules.
"""
