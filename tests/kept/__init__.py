"""Databases as the last release left them, how they were made, and the walk of the newest code."""
