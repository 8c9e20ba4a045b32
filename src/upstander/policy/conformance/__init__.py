"""The columnar strategy: whole districts at once, over sorted columns of whole numbers. Only here NumPy and file readers live.

``columns`` (a log as numbers) · ``days`` (month arithmetic and school days as tables) · ``prepare`` (what counts, in chunks) ·
``chunk`` and ``keys`` (patterns, names, the one lookup) · ``facts`` and ``counts`` · ``due``, ``windows``, ``duties``,
``judging`` and ``states`` · ``limits`` and ``closing`` · ``plan`` and ``handing`` (what is left to the compiled strategy) ·
``versions`` · ``evaluate`` · ``pictures``.
"""
