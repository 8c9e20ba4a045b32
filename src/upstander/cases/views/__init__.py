"""The pages of this room: they parse and render, and hold no rule."""
