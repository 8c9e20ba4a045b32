"""A person's own data on request: all that names them, with everybody else covered, for people and for machines."""
