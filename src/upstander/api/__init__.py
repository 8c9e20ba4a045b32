"""The interface for other programs, version 1: it reads what its person may read, and changes nothing."""
