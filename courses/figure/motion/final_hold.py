"""How long a moving scene stays at its end.
A module of its own, so that `library` counts a scene's seconds without importing the drawing."""

FINAL_HOLD = 3.0
"""Seconds for which a moving scene holds its last keyframe."""
