"""The event log of a school's matters: ``records.actions`` (deeds), ``records.queries`` (readings), ``records.forms`` (from the pack)."""
