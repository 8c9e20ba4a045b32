"""What stops a command: said in a sentence, with the way on."""


class Cannot(Exception):
    """The command could not run; the text says why and what to do."""
