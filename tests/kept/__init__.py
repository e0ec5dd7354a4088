"""Databases as the last release left them, how they were made, and how the newest code is walked over them."""
