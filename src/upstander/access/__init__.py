"""Who may see and do what: ``access.viewer`` (who is looking), ``access.decide`` (the decisions), ``access.pages`` (decorators)."""
