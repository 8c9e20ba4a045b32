"""The sealed bundle of one record: a ZIP that a stranger can check, with one file of Python and without this software."""
