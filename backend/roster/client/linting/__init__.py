"""The rules of the server, without a server: the same code on files that are here."""
