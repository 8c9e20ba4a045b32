"""Keeping: how long a record is kept, what holds it, and its destruction when the policy's period is over."""
