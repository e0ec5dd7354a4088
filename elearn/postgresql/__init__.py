"""A database backend: Django's for PostgreSQL, with a time limit for answers. See `base`."""
