"""Bytes, stored once under their sha256: small ones in the database, large elsewhere.

Only this folder knows where they lie. Everybody else stages bytes before a
transaction, refers to them by digest in it, and reads them as a stream.
"""
