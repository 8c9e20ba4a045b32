"""A typed pack written back as text."""
