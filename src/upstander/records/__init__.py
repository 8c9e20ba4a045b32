"""The event log of a school's matters: ``actions`` (deeds), ``queries`` (what screens read), ``forms`` (from the pack)."""
