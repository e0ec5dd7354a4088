"""How long a moving scene stays at its end. Apart from the drawing, for `library` counts its seconds without drawing it."""

FINAL_HOLD = 3.0
"""Seconds for which a moving scene holds its last moment."""
