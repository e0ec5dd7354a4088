"""Tool: the site's database as one file, and back. No page imports it.

All but `actions` is plain Python; `actions` knows the settings.
"""
