"""Tool: the site's database as one file, and back. No page imports it.

`archive`, `manifest`, `sqlite` and `postgresql` are plain Python; `actions` knows the settings.
"""
