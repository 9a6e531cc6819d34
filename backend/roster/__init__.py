"""Roster: a self-hosted registry for the building blocks of coding agents."""

__version__ = "0.1.0"
