"""The policy language: a school's written policy as typed data, and what it asks for.

Pure: no Django, no clock, no database, no network. Whoever calls brings the pack, the log, the calendar and the moment.
"""
