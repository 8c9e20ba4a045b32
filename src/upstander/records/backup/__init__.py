"""Backup and restore: one encrypted file with every row, made while the system runs, read back into an empty database.

The file is our own and not the database's: it needs no program of the server, its rows are read in one snapshot, and it
restores into SQLite or PostgreSQL, whichever it came from. See ``docs/reliability.md``.
"""
