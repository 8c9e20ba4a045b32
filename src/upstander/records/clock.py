"""What time it is in a school (see ``people.clock``)."""

from upstander.people.clock import ahead, aware, civil, move_to, now, utcnow

__all__ = ["ahead", "aware", "civil", "move_to", "now", "utcnow"]
